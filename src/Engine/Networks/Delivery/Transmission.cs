using System.Numerics;
using System.Runtime.Intrinsics;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>
/// What carries one projection's values from source to target, and their adjoint back. Rows are [unit][lane]; a transposed row is
/// [lane][unit] with <see cref="Stride"/> numbers from lane to lane.
/// </summary>
internal abstract unsafe class Transmission<T>
    where T : unmanaged, INumberBase<T>
{
    /// <param name="sources">How many source units.</param>
    /// <param name="targets">How many target units.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="range">The targets that it carries to; null for all. The way back is from all.</param>
    protected Transmission(int sources, int targets, int lanes, UnitRange? range)
    {
        (Sources, Targets, Lanes, Stride, Range) = (sources, targets, lanes, StrideOf(targets), range ?? new(0, targets));
    }

    /// <summary>That the adjoint of all that was sent matters.</summary>
    public Needed All => new(Sources, null, null, (long)Sources * Lanes);

    protected int Sources { get; }

    protected int Targets { get; }

    protected UnitRange Range { get; }

    protected int Lanes { get; }

    protected int Stride { get; }

    /// <summary>The numbers from one transposed lane, or one row of dense weights, to the next: whole vectors.</summary>
    public static int StrideOf(int targets) => (targets + Vector512<T>.Count - 1) / Vector512<T>.Count * Vector512<T>.Count;

    /// <summary>Whether <see cref="Forward"/> adds what units sent unit after unit, so that it changes no bit to take some of them first and then the others.</summary>
    public virtual bool AddsOneByOne => true;

    /// <summary>The memory that it needs for itself beside lists of units.</summary>
    public virtual long Bytes => 0;

    /// <summary>Has what <see cref="Forward"/> will read first fetched into the caches.</summary>
    public virtual void Ask(T* weights, in Events<T> events)
    {
    }

    /// <summary>Adds w x to the sums of the port.</summary>
    /// <param name="weights">The projection's weights.</param>
    /// <param name="events">What was sent.</param>
    /// <param name="port">The sums, [target][lane], of the targets of the range.</param>
    /// <param name="scratch">Room for a transposed row of targets.</param>
    public abstract void Forward(T* weights, in Events<T> events, T* port, T* scratch);

    /// <summary>Whether <see cref="Backward"/> reads the port's adjoint lane by lane.</summary>
    public virtual bool IsByLanes(in Needed needed) => false;

    /// <summary>Begins the way back of a run, in which the weights stay what they are.</summary>
    /// <param name="weights">The projection's weights.</param>
    /// <param name="isAllNeeded">Whether the adjoint of all that was sent matters in every step.</param>
    public virtual void BeginBackward(T* weights, bool isAllNeeded)
    {
    }

    /// <summary>Adds the adjoint of what was sent: the sum over targets of w times the port's adjoint.</summary>
    /// <param name="weights">The projection's weights.</param>
    /// <param name="port">The port's adjoint, [target][lane].</param>
    /// <param name="transposed">The same, [lane][target], with zeros in what pads a lane; null where nothing asks for it.</param>
    /// <param name="sent">The adjoint of what was sent, [source][lane]. Where it does not matter, it may be left as it is.</param>
    /// <param name="needed">Where it matters.</param>
    public abstract void Backward(T* weights, T* port, T* transposed, T* sent, in Needed needed);

    /// <summary>Begins gradients of a run: what an unfinished one has left is forgotten.</summary>
    public virtual void BeginGradient()
    {
    }

    /// <summary>
    /// Adds the gradient of the weights: the sum over lanes of what was sent times the port's adjoint. It may be added later together with other steps', by <see cref="EndGradient"/> at the latest.
    /// </summary>
    /// <param name="gradient">[weight].</param>
    /// <param name="events">What was sent.</param>
    /// <param name="transposed">The port's adjoint, [lane][target].</param>
    public abstract void Gradient(T* gradient, in Events<T> events, T* transposed);

    /// <summary>Adds what has not been added of the run's gradient.</summary>
    /// <param name="gradient">[weight].</param>
    public virtual void EndGradient(T* gradient)
    {
    }

    /// <summary>Adds the gradient of the weights where what counts of the sources is a number for each unit and lane.</summary>
    /// <param name="gradient">[weight].</param>
    /// <param name="sent">[source][lane].</param>
    /// <param name="port">The port's adjoint, [target][lane].</param>
    /// <param name="scratch">Room for a transposed row of targets.</param>
    public abstract void Gradient(T* gradient, T* sent, T* port, T* scratch);
}
