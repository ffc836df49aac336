using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Steps;

namespace BrainModular.Engine.Simulation;

/// <summary>Runs a model's step over a trace, for any number of lanes, and records what is asked for. Compiled once, run as often as one likes.</summary>
public sealed class Simulator
{
    private readonly StepFunction step;
    private readonly double timeStep;
    private readonly Precision precision;
    private readonly Kernel prologue;
    private readonly Kernel kernel;
    private readonly IReadOnlyList<string> record;

    /// <param name="step">The step, built with <see cref="StepOptions.SharedInputs"/>: a trace has one number a step for all lanes.</param>
    /// <param name="timeStep">Its length in ms.</param>
    /// <param name="precision">The numbers to compute with.</param>
    /// <param name="options">How it is compiled.</param>
    /// <param name="record">States (at the start of each step), outputs and spikes (of each step), by name.</param>
    public Simulator(StepFunction step, double timeStep, Precision precision, CompileOptions options, IReadOnlyList<string> record)
    {
        (this.step, this.timeStep, this.precision, this.record) = (step, timeStep, precision, record);
        var wanted = record.Concat(step.States.Select(static s => $"{s}.next")).ToHashSet();
        prologue = KernelCompiler.Compile(step.Prologue, precision, options);
        kernel = KernelCompiler.Compile(step.Step with { Outputs = [.. step.Step.Outputs.Where(o => wanted.Contains(o.Name))] }, precision, options);
    }

    /// <summary>Simulates.</summary>
    /// <param name="trace">The inputs of every step.</param>
    /// <param name="parameters">Values of the step's parameters, [lane], by name, in engine units.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <returns>For each recorded name [lane][step], in engine units.</returns>
    public IReadOnlyDictionary<string, double[][]> Run(
        Trace trace, IReadOnlyDictionary<string, double[]> parameters, int lanes, CancellationToken cancel = default)
    {
        using var rows = new NamedRows(Names(), lanes, precision);
        using var clock = new RowBuffer(1, 1, precision);
        using var own = LaneRows.For(kernel.Function, trace, lanes, precision);
        own?.Fill([.. parameters.Keys], [.. parameters.Values]);
        using var start = new MovingRows(prologue, (name, input) => Locate(name, input, rows, clock, trace, own));
        using var table = new MovingRows(kernel, (name, input) => Locate(name, input, rows, clock, trace, own));
        foreach (var (name, values) in parameters.Where(p => rows.Contains(p.Key)))
        {
            rows.Set(name, values);
        }

        start.Run(lanes);
        foreach (var state in step.States)
        {
            rows.Set(state, [.. Enumerable.Range(0, lanes).Select(lane => rows[$"initial.{state}", lane])]);
        }

        var recorded = record.ToDictionary(static r => r, _ => Enumerable.Range(0, lanes).Select(_ => new double[trace.Steps]).ToArray());
        Kept[] before = [.. recorded.Where(r => step.States.Contains(r.Key)).Select(r => new Kept(rows.Pointer(r.Key), r.Value))];
        Kept[] after = [.. recorded.Where(r => !step.States.Contains(r.Key)).Select(r => new Kept(rows.Pointer(r.Key), r.Value))];
        for (var t = 0; t < trace.Steps; t++)
        {
            if (t % 1024 == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }

            clock.Fill(0, t * timeStep);
            Keep(before, t);
            table.Run(lanes);
            Keep(after, t);
            table.Next();
        }

        return recorded;
    }

    private unsafe void Keep(Kept[] kept, int t)
    {
        foreach (var (row, values) in kept)
        {
            for (var lane = 0; lane < values.Length; lane++)
            {
                values[lane][t] = precision == Precision.Single ? ((float*)row)[lane] : ((double*)row)[lane];
            }
        }
    }

    private IEnumerable<string> Names() => step.States
        .Concat(step.States.Select(static s => $"initial.{s}"))
        .Concat(new[] { prologue, kernel }.SelectMany(static k => k.Function.Inputs)
            .Where(static i => i.Kind is not (IrInputKind.Signal or IrInputKind.Noise or IrInputKind.Time)).Select(static i => i.Name))
        .Concat(kernel.Function.Outputs.Concat(prologue.Function.Outputs).Select(static o => o.Name).Where(static n => !n.EndsWith(".next", StringComparison.Ordinal)));

    /// <summary>A state's row before the step is its row after it.</summary>
    private static RowPlace Locate(string name, IrInput? input, NamedRows rows, RowBuffer clock, Trace trace, LaneRows? own)
    {
        var row = input is null && name.EndsWith(".next", StringComparison.Ordinal) ? name[..^".next".Length] : name;
        return rows.Contains(row) ? new(rows.Pointer(row)) : name == "t" ? new(FirstOf(clock)) : own?.Locate(name) ?? trace.Locate(name);
    }

    private static unsafe nint FirstOf(RowBuffer clock) => (nint)clock.Row(0);

    /// <summary>A row that is recorded, and where to: [lane][step].</summary>
    private readonly record struct Kept(nint Row, double[][] Values);
}
