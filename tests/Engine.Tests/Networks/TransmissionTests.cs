using System.Numerics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Networks.Delivery;
using Xunit;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>Delivery, its adjoint and the gradient of weights, against plain sums.</summary>
public sealed unsafe class TransmissionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(48)]
    public void Dense_weights_carry_what_plain_sums_give_at_every_number_of_targets(int lanes)
    {
        for (var targets = 1; targets <= 35; targets++)
        {
            Check<float>(13, targets, lanes, Precision.Single, 1e-5, isCrowded: false);
            Check<double>(13, targets, lanes, Precision.Double, 1e-13, isCrowded: false);
            Check<float>(13, targets, lanes, Precision.Single, 1e-5, isCrowded: true);
            Check<double>(13, targets, lanes, Precision.Double, 1e-13, isCrowded: true);
        }

        // More targets than stay in registers, and than an adjoint takes at a time.
        Check<float>(13, 450, lanes, Precision.Single, 1e-4, isCrowded: false);
        Check<double>(13, 450, lanes, Precision.Double, 1e-12, isCrowded: false);
        Check<float>(300, 20, lanes, Precision.Single, 1e-4, isCrowded: true);
        Check<double>(300, 20, lanes, Precision.Double, 1e-12, isCrowded: true);
    }

    [Fact]
    public void Adjoints_of_a_run_go_back_over_the_weights_of_that_run()
    {
        const int Sources = 130;
        const int Targets = 5;
        var stride = Transmission<double>.StrideOf(Targets);
        using var weights = new RowBuffer(1, Sources * stride, Precision.Double);
        using var adjoint = new RowBuffer(1, stride, Precision.Double);
        using var sent = new RowBuffer(3, Sources, Precision.Double);
        adjoint.Fill(0, 1);
        var dense = new DenseTransmission<double>(Sources, Targets, 1);
        for (var run = 0; run < 2; run++)
        {
            weights.Fill(0, run + 1);
            dense.BeginBackward((double*)weights.Row(0), isAllNeeded: true);
            dense.Backward((double*)weights.Row(0), (double*)adjoint.Row(0), null, (double*)sent.Row(run), dense.All);
        }

        weights.Fill(0, 3);
        dense.BeginBackward((double*)weights.Row(0), isAllNeeded: false);
        dense.Backward((double*)weights.Row(0), (double*)adjoint.Row(0), null, (double*)sent.Row(2), dense.All);
        for (var unit = 0; unit < Sources; unit++)
        {
            Assert.Equal((Targets, 2 * Targets, 3 * Targets), (sent[0, unit], sent[1, unit], sent[2, unit]));
        }
    }

    /// <summary>Targets in two bytes and in four, one lane, all targets and a part of them; more units send than rows are asked for ahead.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Short_targets_carry_what_long_ones_do(bool isShared)
    {
        const int Sources = 40;
        const int Targets = 50;
        var random = new System.Random(7);
        int[][] rows = [.. Enumerable.Range(0, Sources).Select(_ => Enumerable.Range(0, Targets).Where(_ => random.NextDouble() < 0.4).ToArray())];
        var starts = new long[Sources + 1];
        for (var s = 0; s < Sources; s++)
        {
            starts[s + 1] = starts[s] + rows[s].Length;
        }

        var all = new Connections(Sources, Targets, starts, [.. rows.SelectMany(static r => r)], []);
        using var weights = Row(all.Count, Precision.Double, _ => random.NextDouble());
        using var sent = Row(Sources, Precision.Double, i => i % 4 == 1 ? 0 : random.NextDouble());
        using var log = new EventLog<double>(1, Sources, 1, counted: false);
        log.Keep(0, (double*)sent.Row(0));
        foreach (var range in new UnitRange[] { new(0, Targets), new(16, 34) })
        {
            var part = range.First == 0 ? RowPart.Whole(all) : RowPart.Within([RowPart.Whole(all)], range, all)[0];
            using var ports = new RowBuffer(2, range.Count, Precision.Double);
            ushort[]?[] shorter = [null, [.. all.Target.Select(static t => (ushort)t)]];
            for (var way = 0; way < 2; way++)
            {
                var sparse = new SparseTransmission<double>(all, RowPart.Whole(all), isShared, 1, part, shorter[way]);
                sparse.Ask((double*)weights.Row(0), log.At(0));
                sparse.Forward((double*)weights.Row(0), log.At(0), (double*)ports.Row(way), null);
            }

            for (var t = range.First; t < range.End; t++)
            {
                var expected = 0.0;
                for (var s = 0; s < Sources; s++)
                {
                    var place = Array.IndexOf(rows[s], t);
                    expected += place < 0 ? 0 : sent[0, s] * weights[0, isShared ? 0 : starts[s] + place];
                }

                Assert.Equal(expected, ports[0, t - range.First], 1e-13);
                Assert.Equal(ports[0, t - range.First], ports[1, t - range.First]);
            }
        }
    }

    private static void Check<T>(int sources, int targets, int lanes, Precision precision, double tolerance, bool isCrowded)
        where T : unmanaged, INumberBase<T>
    {
        var random = new System.Random(targets);
        var stride = Transmission<T>.StrideOf(targets);
        using var weights = new RowBuffer(1, (long)sources * stride, precision);
        using var gradient = new RowBuffer(1, (long)sources * stride, precision);
        using var graded = new RowBuffer(2, (long)sources * stride, precision);
        using var sent = Row(sources * lanes, precision, i => (i / lanes % 3 == 1) == isCrowded ? 0 : random.NextDouble());
        using var port = new RowBuffer(1, targets * lanes, precision);
        using var scratch = new RowBuffer(lanes, stride, precision);
        using var adjoint = Row(targets * lanes, precision, _ => random.NextDouble() - 0.5);
        using var back = new RowBuffer(4, sources * lanes, precision);
        using var across = new RowBuffer(1, (long)lanes * stride, precision);
        for (var i = 0; i < sources * targets; i++)
        {
            weights[0, (i / targets * stride) + (i % targets)] = random.NextDouble() - 0.5;
        }

        using var log = new EventLog<T>(1, sources, lanes, counted: false);
        log.Keep(0, (T*)sent.Row(0));
        LaneTranspose.Write((T*)adjoint.Row(0), (T*)across.Row(0), targets, lanes, stride);
        var dense = new DenseTransmission<T>(sources, targets, lanes);
        int[] some = [0, 2, 3, 7, 8, 11];
        bool IsNeeded(int unit, int lane) => some.Contains(unit) && (!isCrowded || lane % 5 != unit % 4);
        dense.Forward((T*)weights.Row(0), log.At(0), (T*)port.Row(0), (T*)scratch.Row(0));
        dense.Gradient((T*)gradient.Row(0), log.At(0), (T*)across.Row(0));
        dense.EndGradient((T*)gradient.Row(0));
        dense.Gradient((T*)graded.Row(0), (T*)sent.Row(0), (T*)adjoint.Row(0), (T*)scratch.Row(0));
        var all = new Connections(sources, targets, [.. Enumerable.Range(0, sources + 1).Select(s => (long)s * targets)], [.. Enumerable.Range(0, sources * targets).Select(i => i % targets)], []);
        new SparseTransmission<T>(all, RowPart.Whole(all), isShared: false, lanes, RowPart.Whole(all)).Gradient((T*)graded.Row(1), (T*)sent.Row(0), (T*)adjoint.Row(0), (T*)scratch.Row(0));
        dense.Backward((T*)weights.Row(0), (T*)adjoint.Row(0), null, (T*)back.Row(0), dense.All);
        using var slope = Row(sources * lanes, precision, i => IsNeeded(i / lanes, i % lanes) ? 1 : 0);
        using var slopes = new UnitLog(1, sources, lanes);
        slopes.Keep(0, (T*)slope.Row(0));
        var needed = slopes.At(0);
        Assert.Equal(some.Sum(s => Enumerable.Range(0, lanes).Count(lane => IsNeeded(s, lane))), needed.Numbers);
        dense.Backward((T*)weights.Row(0), (T*)adjoint.Row(0), dense.IsByLanes(needed) ? (T*)across.Row(0) : null, (T*)back.Row(1), needed);

        // A run whose every adjoint matters goes back over weights made ready for it, one way and then the other.
        dense.BeginBackward((T*)weights.Row(0), isAllNeeded: true);
        dense.Backward((T*)weights.Row(0), (T*)adjoint.Row(0), null, (T*)back.Row(2), dense.All);
        dense.Backward((T*)weights.Row(0), (T*)adjoint.Row(0), null, (T*)back.Row(3), dense.All);

        for (var lane = 0; lane < lanes; lane++)
        {
            double Weight(int s, int t) => weights[0, ((long)s * stride) + t];
            double Sent(int s) => sent[0, (s * lanes) + lane];
            double Adjoint(int t) => adjoint[0, (t * lanes) + lane];
            for (var t = 0; t < targets; t++)
            {
                Assert.Equal(Enumerable.Range(0, sources).Sum(s => Weight(s, t) * Sent(s)), port[0, (t * lanes) + lane], tolerance);
            }

            for (var s = 0; s < sources; s++)
            {
                var expected = Enumerable.Range(0, targets).Sum(t => Weight(s, t) * Adjoint(t));
                Assert.All([0, 2, 3], way => Assert.Equal(expected, back[way, (s * lanes) + lane], tolerance));
                if (!some.Contains(s) || IsNeeded(s, lane) || dense.IsByLanes(needed))
                {
                    Assert.Equal(IsNeeded(s, lane) ? expected : 0, back[1, (s * lanes) + lane], tolerance);
                }
            }
        }

        for (var i = 0; i < sources * targets; i++)
        {
            var (s, t) = (i / targets, i % targets);
            var expected = Enumerable.Range(0, lanes).Sum(lane => sent[0, (s * lanes) + lane] * adjoint[0, (t * lanes) + lane]);
            Assert.Equal(expected, gradient[0, ((long)s * stride) + t], tolerance * lanes);
            Assert.Equal(expected, graded[0, ((long)s * stride) + t], tolerance * lanes);
            Assert.Equal(expected, graded[1, i], tolerance * lanes);
        }
    }

    /// <summary>A row whose padding is not a number: what pads a row counts for nothing.</summary>
    private static RowBuffer Row(int count, Precision precision, Func<int, double> value)
    {
        var row = new RowBuffer(1, count, precision);
        row.Fill(0, double.NaN);
        for (var i = 0; i < count; i++)
        {
            row[0, i] = value(i);
        }

        return row;
    }
}
