using BrainModular.Host.Configuration;

namespace BrainModular.Host.Composition.Networks;

/// <summary>
/// The values of parameters that fits before a training give to its cells and to its units of measurement. While an experiment is checked they
/// are those that the fits begin with; when it runs, those that the fits came to.
/// </summary>
/// <param name="Values">By fit, then by parameter, in engine units; every fit before the stage that has no faults.</param>
/// <param name="Names">All fits before the stage.</param>
internal sealed record FittedCells(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Values, IReadOnlyList<string> Names)
{
    private static readonly string[] Rest = ["Vrest", "EL"];

    /// <summary>Whether a network takes anything from a fit.</summary>
    public static bool Needs(NetworkConfig network) => network.Rescaling?.Find<string>("fitted") is not null || network.Populations.Any(static p => p.Fitted is not null);

    /// <summary>What the stages before have come to.</summary>
    public static FittedCells Of(IReadOnlyDictionary<string, StageOutcome> earlier)
    {
        var fits = earlier.Where(static e => e.Value is FitOutcome).ToDictionary(static e => e.Key, static e => ((FitOutcome)e.Value).Values);
        return new(fits, [.. fits.Keys]);
    }

    /// <summary>The values of a fit; null where there is no such fit, or it has faults of its own.</summary>
    public IReadOnlyDictionary<string, double>? Find(string fit, ConfigSection section, Faults faults)
    {
        if (!Names.Contains(fit))
        {
            faults.Add("BM2622", $"there is no fit '{fit}' before the stage", section.PlaceOf("fitted"), cure: NearestNames.Cure(fit, Names));
        }

        return Values.GetValueOrDefault(fit);
    }

    /// <summary>Units of measurement by a fitted cell: rest is 0, threshold 1, its resistance 1; null where faults keep them from being known.</summary>
    public Rescaling? Rescaling(string fit, ConfigSection section, Faults faults)
    {
        if (Find(fit, section, faults) is not { } values)
        {
            return null;
        }

        var rest = Array.Find(Rest, values.ContainsKey);
        if (rest is null || !values.TryGetValue("Vth", out var threshold) || !values.TryGetValue("R", out var resistance) || threshold <= values[rest])
        {
            faults.Add(
                "BM2623", $"the cell of the fit '{fit}' gives no units of measurement", section.PlaceOf("fitted"),
                "a resting potential Vrest or EL, a threshold Vth above it, and a resistance R", "give offset, scale and resistance instead, or fit another model");
            return null;
        }

        return new(values[rest], threshold - values[rest], resistance);
    }
}
