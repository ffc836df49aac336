using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Learning;

/// <summary>The sums over a trace's residuals r and their Jacobian J by the parameters, of a block of candidates.</summary>
/// <param name="Loss">[lane]: r'r.</param>
/// <param name="Gradient">[parameter][lane]: J'r.</param>
/// <param name="Products">[parameter][parameter][lane]: J'J.</param>
public sealed record SquareSums(double[] Loss, double[][] Gradient, double[][][] Products);

/// <summary>
/// Runs a trace forward with the sensitivities of its states, for a block of lanes (candidates side by side), in memory that does not grow with the trace.
/// </summary>
public sealed unsafe class ForwardSensitivities : IDisposable
{
    private readonly SensitivityProgram program;
    private readonly Trace trace;
    private readonly int lanes;
    private readonly NamedRows named;
    private readonly RowBuffer clock;
    private readonly LaneRows? own;
    private readonly MovingRows prologue;
    private readonly MovingRows forward;
    private readonly string[] sums;

    /// <param name="program">The compiled functions.</param>
    /// <param name="trace">The inputs.</param>
    /// <param name="lanes">How many candidates run side by side.</param>
    public ForwardSensitivities(SensitivityProgram program, Trace trace, int lanes)
    {
        (this.program, this.trace, this.lanes) = (program, trace, lanes);
        var functions = program.Functions;
        named = new(
            functions.Prologue.Outputs.Concat(functions.Forward.Outputs).Select(static o => Place(o.Name))
                .Concat(functions.Prologue.Inputs.Concat(functions.Forward.Inputs).Where(static i => i.Kind is IrInputKind.Parameter or IrInputKind.Derivative).Select(static i => i.Name)),
            lanes, program.Precision);
        sums = [.. functions.Forward.Inputs.Where(static i => i.Kind == IrInputKind.Accumulator).Select(static i => i.Name)];
        clock = new(1, trace.Steps, program.Precision);
        for (var t = 0; t < trace.Steps; t++)
        {
            clock[0, t] = t * program.TimeStep;
        }

        own = LaneRows.For(program.Forward.Function, trace, lanes, program.Precision);
        prologue = new(program.Prologue, (name, _) => Locate(name));
        forward = new(program.Forward, (name, _) => Locate(name));
    }

    /// <summary>The memory of all rows.</summary>
    public long Bytes => named.Buffer.Bytes + clock.Bytes + (own?.Bytes ?? 0);

    /// <summary>Runs the trace.</summary>
    /// <param name="parameters">[parameter][lane], in the order of the functions' parameters, in engine units.</param>
    public SquareSums Run(double[][] parameters)
    {
        named.Clear();
        foreach (var (name, values) in program.Functions.Parameters.Zip(parameters))
        {
            named.SetFirst(name, values);
        }

        own?.Fill(program.Functions.Parameters, parameters);
        var totals = sums.ToDictionary(static s => s, _ => new double[lanes]);
        prologue.Run(lanes);
        forward.Place(0, 0);
        PartialSums.RunOn(forward, lanes, 0, trace.Steps, trace.Steps, () => AddUp(totals));
        var names = program.Functions.Parameters;
        return new(
            totals["loss.sum"],
            [.. names.Select(p => totals[$"gradient.{p}"])],
            [.. names.Select((p, i) => names.Select((q, j) => totals[i <= j ? $"product.{p}.{q}" : $"product.{q}.{p}"]).ToArray())]);
    }

    public void Dispose()
    {
        foreach (var part in new IDisposable[] { prologue, forward, named, clock })
        {
            part.Dispose();
        }

        own?.Dispose();
    }

    /// <summary>The row that a value is in: a state's is that of its initial and of its next value.</summary>
    private static string Place(string name) =>
        name.StartsWith("initial.", StringComparison.Ordinal) ? name["initial.".Length..]
        : name.EndsWith(".next", StringComparison.Ordinal) ? name[..^".next".Length]
        : name;

    private RowPlace Locate(string name) =>
        named.Contains(Place(name)) ? new(named.Pointer(Place(name)), Buffer: (nint)named.Buffer.Row(0))
        : name == "t" ? new((nint)clock.Row(0), program.Precision == Precision.Single ? sizeof(float) : sizeof(double))
        : own?.Locate(name) ?? trace.Locate(name);

    /// <summary>Adds the partial sums to the totals, and starts them again at 0.</summary>
    private void AddUp(Dictionary<string, double[]> totals)
    {
        foreach (var (name, total) in totals)
        {
            named.MoveTo(total, name);
        }
    }
}
