using System.Numerics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Networks.Online;

/// <summary>The learning signals of one population over the last steps, beside its run.</summary>
internal sealed unsafe class PopulationLearning<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly int slots;
    private readonly RowBuffer signals;
    private readonly bool[] has;
    private readonly Dictionary<string, int> keptIndex;

    /// <param name="credit">What it learns by.</param>
    /// <param name="run">Its run.</param>
    /// <param name="slots">How many steps are kept.</param>
    /// <param name="precision">The numbers.</param>
    public PopulationLearning(PopulationCredit credit, PopulationRun<T> run, int slots, Precision precision)
    {
        (Credit, Run, this.slots) = (credit, run, slots);
        signals = new((long)slots * credit.Signals, run.Elements, precision);
        has = new bool[slots];
        keptIndex = credit.Kept.Select(static (row, i) => (row, i)).ToDictionary(static k => k.row, static k => k.i);
    }

    public PopulationCredit Credit { get; }

    public PopulationRun<T> Run { get; }

    public RowBuffer Rows => signals;

    /// <summary>Whether each kept step has a signal.</summary>
    public bool[] Has => has;

    /// <summary>One of <see cref="PopulationCredit.Kept"/> in a step.</summary>
    public T* Kept(int row, int step) => Run.Kept(row, step % slots);

    /// <summary>The number of one of <see cref="PopulationCredit.Kept"/>.</summary>
    public int KeptIndex(string row) => keptIndex[row];

    /// <summary>A learning signal of a step, [unit][lane].</summary>
    public T* Signal(int number, int step) => (T*)signals.Row(((long)(step % slots) * Credit.Signals) + number);

    /// <summary>Says that a step has a signal.</summary>
    public void Mark(int step) => has[step % slots] = true;

    /// <summary>Whether one of some steps has a signal.</summary>
    public bool HasSignal(int first, int steps = 1)
    {
        var any = false;
        for (var step = first; step < first + steps; step++)
        {
            any |= has[step % slots];
        }

        return any;
    }

    /// <summary>Starts a step: it has no signals yet.</summary>
    public void Begin(int step)
    {
        if (!has[step % slots])
        {
            return;
        }

        has[step % slots] = false;
        for (var i = 0; i < Credit.Signals; i++)
        {
            new Span<T>(Signal(i, step), Run.Elements).Clear();
        }
    }

    /// <summary>Forgets all signals.</summary>
    public void Clear()
    {
        signals.Clear();
        Array.Clear(has);
    }

    public void Dispose() => signals.Dispose();
}
