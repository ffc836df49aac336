using BrainModular.Engine.Kernels;
using BrainModular.Engine.Networks;
using BrainModular.Export.Networks;

namespace BrainModular.Export.Checking;

/// <summary>
/// The engine's run, whole, as files take it: every state and all that is sent. A place is a step of a trial, step * trials + trial; rows are
/// [place][unit].
/// </summary>
internal sealed class NetworkReference
{
    private readonly Dictionary<(string Population, string State), double[]> states = [];
    private readonly Dictionary<(string Source, string Output), double[]> sent = [];

    private NetworkReference(NetworkModel model, int steps, int lanes) => (Model, Steps, Lanes) = (model, steps, lanes);

    /// <summary>What was run, with the states at time 0.</summary>
    public NetworkModel Model { get; private set; }

    public int Steps { get; }

    public int Lanes { get; }

    /// <summary>What arrives from outside, and the time, [place][channel].</summary>
    public IReadOnlyList<(string Name, int Width, double[] Elements)> Rows { get; private set; } = [];

    /// <summary>Runs the engine.</summary>
    /// <param name="plan">The network, its weights and the stimulus.</param>
    /// <param name="budget">What may be recorded, bytes: the stimulus is run up to that length, one step at least.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <exception cref="Diagnostics.DiagnosticException">BM25xx: the network contradicts itself; BM27xx: it cannot be exported; BM5201: a state is not finite.</exception>
    public static NetworkReference Run(NetworkExportPlan plan, long budget, CancellationToken cancel)
    {
        var program = new NetworkProgram(plan.Network, plan.EnginePrecision, Options(plan.Network, plan.Compile));
        var model = NetworkModel.From(program, plan);
        plan.Stimulus.Check(plan.Network);
        var perStep = model.Populations.Sum(static p => (long)p.Units * (p.Step.States.Count + p.Sent.Count)) * plan.Stimulus.Trials * sizeof(double);
        var reference = new NetworkReference(model, (int)Math.Clamp(budget / perStep, 1, plan.Stimulus.Steps), plan.Stimulus.Trials);
        reference.Record(program, plan, cancel);
        return reference;
    }

    /// <summary>A state at the end of the step, [place][unit].</summary>
    public double[] After(string population, string state) => states[(population, state)][(Lanes * Units(population))..];

    /// <summary>The same for some places.</summary>
    public double[] After(string population, string state, int[] places) => Take(states[(population, state)], [.. places.Select(place => place + Lanes)], Units(population));

    /// <summary>The largest magnitude of a state.</summary>
    public double Largest(string population, string state) => states[(population, state)].Max(Math.Abs);

    /// <summary>What was sent in the step, [place][unit].</summary>
    public double[] Sent(string source, string output) => sent[(source, output)];

    /// <summary>States and delay lines at the start of the steps of some places.</summary>
    /// <param name="places">Which.</param>
    /// <param name="nudge">What is added to membrane potentials, mV.</param>
    public Dictionary<string, OnnxRow> States(int[] places, double nudge)
    {
        var rows = new Dictionary<string, OnnxRow>();
        foreach (var population in Model.Populations)
        {
            foreach (var state in population.Step.States)
            {
                var row = Take(states[(population.Name, state)], places, population.Units);
                rows[NetworkNames.State(population.Name, state)] = new(
                    [places.Length, population.Units], state == "V" && nudge != 0 ? [.. row.Select(value => value + nudge)] : row);
            }
        }

        foreach (var line in Model.DelayLines)
        {
            rows[NetworkNames.Delay(line.Source, line.Output)] = new([places.Length, line.Depth, line.Units], History(line, places));
        }

        return rows;
    }

    /// <summary>The numbers of some places.</summary>
    public static double[] Take(double[] row, int[] places, int width)
    {
        var taken = new double[(long)places.Length * width];
        for (var i = 0; i < places.Length; i++)
        {
            Array.Copy(row, (long)places[i] * width, taken, (long)i * width, width);
        }

        return taken;
    }

    /// <summary>The engine keeps what it starts from and what it sends to be recorded.</summary>
    private static NetworkOptions Options(NetworkDefinition network, CompileOptions compile) => new()
    {
        Compile = compile,
        Record = network.Populations.ToDictionary(static p => p.Name, p => (IReadOnlyList<string>)
        [
            .. p.Model.States.Select(static s => $"initial.{s.Name}"),
            .. PopulationModel.SentBy(network, p).SelectMany(static s => new[] { $"{s}.sent", $"initial.{s}.sent" }),
        ]),
    };

    private void Record(NetworkProgram program, NetworkExportPlan plan, CancellationToken cancel)
    {
        var probes = new List<(Probe Probe, Action<double[][][]> Keep)>();
        var before = new Dictionary<(string, string), double[]>();
        foreach (var population in Model.Populations)
        {
            int[] units = [.. Enumerable.Range(0, population.Units)];
            foreach (var state in population.Step.States)
            {
                var row = states[(population.Name, state)] = new double[(Steps + 1L) * Lanes * population.Units];
                probes.Add((new(population.Name, $"initial.{state}", units, Steps), trace => Fill(row, trace, 0)));
                probes.Add((new(population.Name, state, units), trace => Fill(row, trace, 1)));
            }

            foreach (var output in population.Sent)
            {
                var row = sent[(population.Name, output)] = new double[(long)Steps * Lanes * population.Units];
                probes.Add((new(population.Name, $"{output}.sent", units), trace => Fill(row, trace, 0)));
                if (population.IsGraded(output))
                {
                    probes.Add((new(population.Name, $"initial.{output}.sent", units, Steps), trace => before[(population.Name, output)] = [.. trace[0].Select(static unit => unit[0])]));
                }
            }
        }

        using var batch = NetworkBatch.Open(program, new(Steps, Lanes, Threads: 1));
        var record = batch.Record([.. plan.Coordinates], plan.Stimulus, new([.. probes.Select(static p => p.Probe)], Lanes, long.MaxValue), cancel);
        foreach (var (probe, trace) in probes.Zip(record.Traces))
        {
            probe.Keep(trace);
        }

        foreach (var input in Model.Inputs)
        {
            sent[(input.Name, "")] = plan.Stimulus.AsRows(input.Name, Steps, input.Count, 0, Lanes);
        }

        var activity = sent.ToDictionary(static pair => pair.Key, static pair => pair.Value.LongCount(static value => value != 0) / (double)pair.Value.Length);
        Model = Model.AfterRun((population, state) => states[(population, state)][..Units(population)], before, activity);
        double[] time = [.. Enumerable.Range(0, Steps * Lanes).Select(place => place / Lanes * Model.TimeStep)];
        Rows =
        [
            .. Model.Inputs.Select(input => (NetworkNames.Input(input.Name), input.Count, sent[(input.Name, "")])),
            .. Model.ReadsTime ? [(NetworkNames.Time, 1, time)] : Array.Empty<(string, int, double[])>(),
        ];
    }

    private int Units(string population) => Model.Populations.First(p => p.Name == population).Units;

    /// <summary>Puts what was recorded, [lane][unit][sample], to its places.</summary>
    private static void Fill(double[] row, double[][][] trace, int firstStep)
    {
        var (lanes, units) = (trace.Length, trace[0].Length);
        for (var lane = 0; lane < lanes; lane++)
        {
            for (var unit = 0; unit < units; unit++)
            {
                for (var sample = 0; sample < trace[lane][unit].Length; sample++)
                {
                    row[((((long)firstStep + sample) * lanes) + lane) * units + unit] = trace[lane][unit][sample];
                }
            }
        }
    }

    private double[] History(DelayLine line, int[] places)
    {
        var row = sent[(line.Source, line.Output)];
        var history = new double[(long)places.Length * line.Depth * line.Units];
        for (var i = 0; i < places.Length; i++)
        {
            for (var ago = 1; ago <= line.Depth; ago++)
            {
                var at = (((long)i * line.Depth) + ago - 1) * line.Units;
                var place = (long)places[i] - ((long)ago * Lanes);
                if (place >= 0)
                {
                    Array.Copy(row, place * line.Units, history, at, line.Units);
                    continue;
                }

                for (var unit = 0; unit < line.Units; unit++)
                {
                    history[at + unit] = line.Initial.Length == 1 ? line.Initial[0] : line.Initial[unit];
                }
            }
        }

        return history;
    }
}
