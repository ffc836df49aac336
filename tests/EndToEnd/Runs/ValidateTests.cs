namespace BrainModular.EndToEnd.Runs;

/// <summary>Checks of networks that take long to make.</summary>
public sealed class ValidateTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void Of_a_network_of_ten_billion_connections_what_can_be_known_is_known_at_once()
    {
        place.Write("large.json", Network(count: 1_000_000, probability: 0.01));
        var outcome = place.Run("validate", "large.json").Succeeded();
        Assert.Contains("large.json is valid: simulate\nonly the first 1000000 connections of E-E were looked at", outcome.Output, StringComparison.Ordinal);
        place.Write("small.json", Network(count: 1000, probability: 0.5));
        Assert.EndsWith("small.json is valid: simulate\n", place.Run("validate", "small.json").Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_faults_are_those_of_a_small_one()
    {
        foreach (var count in new[] { 1000, 1_000_000 })
        {
            var sound = Network(count, probability: 0.01);
            place.Write("parameter.json", sound.Replace("\"EL\"", "\"ELL\"", StringComparison.Ordinal));
            place.Refuses(3, "BM2301", ["ELL"], "validate", "parameter.json");
            place.Write("probability.json", sound.Replace("0.01", "1.01", StringComparison.Ordinal));
            place.Refuses(3, "BM2005", ["probability"], "validate", "probability.json");
            place.Write("delay.json", sound.Replace("\"weights\"", "\"delay\": { \"normal\": [\"90 s\", \"1 ms\"] }, \"weights\"", StringComparison.Ordinal));
            place.Refuses(3, "BM2650", ["delay"], "validate", "delay.json");
        }
    }

    private static string Network(int count, double probability) => FormattableString.Invariant($$"""
        {
          "stages": { "simulate": { "duration": "10 ms", "network": {
            "synapses": { "exc": { "type": "exponential-current" } },
            "populations": { "E": { "count": {{count}}, "neuron": { "type": "leaky-integrate-and-fire", "parameters": { "EL": "-65 mV" } } } },
            "projections": { "E-E": { "from": "E", "to": "E", "synapse": "exc", "connectome": { "type": "fixed-probability", "probability": {{probability}} }, "weights": { "distribution": "normal", "mean": 1, "sd": 0.1 }, "trainable": false } }
          } } }
        }
        """);
}
