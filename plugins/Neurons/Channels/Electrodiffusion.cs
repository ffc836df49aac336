using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>
/// Ions across a membrane (Hille 2001, Ion Channels of Excitable Membranes). With z the valence and u = z F V / (R T):
/// <code>
/// E = R T / (z F) ln(outside / inside)                                                       Nernst
/// J = P z F u (inside - outside exp(-u)) / (1 - exp(-u))                                     Goldman, Hodgkin and Katz
/// </code>
/// Concentrations in mM, P in um/ms, J in nA/um^2, positive outward.
/// </summary>
internal static class Electrodiffusion
{
    private static readonly Quantity FaradayConstant = Of(96_485.332_12, "C/mol");
    private static readonly Quantity GasConstant = Of(8.314_462_618, "J/(mol*K)");

    /// <summary>The charge of a mole.</summary>
    public static Expr Faraday => FaradayConstant;

    public static Expr Nernst(Expr temperature, int valence, Expr inside, Expr outside) =>
        GasConstant * temperature / (valence * Faraday) * Log(outside / inside);

    public static Expr Goldman(Expr permeability, Expr v, Expr temperature, int valence, Expr inside, Expr outside)
    {
        var u = valence * Faraday * v / (GasConstant * temperature);

        // x / (1 - exp(-x)) twice, which has no singularity at 0 mV.
        return permeability * valence * Faraday * ((Linoid(u) * inside) - (Linoid(-u) * outside));
    }

    /// <summary>An ion whose concentrations a channel needs.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM4902: the cell does not know them.</exception>
    public static (Expr Inside, Expr Outside) Concentrations(this Membrane membrane, string name)
    {
        var ion = membrane.Ions[name];
        return ion is { Inside: { } inside, Outside: { } outside }
            ? (inside, outside)
            : throw new Diagnostics.DiagnosticException(
                "BM4902", $"the channel needs the concentrations of {name}, which the cell does not know", expected: "a cell that tracks them",
                cure: $"set \"{(name == "Ca" ? "calcium\": \"pool" : "reversal\": \"nernst")}\" in the neuron");
    }

    private static Quantity Of(double value, string unit) =>
        Unit.TryParse(unit, out var parsed) ? value * parsed : throw new ArgumentException($"'{unit}' is no unit", nameof(unit));
}
