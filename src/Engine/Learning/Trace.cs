using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Learning;

/// <summary>The time-varying inputs of one simulated sweep: a stimulus, the recorded potential, the samples' weights, which are the same for all lanes, and where they are given, random numbers of each lane.</summary>
public sealed unsafe class Trace : IDisposable
{
    private readonly Dictionary<string, long> rows = [];
    private readonly RowBuffer signals;
    private readonly RowBuffer constants;
    private readonly Dictionary<string, RowBuffer> own = [];

    /// <param name="steps">How many steps are simulated.</param>
    /// <param name="signals">One number a step, in engine units, by the input's name.</param>
    /// <param name="constants">One number for the whole trace, by the input's name, such as <c>data.initial.V</c> and <c>coupling</c>.</param>
    /// <param name="precision">The precision of the kernels that read them.</param>
    /// <param name="ofLanes">Numbers of each lane, [lane][step], by the input's name; null: none.</param>
    public Trace(
        int steps, IReadOnlyDictionary<string, double[]> signals, IReadOnlyDictionary<string, double> constants, Precision precision,
        IReadOnlyDictionary<string, double[][]>? ofLanes = null)
    {
        Steps = steps;
        this.signals = new(signals.Count, steps, precision);
        this.constants = new(constants.Count, 1, precision);
        foreach (var (name, values) in signals)
        {
            rows[name] = rows.Count;
            this.signals.Set(rows[name], values);
        }

        foreach (var (name, value) in constants)
        {
            rows[name] = rows.Count;
            this.constants.Fill(rows[name] - signals.Count, value);
        }

        foreach (var (name, lanes) in ofLanes ?? new Dictionary<string, double[][]>())
        {
            own[name] = new(steps, lanes.Length, precision);
            for (var t = 0; t < steps; t++)
            {
                for (var lane = 0; lane < lanes.Length; lane++)
                {
                    own[name][t, lane] = lanes[lane][t];
                }
            }
        }
    }

    /// <summary>How many steps are simulated.</summary>
    public int Steps { get; }

    /// <summary>What gives the signals that are not the same for all lanes; null: there are none.</summary>
    public LaneSignals? OfLanes { get; init; }

    /// <summary>Changes a constant, such as the strength of the coupling to the data.</summary>
    public void SetConstant(string name, double value) => constants.Fill(rows[name] - signals.Rows, value);

    /// <summary>Changes a signal, such as the samples' weights.</summary>
    public void SetSignal(string name, double[] values) => signals.Set(rows[name], values);

    /// <summary>Where an input's number of the first step is, and how far on that of the next one is.</summary>
    internal RowPlace Locate(string name)
    {
        if (own.TryGetValue(name, out var lanes))
        {
            return new((nint)lanes.Row(0), (nint)lanes.RowBytes);
        }

        if (!rows.TryGetValue(name, out var row))
        {
            throw new ArgumentException($"the trace has no signal '{name}'", nameof(name));
        }

        var size = signals.Precision == Precision.Single ? sizeof(float) : sizeof(double);
        return row < signals.Rows ? new((nint)signals.Row(row), size) : new((nint)constants.Row(row - signals.Rows));
    }

    public void Dispose()
    {
        signals.Dispose();
        constants.Dispose();
        foreach (var rowsOfLanes in own.Values)
        {
            rowsOfLanes.Dispose();
        }
    }
}
