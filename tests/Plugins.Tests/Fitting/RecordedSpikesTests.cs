using BrainModular.Engine.Fitting;
using BrainModular.Plugins.Recordings;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Spikes of real current-clamp recordings.</summary>
public sealed class RecordedSpikesTests
{
    [SkippableFact]
    public void Interneuron_fires_more_with_more_current_from_none_to_46_spikes()
    {
        var counts = Counts(RealData.Require("icephys-lantyer2018", "LantyerEtAl2018_180817_ME_9_CC.nwb"));
        Assert.Equal(10, counts.Count);
        Assert.Equal(counts.Order(), counts.OrderBy(static c => c.Spikes));
        Assert.Equal([0, 0, 0], counts.Take(3).Select(static c => c.Spikes));
        Assert.Equal(7, counts.Skip(3).Select(static c => c.Spikes).Distinct().Count());
        Assert.Equal(46, counts[9].Spikes);
    }

    /// <summary>Pulses of -49 to 251 pA, 25 pA apart (the measured current has artefacts of spikes); the trains get longer up to the eighth sweep.</summary>
    [SkippableFact]
    public void Pyramidal_cell_fires_a_few_spikes_more_from_sweep_to_sweep()
    {
        var counts = Counts(RealData.Require("icephys-ferguson2015", "FergusonEtAl2015_PYR2.nwb"));
        Assert.Equal(13, counts.Count);
        Assert.Equal([0, 0], counts.Take(2).Select(static c => c.Spikes));
        Assert.All(counts.Skip(2), static c => Assert.InRange(c.Spikes, 1, 12));
        Assert.All(counts.Select(static (c, i) => (c.Current, Nominal: -0.0488 + (0.025 * i))), static p => Assert.Equal(p.Nominal, p.Current, 0.01));
        Assert.All(counts.Take(7).Zip(counts.Skip(1)), static pair => Assert.True(pair.First.Spikes <= pair.Second.Spikes));
    }

    /// <summary>The mean current in nA from 30 to 45 % of the sweep, where the steps are on, and the number of spikes.</summary>
    private static IReadOnlyList<(double Current, int Spikes)> Counts(string path)
    {
        using var recording = new NwbRecordingLoader().Open(path);
        return [.. recording.Sweeps.Select(s => recording.Read(s)).Select(static d =>
            (d.Current[(d.Current.Length * 3 / 10)..(d.Current.Length * 9 / 20)].Average(), SpikeDetector.Detect(d.Potential, 1000 / d.Sweep.SamplingRate).Length))];
    }
}
