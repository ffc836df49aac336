using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>S(x) = 1/2 + arctan(pi a x / 2) / pi, S'(x) = (a / 2) / (1 + (pi a x / 2)^2) (Fang et al. 2021, 10.1109/ICCV48922.2021.00266).</summary>
internal sealed class ArctanSurrogate(ISettings settings) : ISurrogate
{
    private readonly double slope = settings.Number("slope", 2, 1e-3, 1e3, "steepness, twice the derivative at threshold");

    public Expr Derivative(Expr x)
    {
        var z = Math.PI / 2 * slope * x;
        return slope / 2 / (1 + (z * z));
    }

    public Expr Smooth(Expr x) => 0.5 + (Arctan(Math.PI / 2 * slope * x) / Math.PI);

    /// <summary>
    /// Halves the angle four times, arctan z = 2 arctan(z / (1 + sqrt(1 + z^2))), which leaves |z| below tan(pi / 32), where nine terms
    /// of the series reach double precision.
    /// </summary>
    private static Expr Arctan(Expr z)
    {
        for (var halving = 0; halving < 4; halving++)
        {
            z /= 1 + Sqrt(1 + (z * z));
        }

        var square = z * z;
        Expr sum = 1.0 / 17;
        for (var odd = 15; odd >= 1; odd -= 2)
        {
            sum = (1.0 / odd) - (square * sum);
        }

        return 16 * z * sum;
    }
}
