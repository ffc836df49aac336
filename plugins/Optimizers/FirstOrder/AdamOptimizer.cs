using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BrainModular.Plugins.Optimizers.FirstOrder;

/// <summary>
/// Adam (Kingma and Ba 2015, 10.48550/arXiv.1412.6980) with projection onto the bounds, P:
/// m &lt;- beta1 m + (1 - beta1) g, v &lt;- beta2 v + (1 - beta2) g^2,
/// x &lt;- P(x - learningRate (m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + weightDecay x)).
/// </summary>
/// <remarks>
/// Adam has no weight decay. AdamW (Loshchilov and Hutter 2019, 10.48550/arXiv.1711.05101) has: it shrinks the coordinates themselves and does not
/// pass through the moments. Its lambda is here learningRate weightDecay, as it is in the programs that made it common.
/// </remarks>
public sealed class AdamOptimizer : FirstOrderOptimizer
{
    private readonly double beta1, beta2, epsilon, weightDecay;

    private AdamOptimizer(string name, ISettings settings, bool decays)
        : base(name, moments: 2, settings)
    {
        beta1 = settings.Number("beta1", 0.9, 0, 1 - 1e-12, "how much of the mean gradient is kept from step to step");
        beta2 = settings.Number("beta2", 0.999, 0, 1 - 1e-12, "how much of the mean squared gradient is kept from step to step");
        epsilon = settings.Number("epsilon", 1e-8, 0, 1, "added to the root of the mean squared gradient");
        weightDecay = decays ? settings.Number("weightDecay", 0.01, 0, 1e6, "the rate at which coordinates shrink, per length of a step") : 0;
    }

    /// <summary>Adam with the given settings.</summary>
    public static AdamOptimizer Adam(ISettings settings) => new("adam", settings, decays: false);

    /// <summary>AdamW with the given settings.</summary>
    public static AdamOptimizer AdamW(ISettings settings) => new("adamw", settings, decays: true);

    private protected override void Step(Box box, double[] x, double[] next, double[][] moments, double[] gradient, int step, double rate, double scale)
    {
        var unbiased = Math.Sqrt(1 - Math.Pow(beta2, step + 1));
        var rule = new Rule(
            beta1, (1 - beta1) * scale, beta2, (1 - beta2) * scale * scale,
            rate / (1 - Math.Pow(beta1, step + 1)) * unbiased, epsilon * unbiased, rate * weightDecay);
        CoordinateSweep.Run(rule, box, x, next, moments[0], moments[1], gradient);
    }

    /// <summary>Root and fraction are multiplied by the root of 1 - beta2^t, which leaves one division.</summary>
    private readonly record struct Rule(double Keep1, double Take1, double Keep2, double Take2, double Rate, double Epsilon, double Decay) : IStepRule
    {
        public static bool UsesSecondMoment => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step(ref Vector256<double> x, ref Vector256<double> first, ref Vector256<double> second, Vector256<double> gradient)
        {
            first = (Keep1 * first) + (Take1 * gradient);
            second = (Keep2 * second) + (Take2 * gradient * gradient);
            x -= (Rate * first / (Vector256.Sqrt(second) + Vector256.Create(Epsilon))) + (Decay * x);
        }
    }
}
