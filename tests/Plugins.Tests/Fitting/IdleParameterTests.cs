using BrainModular.Engine.Fitting;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Free parameters that a fit's loss does not depend on.</summary>
public sealed class IdleParameterTests
{
    [Theory]
    [InlineData("l-bfgs-b", "none")]
    [InlineData("random-search", "none")]
    [InlineData("l-bfgs-b", "sigmoid")]
    public void What_a_cell_that_never_spikes_has_for_its_spikes_is_named(string optimizer, string surrogate)
    {
        // Below -40 mV, which the sweeps never come near, every threshold and every refractory time is as good as another.
        var found = Found(["R", "tauM", "EL", "tref", "Vreset"], optimizer, surrogate);
        Assert.Equal(["tref", "Vreset"], found);
    }

    [Fact]
    public void A_parameter_without_slope_that_moves_the_spikes_is_none()
    {
        // Without a surrogate nothing has a slope that moves spikes; a threshold below -60 mV makes the cell fire all the same.
        Assert.Empty(Found(["R", "EL", "Vth"], "l-bfgs-b", "none", lowest: -67));
    }

    [Fact]
    public void Nothing_is_named_where_everything_counts() => Assert.Empty(Found(["R", "tauM", "EL"], "l-bfgs-b", "sigmoid"));

    private static IReadOnlyList<string> Found(string[] names, string optimizer, string surrogate, double lowest = -45)
    {
        var model = TinyFit.Leaky(surrogate);
        var plan = TinyFit.Plan(model: model, optimizer: optimizer, free:
        [
            .. names.Select(n => model.FindParameter(n)!).Select(p => new FreeParameter(
                p.Name, p.Name == "Vth" ? lowest : p.Bounds.Lower.InEngineUnits, p.Name == "Vth" ? lowest + 10 : p.Bounds.Upper.InEngineUnits, p.Scale)),
        ]) with
        {
            Fixed = names.Contains("Vth") ? new Dictionary<string, double>() : new Dictionary<string, double> { ["Vth"] = 500 },
            Optimizer = () => Optimizers.Drive.Create(optimizer),
            Starts = 1,
        };
        using var fit = new RecordingFit(plan);
        return [.. fit.WithoutEffect(fit.Run(static _ => { })).Select(static f => f.Name)];
    }
}
