using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BrainModular.Plugins.Optimizers.FirstOrder;

/// <summary>
/// Gradient descent with momentum (Polyak 1964, 10.1016/0041-5553(64)90137-5) and projection onto the bounds, P:
/// m &lt;- momentum m + g, x &lt;- P(x - learningRate m); with Nesterov's look ahead (Sutskever et al. 2013, ICML 28:1139) x &lt;- P(x - learningRate (g + momentum m)).
/// </summary>
public sealed class SgdOptimizer : FirstOrderOptimizer
{
    private readonly double momentum;
    private readonly bool nesterov;

    /// <summary>An optimiser with the given settings.</summary>
    public SgdOptimizer(ISettings settings)
        : base("sgd", moments: 1, settings)
    {
        momentum = settings.Number("momentum", 0.9, 0, 1 - 1e-12, "how much of the last step is kept");
        nesterov = settings.Flag("nesterov", false, "whether the momentum is looked ahead along");
    }

    private protected override void Step(Box box, double[] x, double[] next, double[][] moments, double[] gradient, int step, double rate, double scale)
    {
        // With the look ahead g + momentum m is taken, else m alone.
        var rule = new Rule(momentum, scale, rate * (nesterov ? momentum : 1), nesterov ? rate * scale : 0);
        CoordinateSweep.Run(rule, box, x, next, moments[0], [], gradient);
    }

    private readonly record struct Rule(double Keep, double Take, double Rate, double GradientRate) : IStepRule
    {
        public static bool UsesSecondMoment => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step(ref Vector256<double> x, ref Vector256<double> first, ref Vector256<double> second, Vector256<double> gradient)
        {
            first = (Keep * first) + (Take * gradient);
            x -= (Rate * first) + (GradientRate * gradient);
        }
    }
}
