using BrainModular.Optimizers;
using BrainModular.Plugins.Optimizers.LbfgsB;
using BrainModular.Random;

namespace BrainModular.Plugins.Optimizers.Bayesian;

/// <summary>Where a descent by L-BFGS-B in a box ends.</summary>
internal static class SmoothMinimum
{
    private const int MaxIterations = 50;
    private const double GradientTolerance = 1e-6;

    /// <param name="function">Gives value and gradient.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="box">The bounds.</param>
    /// <param name="random">A stream, of which nothing is drawn.</param>
    public static (double[] Point, double Value) Of(Func<double[], (double Value, double[] Gradient)> function, double[] start, Box box, IRandomStream random)
    {
        var descent = new LbfgsBOptimizer(MaxIterations, GradientTolerance);
        descent.Begin(new(start, box.Lower, box.Upper, random));
        while (descent.Status == OptimizerStatus.Running)
        {
            var (value, gradient) = function(descent.Ask()[0]);
            descent.Tell([new(value, gradient)]);
        }

        return (descent.Best, descent.BestLoss);
    }
}
