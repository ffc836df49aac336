using BrainModular.Optimizers;
using BrainModular.Plugins;
using BrainModular.Plugins.Optimizers;
using BrainModular.Plugins.Optimizers.Bayesian;
using BrainModular.Plugins.Optimizers.CmaEs;
using BrainModular.Plugins.Optimizers.FirstOrder;
using BrainModular.Plugins.Optimizers.LbfgsB;
using BrainModular.Plugins.Optimizers.LeastSquares;
using BrainModular.Plugins.Optimizers.Populations;

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
            "levenberg-marquardt", "Damped Gauss-Newton steps with bounds, for losses that are sums of squares", static s => new LevenbergMarquardtOptimizer(s));
        catalog.Add<IOptimizer>(
            "adam", "First-order descent with adaptive moments, for noisy or minibatch gradients", AdamOptimizer.Adam);
        catalog.Add<IOptimizer>(
            "adamw", "Adam with weight decay that does not pass through the moments", AdamOptimizer.AdamW);
        catalog.Add<IOptimizer>(
            "sgd", "Gradient descent with momentum", static s => new SgdOptimizer(s));
        catalog.Add<IOptimizer>(
            "differential-evolution", "A population that improves by the differences of its members, for losses without a useful gradient",
            static s => new DifferentialEvolutionOptimizer(s));
        catalog.Add<IOptimizer>(
            "particle-swarm", "A swarm of particles drawn to the best places that they met", static s => new ParticleSwarmOptimizer(s));
        catalog.Add<IOptimizer>(
            "cma-es", "A normal distribution that learns the shape of the loss, with restarts, for losses without a useful gradient", static s => new CmaEsOptimizer(s));
        catalog.Add<IOptimizer>(
            "nelder-mead", "A simplex that moves downhill, for few parameters and no gradient", static s => new NelderMeadOptimizer(s));
        catalog.Add<IOptimizer>(
            "bayesian", "A Gaussian process of the loss and its expected improvement, for losses that are dear", static s => new BayesianOptimizer(s));
        catalog.Add<IOptimizer>(
            "grid-search", "A lattice around the start and the mean loss around each of its points, for few parameters and a loss that jumps", static s => new GridSearchOptimizer(s));
        catalog.Add<IOptimizer>(
            "random-search", "Points drawn from the bounds", static s => new RandomSearchOptimizer(s));
    }
}
