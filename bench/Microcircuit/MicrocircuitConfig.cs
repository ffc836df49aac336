using System.Globalization;
using System.Text.Json.Nodes;
using static BrainModular.Bench.Microcircuit.Microcircuit;

namespace BrainModular.Bench.Microcircuit;

/// <summary>
/// The microcircuit as an experiment. With fewer cells and as many fewer connections, weights grow by the root of the scale, and a constant current keeps the mean input
/// as it is (van Albada et al. 2015, DOI 10.1371/journal.pcbi.1004490).
/// </summary>
internal static class MicrocircuitConfig
{
    private const double TauM = 10;
    private const double TauSynapse = 0.5;
    private const double Capacitance = 250;
    private const double Rest = -65;
    private const double WarmUp = 0.5;

    public static JsonObject Of(double scale, double seconds)
    {
        var counts = Counts.Select(n => (int)Math.Round(n * scale)).ToArray();
        var (inputs, populations, projections) = (new JsonObject(), new JsonObject(), new JsonObject());
        for (var target = 0; target < Populations.Count; target++)
        {
            var (name, background) = (Populations[target], $"background-{Populations[target]}");
            inputs[background] = new JsonObject { ["count"] = counts[target], ["poisson"] = Text(External[target] * scale * BackgroundRate, "Hz") };
            populations[name] = Population(counts[target], Rest + (Compensation(target, scale) * TauM / Capacitance));
            projections[$"input-{name}"] = new JsonObject
            {
                ["from"] = background, ["to"] = name, ["synapse"] = "current", ["connectome"] = new JsonObject { ["type"] = "one-to-one" }, ["delay"] = "1.5 ms",
                ["weights"] = new JsonObject { ["distribution"] = "constant", ["value"] = Current(Psp) / Math.Sqrt(scale), ["unit"] = "1 pA" }, ["trainable"] = false,
            };
            for (var source = 0; source < Populations.Count; source++)
            {
                var connections = (long)Math.Round(Connections(target, source) * scale * scale);
                if (connections > 0)
                {
                    projections[$"{Populations[source]}-{name}"] = Projection(target, source, connections, Current(PspOf(target, source)) / Math.Sqrt(scale));
                }
            }
        }

        return new()
        {
            ["name"] = "microcircuit",
            ["description"] = string.Create(CultureInfo.InvariantCulture, $"The cortical microcircuit of Potjans and Diesmann 2014 (10.1093/cercor/bhs358) at scale {scale}."),
            ["seed"] = 1,
            ["stages"] = new JsonObject
            {
                ["simulate"] = new JsonObject
                {
                    ["duration"] = Text(WarmUp + seconds, "s"),
                    ["inputs"] = inputs,
                    ["record"] = new JsonObject { ["warmUp"] = Text(WarmUp, "s"), ["rates"] = "5 ms" },
                    ["network"] = new JsonObject
                    {
                        ["timeStep"] = "0.1 ms",
                        ["integrator"] = "rk4",
                        ["synapses"] = new JsonObject { ["current"] = new JsonObject { ["type"] = "exponential-current", ["parameters"] = new JsonObject { ["tau"] = Text(TauSynapse, "ms") } } },
                        ["populations"] = populations,
                        ["projections"] = projections,
                    },
                },
            },
        };
    }

    private static JsonObject Population(int count, double rest) => new()
    {
        ["count"] = count,
        ["neuron"] = new JsonObject
        {
            ["type"] = "leaky-integrate-and-fire",
            ["parameters"] = new JsonObject
            {
                ["tauM"] = Text(TauM, "ms"), ["R"] = Text(1000 * TauM / Capacitance, "MOhm"), ["EL"] = Text(Math.Round(rest, 6), "mV"),
                ["Vth"] = "-50 mV", ["Vreset"] = "-65 mV", ["tref"] = "2 ms",
            },
        },
        ["initial"] = new JsonObject { ["V"] = new JsonObject { ["normal"] = new JsonArray("-58 mV", "10 mV") } },
    };

    private static JsonObject Projection(int target, int source, long connections, double current) => new()
    {
        ["from"] = Populations[source],
        ["to"] = Populations[target],
        ["synapse"] = "current",
        ["connectome"] = new JsonObject { ["type"] = "fixed-total-number", ["connections"] = connections },
        ["delay"] = new JsonObject { ["normal"] = IsExcitatory(source) ? new JsonArray("1.5 ms", "0.75 ms") : new JsonArray("0.75 ms", "0.375 ms") },
        ["weights"] = new JsonObject { ["mean"] = Math.Round(current, 6), ["sd"] = Math.Round(Math.Abs(current) * RelativeDeviation, 6), ["unit"] = "1 pA" },
        ["sign"] = IsExcitatory(source) ? "positive" : "negative",
        ["trainable"] = false,
    };

    /// <summary>How many connections the full-scale network has: p = 1 - (1 - 1 / pairs)^K.</summary>
    private static double Connections(int target, int source)
    {
        var pairs = (double)Counts[target] * Counts[source];
        return Probabilities[target][source] is var p and > 0 ? Math.Round(Math.Log(1 - p) / Math.Log(1 - (1 / pairs))) : 0;
    }

    /// <summary>The peak current in pA of an exponential current whose potential peaks at a value in mV.</summary>
    private static double Current(double psp)
    {
        var ratio = TauM / TauSynapse;
        return psp * Capacitance * (TauM - TauSynapse) / (TauM * TauSynapse)
            / (Math.Pow(ratio, -TauSynapse / (TauM - TauSynapse)) - Math.Pow(ratio, -TauM / (TauM - TauSynapse)));
    }

    /// <summary>The current in pA that makes up for connections that are not there.</summary>
    private static double Compensation(int target, double scale)
    {
        var (missing, seconds) = (1 - Math.Sqrt(scale), TauSynapse / 1000);
        var recurrent = Enumerable.Range(0, Populations.Count).Sum(s => Current(PspOf(target, s)) * Connections(target, s) / Counts[target] * Rates[s]);
        return missing * seconds * (recurrent + (Current(Psp) * External[target] * BackgroundRate));
    }

    private static string Text(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:R} {unit}");
}
