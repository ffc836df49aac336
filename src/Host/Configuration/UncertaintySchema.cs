namespace BrainModular.Host.Configuration;

/// <summary>How the uncertainties of fitted parameters are estimated.</summary>
internal sealed record UncertaintyConfig(ConfigSection Section)
{
    /// <summary>The method.</summary>
    public string Type => Section.Get<string>("type");
}

/// <summary>The keys of <c>uncertainty</c> in a fit.</summary>
internal static class UncertaintySchema
{
    /// <summary>The Hessian at the best parameters.</summary>
    public const string Laplace = "laplace";

    public static readonly Key Key = new("uncertainty", new SectionKind(new("uncertainty", "How well the recording determines the fitted parameters.",
    [
        new("type", new ChoiceKind(Laplace), "The method: laplace takes the likelihood's curvature at the best parameters.", Required: true),
    ])), "How the fitted parameters' uncertainties are estimated; by default they are not.");
}
