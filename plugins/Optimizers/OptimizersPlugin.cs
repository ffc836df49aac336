using BrainModular.Optimizers;
using BrainModular.Plugins;
using BrainModular.Plugins.Optimizers;
using BrainModular.Plugins.Optimizers.FirstOrder;
using BrainModular.Plugins.Optimizers.LbfgsB;

[assembly: BrainModularPlugin(typeof(OptimizersPlugin))]

namespace BrainModular.Plugins.Optimizers;

/// <summary>The built-in optimisers.</summary>
public sealed class OptimizersPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(ICatalogBuilder catalog)
    {
        catalog.Add<IOptimizer>(
            "l-bfgs-b", "Quasi-Newton descent with limited memory and bounds, for smooth losses", static s => new LbfgsBOptimizer(s));
        catalog.Add<IOptimizer>(
            "adam", "First-order descent with adaptive moments, for noisy or minibatch gradients", AdamOptimizer.Adam);
        catalog.Add<IOptimizer>(
            "adamw", "Adam with weight decay that does not pass through the moments", AdamOptimizer.AdamW);
        catalog.Add<IOptimizer>(
            "sgd", "Gradient descent with momentum", static s => new SgdOptimizer(s));
        catalog.Add<IOptimizer>(
            "differential-evolution", "A population that improves by the differences of its members, for losses without a useful gradient",
            static s => new DifferentialEvolutionOptimizer(s));
    }
}
