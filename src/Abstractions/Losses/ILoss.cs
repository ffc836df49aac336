using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Losses;

/// <summary>
/// A loss, defined once in symbols like a model: it may have parameters and states of its own (such as a filtered spike train), and it is
/// fused into the model's step and differentiated with it.
/// </summary>
public interface ILoss
{
    /// <summary>Writes the loss's equations into the scope.</summary>
    void Define(ILossScope scope);
}

/// <summary>The scope of a loss's definition.</summary>
public interface ILossScope : IModelScope
{
    /// <summary>The weight of this sample: 0 where it is masked, 1 or the user's weight elsewhere.</summary>
    Expr Weight { get; }

    /// <summary>
    /// A state, output or spike of the model: <c>V</c> at the sample's time, <c>spike</c> for the step that starts there. <c>spike.excess</c> is what the model gave to
    /// <see cref="IModelScope.Spike"/>, at the end of that step and before the reset: the model's own, also where recorded spikes reset it. A spike by chance, in whose excess there
    /// is a random number, has none.
    /// </summary>
    Expr Model(string name);

    /// <summary>The recorded counterpart: <c>V</c> in mV, <c>spike</c> as 1 where a recorded spike falls between this sample and the next, else 0.</summary>
    Expr Data(string name);

    /// <summary>
    /// The recorded potential moved along with the model's spikes: around a spike of the model that has a counterpart, what was recorded around that. Counterparts are the
    /// spikes that the distance of Victor and Purpura moves onto each other. Held fixed where the loss is differentiated.
    /// </summary>
    /// <param name="before">How long before a spike its window begins.</param>
    /// <param name="after">How long after it the window ends; each sample belongs to the nearest spike.</param>
    /// <param name="reach">How far apart spikes may be that are each other's counterparts.</param>
    /// <returns>
    /// The recorded potential in mV, and 1 where it is there to be compared, else 0: in windows of recorded spikes that the model has elsewhere, and where a window leaves the recording.
    /// Spikes without a counterpart are not moved.
    /// </returns>
    /// <exception cref="Diagnostics.DiagnosticException">BM4314: a loss beside it has other windows; BM4315: before or after is negative, or reach is not positive.</exception>
    (Expr Value, Expr Counts) AlignedPotential(Quantity before, Quantity after, Quantity reach);

    /// <summary>Adds to the loss the mean over all samples of weight times this value; several add up.</summary>
    /// <param name="value">The contribution of one sample.</param>
    /// <param name="unit">The unit in which the loss is reported, such as mV^2.</param>
    void Add(Expr value, Unit unit);
}
