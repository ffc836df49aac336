using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Export.Checking;
using BrainModular.Export.Onnx;
using BrainModular.Formats.Arrays;

namespace BrainModular.Export.Inference;

/// <summary>
/// An exported file, of a neuron or a network, of one step or of a sequence, run over time in ONNX Runtime. States that are not given are those
/// at time 0; the time itself is known from the length of a step.
/// </summary>
public sealed class ExportedModel : IDisposable
{
    private const string TimeInput = "time";

    private readonly string file;
    private readonly OnnxSession session;
    private readonly IReadOnlyList<ModelState> states;
    private readonly double timeStep;
    private readonly bool isStep;

    private ExportedModel(string file, OnnxSession session)
    {
        (this.file, this.session) = (file, session);
        if (Metadata("format") is var format && format != OnnxExport.Format)
        {
            throw Foreign("format", $"the format {format}, of which this version knows {OnnxExport.Format} only");
        }

        isStep = Metadata("mode") switch
        {
            "step" => true,
            "seq" => false,
            var mode => throw Foreign("mode", $"the mode {mode}"),
        };
        timeStep = double.TryParse(Metadata("dt_ms"), NumberStyles.Float, CultureInfo.InvariantCulture, out var length) && length > 0 && double.IsFinite(length)
            ? length : throw Foreign("dt_ms", "no length of a step");
        states = ModelState.Parse(Metadata("state"), file);
        foreach (var state in states)
        {
            if (!session.Inputs.Contains(state.In) || !session.Outputs.Contains(state.Out) || !session.AxesOf(state.In).Skip(1).Select(static axis => (long)axis).SequenceEqual(state.Shape))
            {
                throw Foreign("state", $"a state from {state.In} to {state.Out} with [{string.Join(", ", state.Shape)}] numbers, which is none of the model's");
            }
        }
    }

    /// <summary>The inputs that have numbers in every step, states left out.</summary>
    public IEnumerable<string> Inputs => session.Inputs.Where(name => states.All(state => state.In != name));

    /// <summary>The inputs that a caller has to give: the time is known, unless nothing else says how many steps there are.</summary>
    public IEnumerable<string> Asked => Inputs.Where(static name => name != TimeInput).DefaultIfEmpty(TimeInput);

    /// <summary>The outputs that have numbers in every step.</summary>
    public IEnumerable<string> Results => session.Outputs.Where(name => isStep ? states.All(state => state.Out != name) : session.AxisNamesOfOutput(name)[0] == OnnxExport.Time);

    /// <summary>Why the model runs on the processor though CUDA was asked for; null where it runs where it should.</summary>
    public string? WithoutCuda => session.WithoutCuda;

    /// <summary>Loads a file.</summary>
    /// <exception cref="DiagnosticException">BM3610: it was not exported by BrainModular; BM3614: ONNX Runtime refuses it; BM6502: its library cannot be loaded.</exception>
    public static ExportedModel Open(string file, OnnxProvider provider = OnnxProvider.Cpu)
    {
        var session = OnnxSession.Open(file, provider, isGiven: true);
        try
        {
            return new(file, session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Runs the model over time.</summary>
    /// <param name="given">Numbers for inputs, by name.</param>
    /// <param name="wanted">The outputs that are wanted: by step, or the last states; from a step model states by step, too.</param>
    /// <param name="cancel">Stops between steps of a step model.</param>
    /// <exception cref="DiagnosticException">BM3611: an input is unknown or missing; BM3612: an array has another shape; BM3613: an output is unknown.</exception>
    public IReadOnlyDictionary<string, NumberArray> Run(IReadOnlyDictionary<string, GivenArray> given, IReadOnlyList<string> wanted, CancellationToken cancel = default)
    {
        if (wanted.FirstOrDefault(name => !session.Outputs.Contains(name)) is { } unknown)
        {
            throw new DiagnosticException("BM3613", $"the model has no output {unknown}", new Place(file), $"one of {string.Join(", ", session.Outputs)}", "name another output");
        }

        var (rows, steps, lanes) = Complete(given);
        var results = isStep ? StepByStep(rows, steps, lanes, wanted, cancel) : session.Run(rows, wanted);
        return wanted.ToDictionary(static name => name, name => new NumberArray(results[name].Shape, results[name].Elements, session.IsSingle(session.Inputs[0])));
    }

    public void Dispose() => session.Dispose();

    /// <summary>All inputs: what is given, and first states and times where they are not.</summary>
    internal (Dictionary<string, OnnxRow> Rows, long Steps, long Lanes) Complete(IReadOnlyDictionary<string, GivenArray> given)
    {
        if (given.FirstOrDefault(pair => !session.Inputs.Contains(pair.Key)) is { Key: { } unknown } foreign)
        {
            throw new DiagnosticException("BM3611", $"the model has no input {unknown}", foreign.Value.Place, $"one of {string.Join(", ", session.Inputs)}", "name another input");
        }

        string[] required = [.. Asked];
        if (required.FirstOrDefault(name => !given.ContainsKey(name)) is { } missing)
        {
            throw new DiagnosticException("BM3611", $"the input {missing} is missing", given.Values.FirstOrDefault()?.Place ?? default,
                string.Join(", ", required.Select(name => $"{name} {Expected(name, null, null)}")), "give numbers for every input");
        }

        var first = given[required[0]];
        var (steps, lanes) = first.Array.Shape.Count == 3 ? (first.Array.Shape[0], first.Array.Shape[1]) : throw Misshapen(required[0], first, null, null);
        var rows = Inputs.Where(name => name == TimeInput && !given.ContainsKey(name)).ToDictionary(static name => name, _ => new OnnxRow([steps, lanes, 1], Times(steps, lanes)));
        foreach (var (name, array) in given)
        {
            var shape = array.Array.Shape;
            var expected = Lengths(name, steps, lanes);
            rows[name] = shape.Count == expected.Length && shape.Zip(expected).All(static pair => pair.First == pair.Second) && shape.All(static length => length > 0)
                ? new(shape, array.Array.Elements)
                : throw Misshapen(name, array, steps, lanes);
        }

        foreach (var state in states.Where(state => !rows.ContainsKey(state.In)))
        {
            var start = state.At0(lanes);
            rows[state.In] = new(start.Shape, start.Elements);
        }

        return (rows, steps, lanes);
    }

    private Dictionary<string, OnnxRow> StepByStep(Dictionary<string, OnnxRow> rows, long steps, long lanes, IReadOnlyList<string> wanted, CancellationToken cancel)
    {
        var now = states.ToDictionary(static state => state.In, state => rows[state.In]);
        var collected = wanted.ToDictionary(static name => name, static _ => new List<double[]>());
        string[] outputs = [.. states.Select(static state => state.Out).Union(wanted)];
        IReadOnlyDictionary<string, OnnxRow> results = rows;
        for (var step = 0; step < steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var name in Inputs)
            {
                var width = (int)(lanes * rows[name].Shape[2]);
                now[name] = new([lanes, rows[name].Shape[2]], rows[name].Elements.AsSpan(step * width, width).ToArray());
            }

            results = session.Run(now, outputs);
            foreach (var state in states)
            {
                now[state.In] = results[state.Out];
            }

            foreach (var (name, list) in collected)
            {
                list.Add(results[name].Elements);
            }
        }

        return wanted.ToDictionary(static name => name, name => new OnnxRow([steps, .. results[name].Shape], [.. collected[name].SelectMany(static row => row)]));
    }

    private double[] Times(long steps, long lanes)
    {
        var times = new double[steps * lanes];
        for (var i = 0L; i < times.Length; i++)
        {
            times[i] = i / lanes * timeStep;
        }

        return times;
    }

    /// <summary>The lengths of an input's axes, null where they are open: those of a sequence, also for a step model.</summary>
    private long?[] Lengths(string name, long? steps, long? lanes)
    {
        long?[] own = [.. session.AxesOf(name).Zip(session.AxisNamesOf(name)).Select(axis => axis.Second switch
        {
            OnnxExport.Batch => lanes,
            OnnxExport.Time => steps,
            _ => axis.First,
        })];
        return isStep && states.All(state => state.In != name) ? [steps, .. own] : own;
    }

    private string Expected(string name, long? steps, long? lanes)
    {
        var isState = states.Any(state => state.In == name);
        return $"[{string.Join(", ", Lengths(name, steps, lanes).Select((length, axis) => length?.ToString(CultureInfo.InvariantCulture) ?? (axis == 0 && !isState ? OnnxExport.Time : OnnxExport.Batch)))}]";
    }

    private DiagnosticException Misshapen(string name, GivenArray given, long? steps, long? lanes) => new(
        "BM3612", $"the array for {name} has the shape {given.Array.ShapeText}", given.Place, $"{Expected(name, steps, lanes)}, none of them 0",
        "bring the array into that shape: steps first, then trials side by side, then channels or units");

    private string Metadata(string key) => session.Metadata.GetValueOrDefault($"brainmodular.{key}") ?? throw Foreign(key, "no such entry");

    private DiagnosticException Foreign(string key, string found) => new(
        "BM3610", $"the model's metadata has {found}", new Place(file, $"brainmodular.{key}"), "a model.step.onnx or model.seq.onnx that BrainModular exported", "name such a file");
}
