using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Networks.Delivery;
using Xunit;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>What is kept of a row is what of it is not 0, however the log lays it out.</summary>
public sealed unsafe class EventLogTests
{
    [Theory]
    [InlineData(1, false, false)]
    [InlineData(1, true, false)]
    [InlineData(1, false, true)]
    [InlineData(1, true, true)]
    [InlineData(3, true, true)]
    public void Each_of_the_last_steps_has_its_own_units_and_values(int lanes, bool areOnes, bool isShared)
    {
        const int Units = 150;
        const int FirstUnit = 32;
        foreach (var slots in new[] { 3, 4 })
        {
            var random = new System.Random(slots);
            using var log = new EventLog<float>(slots, Units, lanes, counted: true, FirstUnit, areOnes, isShared);
            var kept = new List<float[]>();
            for (var step = 0; step < 11; step++)
            {
                using var row = new RowBuffer(1, Units * lanes, Precision.Single);
                for (var i = 0; i < Units * lanes; i++)
                {
                    row[0, i] = random.Next(5) > 0 ? 0 : areOnes ? 1 : 1 + i;
                }

                kept.Add([.. Enumerable.Range(0, Units * lanes).Select(i => (float)row[0, i])]);
                log.Keep(step, (float*)row.Row(0));
                for (var past = Math.Max(0, step - slots + 1); past <= step; past++)
                {
                    log.Ask(past);
                    var events = log.At(past);
                    var units = Enumerable.Range(0, Units).Where(u => Enumerable.Range(0, lanes).Any(lane => kept[past][(u * lanes) + lane] != 0)).ToArray();
                    Assert.Equal(units.Select(static u => FirstUnit + u), new ReadOnlySpan<int>(events.Units, events.Count).ToArray());
                    Assert.Equal(units.SelectMany(u => kept[past].Skip(u * lanes).Take(lanes)), new ReadOnlySpan<float>(events.Values, events.Count * lanes).ToArray());
                }
            }

            Assert.Equal(Enumerable.Range(0, lanes).Select(lane => kept.Sum(row => (long)row.Where((v, i) => i % lanes == lane && v != 0).Count())), log.Totals);
            log.Reset();
            Assert.All(Enumerable.Range(0, slots), slot => Assert.Equal(0, log.At(slot).Count));
        }
    }
}
