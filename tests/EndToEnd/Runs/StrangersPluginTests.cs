namespace BrainModular.EndToEnd.Runs;

/// <summary>The example of a plugin that the host does not know: found in every place, fitted and exported as a built-in one.</summary>
public sealed class StrangersPluginTests : IDisposable
{
    private const string Neuron = "adaptive-quadratic";
    private static readonly string Built = Path.Combine(RealData.Repository, "examples", "custom-plugin", "plugins", "QuadraticIntegrateAndFire");

    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void The_built_in_plugins_are_listed_with_version_path_and_offers()
    {
        var listed = place.Run("plugins").Succeeded().Output;
        Assert.All(
            (string[])["hodgkin-huxley", "hodgkin-huxley-1952", "generalized-integrate-and-fire", "leaky-integrate-and-fire", "l-bfgs-b", "adam", "voltage-mean-squared-error", "nwb"],
            name => Assert.Matches($@"\n  \w+ +{name} ", listed));
        Assert.Matches(@"(^|\n)BrainModular\.Plugins\.Neurons 0\.1\.0 \(contracts 1\.0, built in\)\n  /.*/BrainModular\.Plugins\.Neurons\.dll\n", listed);
        Assert.DoesNotContain(Neuron, listed, StringComparison.Ordinal);
        Assert.DoesNotContain("FAILED", listed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--plugin")]
    [InlineData("$BRAINMODULAR_PLUGINS")]
    [InlineData("beside the configuration")]
    [InlineData("configuration")]
    public void A_stranger_s_plugin_is_found(string source)
    {
        var config = place.Write("config.json", Workplace.Fit());
        (string, string)[] environment = [];
        string[] command = ["plugins", config];
        switch (source)
        {
            case "--plugin":
                command = ["plugins", "--plugin", Path.Combine(Built, "QuadraticIntegrateAndFire.dll")];
                break;
            case "$BRAINMODULAR_PLUGINS":
                environment = [("BRAINMODULAR_PLUGINS", Built)];
                break;
            case "configuration":
                CopyPlugin("mine");
                place.Write("config.json", Workplace.Fit().Replace("\"stages\"", "\"plugins\": [\"mine\"], \"stages\"", StringComparison.Ordinal));
                break;
            default:
                CopyPlugin("plugins/Quadratic");
                break;
        }

        var listed = Brain.Run(place.Root, environment, command).Succeeded().Output;
        Assert.Contains($"\nQuadraticIntegrateAndFire 0.1.0 (contracts 1.0, {source})\n", listed, StringComparison.Ordinal);
        Assert.Matches($@"\n  neuron +{Neuron} ", listed);
    }

    [Fact]
    public void A_stranger_s_neuron_is_fitted_and_exported_and_its_run_repeated_from_the_resolved_configuration()
    {
        CopyPlugin("plugins/Quadratic");
        place.Write("config.json", Workplace.Fit(neuron: $$"""{ "type": "{{Neuron}}", "adaptation": true }""", after: """ "export": { "from": "fit" } """));
        place.Run("run", "config.json", "--out", "out").Succeeded();
        var stages = SummaryText.Read(place["out"])["stages"]!;
        Assert.True((double)stages["fit"]!["loss"]! < (double)stages["fit"]!["initialLoss"]!);
        Assert.NotNull(stages["fit"]!["parameters"]!["tauW"]);
        Assert.InRange((double)stages["export"]!["maxAbsDifference"]!, 0, 1e-3);
        Assert.True(File.Exists(place["out/model.seq.onnx"]));

        File.Delete(place["config.json"]);
        place.Run("run", "out/resolved.json", "--out", "again").Succeeded();
        Assert.Equal(SummaryText.WithoutSeconds(place["out"]), SummaryText.WithoutSeconds(place["again"]));
    }

    [Fact]
    public void The_example_of_a_plugin_runs_as_its_page_says()
    {
        var folder = place.Run("run", Path.Combine(RealData.Repository, "examples", "custom-plugin", "experiment.json"), "--out", "out").Succeeded().LastLine;
        Assert.True((int)SummaryText.Read(folder)["stages"]!["simulate"]!["sweeps"]![0]!["spikes"]! > 0);
    }

    private void CopyPlugin(string folder)
    {
        Directory.CreateDirectory(place[folder]);
        foreach (var file in Directory.EnumerateFiles(Built))
        {
            File.Copy(file, Path.Combine(place[folder], Path.GetFileName(file)));
        }
    }
}
