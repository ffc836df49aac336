using BrainModular.Engine.Networks;
using BrainModular.Host.Configuration;
using BrainModular.Models;
using BrainModular.Random;

namespace BrainModular.Host.Composition.Networks;

/// <summary>The weights that projections start with.</summary>
internal sealed class WeightComposer(Rescaling? rescaling, Faults faults)
{
    private static readonly Dictionary<string, (DistributionShape? Shape, string[] Needed, string[] Allowed)> Table = new()
    {
        ["constant"] = (DistributionShape.Constant, ["value"], []),
        ["normal"] = (DistributionShape.Normal, [], ["mean", "sd", "scale"]),
        ["uniform"] = (DistributionShape.Uniform, ["low", "high"], []),
        ["lognormal"] = (DistributionShape.LogNormal, ["mean", "sd"], []),
        ["connectome"] = (null, [], []),
    };

    /// <summary>What a weight of 1 is in engine units; null after a fault was added.</summary>
    public double? Unit(WeightsConfig weights, InputPort port)
    {
        if (weights.Unit is not { } given)
        {
            return rescaling?.Of(port.Weight.Dimension)?.One ?? port.Weight.ToEngine;
        }

        if (given.Dimension == port.Weight.Dimension)
        {
            return given.InEngineUnits;
        }

        faults.Add(
            "BM2612", $"a weight of 1 is given as '{given}', which has the dimension {given.Dimension}", weights.Section.PlaceOf("unit"),
            $"a quantity of the dimension {port.Weight.Dimension}, such as \"1 {port.Weight.Symbol}\"", "give it a unit that fits, or leave it out");
        return null;
    }

    /// <summary>Whether the keys are those of the distribution and fit together; else faults are added.</summary>
    public bool Check(WeightsConfig weights)
    {
        var before = faults.Found.Count;
        var (shape, needed, allowed) = Table[weights.Shape];
        foreach (var key in Table.Values.SelectMany(static t => t.Needed.Concat(t.Allowed)).Distinct())
        {
            var isGiven = weights.Number(key) is not null;
            if (isGiven && !needed.Contains(key) && !allowed.Contains(key))
            {
                faults.Add("BM2611", $"weights of the distribution {weights.Shape} have no '{key}'", weights.Section.PlaceOf(key), Keys(needed, allowed), "remove it, or choose another 'distribution'");
            }
            else if (!isGiven && needed.Contains(key))
            {
                faults.Add("BM2611", $"weights of the distribution {weights.Shape} need a '{key}'", weights.Place, Keys(needed, allowed), "add it");
            }
        }

        if (shape == DistributionShape.Normal && (weights.Number("sd") is null) == (weights.Number("scale") is null))
        {
            faults.Add("BM2611", "weights of the distribution normal need either 'sd' or 'scale'", weights.Place, "one of the two", "add or remove one, or set 'distribution' to \"connectome\" for the weights that the connections have");
        }

        if (faults.Found.Count == before && shape is not null && Of(weights, 1).Fault is { } fault)
        {
            faults.Add("BM2601", $"weights: {fault}", weights.Place, "low <= high, and a mean above 0 where they are lognormal", "correct the numbers");
        }

        return faults.Found.Count == before;
    }

    /// <summary>Draws weights, one for each connection, in multiples of their unit.</summary>
    /// <param name="weights">What they are like.</param>
    /// <param name="connections">The connections with their own weights, in engine units.</param>
    /// <param name="unit">What a weight of 1 is in engine units.</param>
    /// <param name="random">A stream of its own.</param>
    /// <param name="mayShare">Whether a single weight may stand for all where they are the same.</param>
    public static float[] Draw(WeightsConfig weights, Connections connections, double unit, IRandomStream random, bool mayShare)
    {
        if (mayShare && Table[weights.Shape].Shape == DistributionShape.Constant)
        {
            return [(float)Of(weights, 1).Draw(random)];
        }

        if (Table[weights.Shape].Shape is null)
        {
            return [.. connections.Weight.Select(w => (float)(w / unit))];
        }

        var distribution = Of(weights, (double)connections.Count / connections.Targets);
        var drawn = new float[connections.Count];
        for (var i = 0; i < drawn.Length; i++)
        {
            drawn[i] = (float)distribution.Draw(random);
        }

        return drawn;
    }

    private static Distribution Of(WeightsConfig weights, double fanIn)
    {
        double Number(string key) => weights.Number(key) ?? 0;
        return weights.Shape switch
        {
            "constant" => new(DistributionShape.Constant, Number("value"), 0),
            "uniform" => new(DistributionShape.Uniform, Number("low"), Number("high")),
            "lognormal" => new(DistributionShape.LogNormal, Number("mean"), Number("sd")),
            _ => new(DistributionShape.Normal, Number("mean"), weights.Number("sd") ?? Math.Sqrt(Number("scale") / Math.Max(1, fanIn))),
        };
    }

    private static string Keys(string[] needed, string[] allowed) =>
        needed.Length + allowed.Length == 0 ? "no further keys but 'unit'" : $"the keys {string.Join(", ", needed.Concat(allowed))}";
}
