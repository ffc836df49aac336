using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Learning;

/// <summary>Signals that are not the same for all lanes of a trace, because they depend on what a lane's model does. They are computed before the trace is run, and are constants of its gradient.</summary>
public abstract class LaneSignals
{
    /// <summary>The recorded potential moved along with the model's spikes.</summary>
    public const string AlignedPotential = "data.V.aligned";

    /// <summary>Whether that is there to be compared.</summary>
    public const string Counts = "data.V.counts";

    /// <summary>Whether recorded values of that name belong to lanes.</summary>
    public static bool AreOfLanes(string dataValue) => $"data.{dataValue}" is AlignedPotential or Counts;

    /// <summary>Computes them.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="parameters">[lane], by name, in engine units.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <returns>[lane][step] of the aligned potential, and of whether it counts.</returns>
    public abstract (double[][] Potential, double[][] Counts) Of(Trace trace, IReadOnlyDictionary<string, double[]> parameters, int lanes);
}

/// <summary>The rows of a trace's signals that belong to lanes, a row for each step.</summary>
internal sealed unsafe class LaneRows : IDisposable
{
    private readonly LaneSignals signals;
    private readonly Trace trace;
    private readonly RowBuffer potential;
    private readonly RowBuffer counts;

    private LaneRows(LaneSignals signals, Trace trace, int lanes, Precision precision) =>
        (this.signals, this.trace, potential, counts) = (signals, trace, new(trace.Steps, lanes, precision), new(trace.Steps, lanes, precision));

    public long Bytes => potential.Bytes + counts.Bytes;

    /// <summary>The rows for a function that reads such signals; null for one that does not.</summary>
    public static LaneRows? For(IrFunction function, Trace trace, int lanes, Precision precision) =>
        function.Inputs.Any(static i => i.Name is LaneSignals.AlignedPotential or LaneSignals.Counts)
            ? new(trace.OfLanes ?? throw new ArgumentException("the trace has no signals that belong to lanes", nameof(trace)), trace, lanes, precision)
            : null;

    public RowPlace? Locate(string name) => name switch
    {
        LaneSignals.AlignedPotential => new((nint)potential.Row(0), (nint)potential.RowBytes),
        LaneSignals.Counts => new((nint)counts.Row(0), (nint)counts.RowBytes),
        _ => null,
    };

    /// <param name="names">The parameters' names.</param>
    /// <param name="values">[parameter][lane], of at most as many lanes as there are.</param>
    public void Fill(IReadOnlyList<string> names, IReadOnlyList<double[]> values)
    {
        var lanes = values.Count > 0 ? values[0].Length : 1;
        var (moved, there) = signals.Of(trace, names.Zip(values).ToDictionary(static v => v.First, static v => v.Second), lanes);
        for (var t = 0; t < trace.Steps; t++)
        {
            for (var lane = 0; lane < lanes; lane++)
            {
                (potential[t, lane], counts[t, lane]) = (moved[lane][t], there[lane][t]);
            }
        }
    }

    public void Dispose()
    {
        potential.Dispose();
        counts.Dispose();
    }
}
