using BrainModular.Export.Networks;

namespace BrainModular.Export.Checking;

/// <summary>Runs a network's step model from the engine's states at every step, many steps at once as lanes.</summary>
internal sealed class TaughtNetwork(OnnxSession session, NetworkReference reference)
{
    private const long NumbersAtOnce = 1 << 22;

    /// <summary>The largest difference of each state.</summary>
    public Dictionary<(string Population, string State), double> Differences { get; } =
        (from population in reference.Model.Populations from state in population.Step.States select (population.Name, state)).ToDictionary(static key => key, static _ => 0.0);

    public long SpikeDifferences { get; private set; }

    public long MarginalSpikeDifferences { get; private set; }

    public void Check(CancellationToken cancel)
    {
        var numbers = NetworkValues.Of(reference.Model) is var values ? values.States.Concat(values.Rows).Sum(static value => value.Width * (value.Depth ?? 1)) : 0;
        var atOnce = (int)Math.Clamp(NumbersAtOnce / numbers, 1, 1 << 14);
        var all = reference.Steps * reference.Lanes;
        for (var first = 0; first < all; first += atOnce)
        {
            cancel.ThrowIfCancellationRequested();
            Check([.. Enumerable.Range(first, Math.Min(atOnce, all - first))]);
        }
    }

    private void Check(int[] places)
    {
        var results = Run(places, nudge: 0);
        var left = Enumerable.Range(0, places.Length).ToHashSet();
        foreach (var population in reference.Model.Populations)
        {
            // Where a spike differs, what it does to populations further on in the same step is no fault of theirs.
            var different = Different(population, results, places).Where(at => left.Contains(at.Lane)).ToArray();
            left.ExceptWith(different.Select(static at => at.Lane));
            SpikeDifferences += different.Length;
            MarginalSpikeDifferences += Marginal(population, places, different);
            foreach (var state in population.Step.States)
            {
                Compare(population, state, results, places, left);
            }
        }
    }

    private void Compare(PopulationModel population, string state, IReadOnlyDictionary<string, OnnxRow> results, int[] places, HashSet<int> lanes)
    {
        var computed = results[NetworkNames.Next(NetworkNames.State(population.Name, state))].Elements;
        var expected = reference.After(population.Name, state, places);
        var largest = Differences[(population.Name, state)];
        foreach (var lane in lanes)
        {
            for (var at = lane * population.Units; at < (lane + 1) * population.Units; at++)
            {
                largest = Math.Max(largest, OnnxCheck.Differences.Between(computed[at], expected[at]));
            }
        }

        Differences[(population.Name, state)] = largest;
    }

    /// <summary>Units of which a spike differs, by lane.</summary>
    private IEnumerable<(int Lane, int Unit)> Different(PopulationModel population, IReadOnlyDictionary<string, OnnxRow> results, int[] places)
    {
        var rows = population.Spikes.Select(spike => (
            Computed: results[NetworkNames.Spikes(population.Name, spike)].Elements,
            Expected: NetworkReference.Take(reference.Sent(population.Name, spike), places, population.Units))).ToArray();
        return from at in Enumerable.Range(0, places.Length * population.Units)
               where rows.Any(row => row.Computed[at] != row.Expected[at])
               select (at / population.Units, at % population.Units);
    }

    /// <summary>How many of the differences are gone when membrane potentials are moved by a little either way.</summary>
    private int Marginal(PopulationModel population, int[] places, (int Lane, int Unit)[] different)
    {
        if (different.Length == 0)
        {
            return 0;
        }

        int[] lanes = [.. different.Select(static at => at.Lane).Distinct()];
        int[] again = [.. lanes.Select(lane => places[lane])];
        HashSet<(int, int)> Still(double nudge) => [.. Different(population, Run(again, nudge), again).Select(at => (lanes[at.Lane], at.Unit))];
        var (lower, higher) = (Still(-OnnxCheck.Nudge), Still(OnnxCheck.Nudge));
        return different.Count(at => !lower.Contains(at) || !higher.Contains(at));
    }

    private IReadOnlyDictionary<string, OnnxRow> Run(int[] places, double nudge)
    {
        var inputs = reference.States(places, nudge);
        foreach (var (name, width, elements) in reference.Rows)
        {
            inputs[name] = new([places.Length, width], NetworkReference.Take(elements, places, width));
        }

        return session.Run(inputs, [.. session.Outputs.Where(static name => !name.StartsWith("delay.", StringComparison.Ordinal))]);
    }
}
