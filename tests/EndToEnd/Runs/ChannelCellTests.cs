namespace BrainModular.EndToEnd.Runs;

/// <summary>A cell that the configuration puts together from ion channels: described, fitted by names such as leak.g, simulated and exported.</summary>
public sealed class ChannelCellTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void A_cell_of_channels_is_fitted_simulated_and_exported()
    {
        // The recorded cell is a passive membrane of 20 ms, 100 MOhm and -65 mV: at 1 uF/cm^2 that is 0.05 mS/cm^2 on 20,000 um^2.
        place.Write("cell.json", """
            {
              "stages": {
                "fit": {
                  "neuron": {
                    "type": "conductance-based",
                    "channels": [{ "type": "leak" }, { "type": "na-traub-miles", "gMax": "50 mS/cm2", "Vth": "-45 mV" }, { "type": "kd-traub-miles" }],
                  },
                  "free": ["leak.g", "leak.E", "area"],
                  "recording": { "path": "cell.nwb", "sweeps": { "train": "1" } },
                  "starts": 3,
                },
                "simulate": { "from": "fit", "stimulus": { "amplitude": "5 nA", "start": "5 ms" }, "duration": "40 ms", "timeStep": "0.01 ms" },
                "export": { "from": "fit" },
                "firing": { "type": "export", "from": "simulate" },
              },
            }
            """);
        var folder = place.Run("run", "cell.json", "--out", "out").Succeeded().LastLine;
        var stages = SummaryText.Read(folder)["stages"]!;
        var fitted = stages["fit"]!["parameters"]!;
        Assert.True((double)stages["fit"]!["loss"]! < 0.01, $"{stages["fit"]}");
        Assert.NotNull(fitted["leak.g"]);
        Assert.NotNull(fitted["leak.E"]);
        Assert.InRange((int)stages["simulate"]!["sweeps"]![0]!["spikes"]!, 1, 20);
        foreach (var export in new[] { "export", "firing" })
        {
            Assert.True((bool)stages[export]!["passed"]!, $"{stages[export]}");
            Assert.Equal(0, (int)stages[export]!["spikeDifferences"]!);
        }
    }

    [Fact]
    public void Channels_are_listed_and_describe_themselves()
    {
        Assert.Matches(@"\n  channel +na-traub-miles +Sodium of cortical cells", place.Run("plugins").Succeeded().Output);
        Assert.Matches(@"(?s)^channel cat-huguenard: .*q10Activation.*PMax.*permeability", place.Run("describe", "cat-huguenard").Succeeded().Output);
        Assert.Matches(@"(?s)^neuron conductance-based: .*temperature.*calcium.*area", place.Run("describe", "conductance-based").Succeeded().Output);
    }

    [Fact]
    public void A_channel_at_fault_is_named_with_its_place() => place.RefusesConfig(
        3, "BM2302", Workplace.Fit(neuron: """{ "type": "conductance-based", "channels": [{ "type": "leak", "g": "3 nS" }] }"""), "stages.fit.neuron.channels[0].g", "mS/cm^2");
}
