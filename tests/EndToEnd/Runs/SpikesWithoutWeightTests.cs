namespace BrainModular.EndToEnd.Runs;

/// <summary>A loss that reads recorded spikes where samples near them have no weight.</summary>
public sealed class SpikesWithoutWeightTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Theory]
    [InlineData("spike-aware", 0, true)]
    [InlineData("spike-aware", 0.5, false)]
    [InlineData("voltage-mean-squared-error", 0, false)]
    public void It_is_warned_of(string loss, double weight, bool isWarned)
    {
        place.Write("fit.json", Workplace.Fit(keys: string.Create(System.Globalization.CultureInfo.InvariantCulture, $$""" "loss": { "type": "{{loss}}" }, "spikeWeight": {{weight}}, """)));
        var outcome = place.Run("run", "fit.json", "--out", "out").Succeeded();
        Assert.Equal(isWarned, outcome.Error.Contains("fit: warning: BM2726", StringComparison.Ordinal));
        Assert.Equal(isWarned, SummaryText.Read(place["out"])["stages"]!["fit"]!["warnings"]!.AsArray().Any(static w => ((string)w!).Contains("spikes have no weight", StringComparison.Ordinal)));
    }
}
