namespace BrainModular.Host.Configuration;

/// <summary>How the uncertainties of fitted parameters are estimated.</summary>
internal sealed record UncertaintyConfig(ConfigSection Section)
{
    /// <summary>The method.</summary>
    public string Type => Section.Get<string>("type");

    /// <summary>The parameters that are profiled; null: all that are fitted.</summary>
    public IReadOnlyList<string>? Parameters => Section.Find<object[]>("parameters") is { } names ? [.. names.Cast<string>()] : null;

    public int Chains => (int)(Section.FindValue<long>("chains") ?? 4);

    public int WarmUp => (int)(Section.FindValue<long>("warmUp") ?? 300);

    public int Draws => (int)(Section.FindValue<long>("draws") ?? 500);

    public double Acceptance => Section.FindValue<double>("acceptance") ?? 0.8;
}

/// <summary>The keys of <c>uncertainty</c> in a fit.</summary>
internal static class UncertaintySchema
{
    /// <summary>The Hessian at the best parameters.</summary>
    public const string Laplace = "laplace";

    /// <summary>A parameter at fixed values, the others fitted anew.</summary>
    public const string Profile = "profile-likelihood";

    /// <summary>The No-U-Turn sampler.</summary>
    public const string Sampler = "nuts";

    public static readonly Key Key = new("uncertainty", new SectionKind(new("uncertainty", "How well the recording determines the fitted parameters.",
    [
        new(
            "type", new ChoiceKind(Laplace, Profile, Sampler),
            "The method: laplace takes the likelihood's curvature at the best parameters, profile-likelihood fits the others anew while one is fixed, nuts draws from the posterior with the No-U-Turn sampler.", Required: true),
        new("parameters", new ListKind(new TextKind()), "Of profile-likelihood: which parameters are profiled; by default all that are fitted."),
        new("chains", new IntegerKind(2, 1000), "Of nuts: how many chains run side by side; by default 4."),
        new("warmUp", new IntegerKind(50, 1_000_000), "Of nuts: how many transitions each chain makes before its draws, for step length and masses; by default 300."),
        new("draws", new IntegerKind(50, 1_000_000), "Of nuts: how many draws each chain gives; by default 500."),
        new("acceptance", new NumberKind(0.5, 0.99), "Of nuts: the mean acceptance that the step length aims at; larger where trajectories diverge; by default 0.8."),
    ])), "How the fitted parameters' uncertainties are estimated; by default they are not.");

    /// <summary>The keys that belong to one method alone.</summary>
    public static readonly IReadOnlyList<(string Key, string Type)> Own = [("parameters", Profile), ("chains", Sampler), ("warmUp", Sampler), ("draws", Sampler), ("acceptance", Sampler)];
}
