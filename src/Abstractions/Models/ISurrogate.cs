using BrainModular.Symbolics;

namespace BrainModular.Models;

/// <summary>
/// A smooth stand-in for the step function of spike generation. The forward step stays exact; the surrogate gives its derivative,
/// and in smooth mode it replaces the step altogether, so that gradients can be checked against finite differences.
/// </summary>
public interface ISurrogate
{
    /// <summary>The derivative that is used in place of the step's, at the dimensionless distance x from threshold.</summary>
    Expr Derivative(Expr x);

    /// <summary>The smooth function itself, whose derivative is <see cref="Derivative"/>.</summary>
    Expr Smooth(Expr x);

    /// <summary>The half width outside of which <see cref="Derivative"/> is exactly 0; null where it is 0 nowhere.</summary>
    double? Support => null;
}
