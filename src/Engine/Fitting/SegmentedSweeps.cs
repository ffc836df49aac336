using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Models;

namespace BrainModular.Engine.Fitting;

/// <summary>The fitted sweeps cut in segments (<see cref="Shooting"/>): what is changed there beside the parameters, the states with which each segment begins.</summary>
public sealed class SegmentedSweeps
{
    /// <summary>Of the range that a state is looked for in, a gap of so much counts as one.</summary>
    private const double Scale = 0.1;

    private readonly FitPlan plan;
    private readonly IReadOnlyList<FreeParameter> free;
    private readonly string[] states;
    private readonly Simulator alone;
    private readonly Simulator begun;
    private readonly StepFunction step;
    private readonly TrainingProgram program;
    private readonly List<FitPiece> pieces = [];
    private readonly List<FreeParameter> coordinates;
    private readonly List<int[]> columns = [];

    /// <param name="plan">The fit.</param>
    /// <param name="free">The parameters that it changes, in the order of coordinates.</param>
    /// <param name="states">The states of the model that its loss depends on.</param>
    public SegmentedSweeps(FitPlan plan, IReadOnlyList<FreeParameter> free, IReadOnlyList<string> states)
    {
        (this.plan, this.free, this.states) = (plan, free, [.. states.Where(s => plan.Model.States.Any(m => m.Name == s))]);
        Simulator Simulating(StepOptions options) => new(StepFunction.Build(plan.Model, options), plan.Train[0].TimeStep, plan.Precision, CompileOptions.Default, this.states);
        alone = Simulating(plan.StepOptions);
        begun = Simulating(plan.StepOptions with { Joins = this.states.ToDictionary(static s => s, static _ => 1.0) });
        step = Step(plan, this.states.ToDictionary(static s => s, static _ => 1.0));
        var ranges = Ranges();
        step = Step(plan, this.states.Zip(ranges, static (state, range) => (state, Weight: Math.Pow(Scale * (range.Upper - range.Lower), -2))).ToDictionary(static s => s.state, static s => s.Weight));
        program = new(TrainingFunctions.Derive(step), plan.Train[0].TimeStep, plan.Precision, CompileOptions.Default);
        coordinates = [.. free];
        foreach (var sweep in plan.Train)
        {
            Cut(sweep, ranges);
        }
    }

    /// <summary>What is changed: the parameters, and for every segment the states with which it begins.</summary>
    public IReadOnlyList<FreeParameter> Coordinates => coordinates;

    /// <summary>Refuses fits whose sweeps cannot be cut.</summary>
    /// <exception cref="DiagnosticException">BM2316.</exception>
    public static void Require(FitPlan plan)
    {
        if (plan.Loss.Alignment is not null)
        {
            throw Refused($"the loss {plan.Loss.Model.Name} lays recorded spikes over the model's, which segments have in part", "another loss");
        }

        if (Step(plan, plan.Model.States.ToDictionary(static s => s.Name, static _ => 1.0)).Step.Inputs.FirstOrDefault(static i => i.Kind is IrInputKind.Time or IrInputKind.Noise) is { } input)
        {
            throw Refused($"{plan.Model.Name} depends on {(input.Kind == IrInputKind.Time ? "the time since a sweep began" : "random numbers")}, which a segment does not begin with", "a model of its states alone");
        }
    }

    /// <summary>What evaluates candidates over the segments.</summary>
    internal FitReach Reach() => new(plan, pieces, step, program, null, coordinates, columns);

    /// <summary>Candidates with states for all segments: where the model goes with their parameters if its potential is set to the recorded one at the beginning of each.</summary>
    public IReadOnlyList<double[]> Extend(IReadOnlyList<double[]> points)
    {
        double[][] extended = [.. points.Select(p => (double[])[.. p, .. coordinates.Skip(free.Count).Select(static _ => 0.5)])];
        var values = Values(points);
        var place = free.Count;
        foreach (var piece in pieces)
        {
            if (piece.From == 0)
            {
                var begin = Run(alone, piece.Whole.Part(0, 1), values, points.Count);
                SetStates(values, begin, 0);
            }

            if (states.Contains("V"))
            {
                Array.Fill(values[StepOptions.InitialOf("V")], piece.Whole.Potential[piece.From]);
            }

            foreach (var state in states)
            {
                for (var lane = 0; lane < points.Count; lane++)
                {
                    var value = values[StepOptions.InitialOf(state)][lane];
                    extended[lane][place] = double.IsFinite(value) ? Math.Clamp(coordinates[place].Coordinate(value), 0, 1) : 0.5;
                }

                place++;
            }

            SetStates(values, Run(begun, piece.Sweep, values, points.Count), piece.Steps - 1);
        }

        return extended;
    }

    private static DiagnosticException Refused(string problem, string expected) =>
        new("BM2316", $"sweeps cannot be cut for 'shooting': {problem}", expected: expected, cure: "remove 'shooting', or take 'coupling' or 'horizon' in its place");

    private static StepFunction Step(FitPlan plan, IReadOnlyDictionary<string, double> joins) => StepFunction.Build(plan.Model, plan.Loss, null, plan.StepOptions with { Joins = joins });

    private Dictionary<string, double[]> Values(IReadOnlyList<double[]> points) => free.Select((f, i) => (f.Name, Values: points.Select(p => f.Value(p[i])).ToArray())).ToDictionary(static f => f.Name, static f => f.Values);

    private IReadOnlyDictionary<string, double[][]> Run(Simulator simulator, PreparedSweep sweep, Dictionary<string, double[]> values, int lanes)
    {
        using var trace = FitTrace.Of(sweep, FitPlan.StimulusPort(plan.Model), step, plan);
        return simulator.Run(trace, values, lanes);
    }

    private void SetStates(Dictionary<string, double[]> values, IReadOnlyDictionary<string, double[][]> runs, int at)
    {
        foreach (var state in states)
        {
            values[StepOptions.InitialOf(state)] = [.. runs[state].Select(lane => lane[at])];
        }
    }

    /// <summary>Between what each state can be in a segment: as far again to both sides as it goes in the run that the fit begins with, and the potential as it goes in the recording.</summary>
    private List<(double Lower, double Upper)> Ranges()
    {
        var given = Values([[.. free.Select(f => f.Coordinate(plan.StartOf(f)))]]);
        var found = states.ToDictionary(static s => s, static _ => (Least: double.PositiveInfinity, Most: double.NegativeInfinity));
        foreach (var sweep in plan.Train)
        {
            var runs = Run(alone, sweep, given, 1);
            foreach (var state in states)
            {
                var values = (state == "V" ? sweep.Potential : runs[state][0]).Where(double.IsFinite).DefaultIfEmpty(0).ToList();
                found[state] = (Math.Min(found[state].Least, values.Min()), Math.Max(found[state].Most, values.Max()));
            }
        }

        return [.. states.Select(s =>
        {
            var (least, most) = found[s];
            var span = most > least ? most - least : Math.Max(Math.Abs(most), 1);
            var range = plan.Model.States.First(m => m.Name == s).Range;
            return (Math.Max(least - span, range?.Lower.InEngineUnits ?? double.NegativeInfinity), Math.Min(most + span, range?.Upper.InEngineUnits ?? double.PositiveInfinity));
        })];
    }

    private void Cut(PreparedSweep sweep, List<(double Lower, double Upper)> ranges)
    {
        var length = Math.Max(1, (int)Math.Round(plan.Shooting!.Segment / sweep.TimeStep));
        var first = coordinates.Count;
        for (var from = 0; from < sweep.Steps; from += length)
        {
            var isJoined = from + length < sweep.Steps;
            var (own, next) = (first + (states.Length * (from / length)), first + (states.Length * ((from / length) + (isJoined ? 1 : 0))));
            pieces.Add(new(sweep, from, isJoined ? length + 1 : sweep.Steps - from, isJoined));
            coordinates.AddRange(states.Zip(ranges, (s, range) => new FreeParameter($"{s} at step {from} of sweep {sweep.Number}", range.Lower, range.Upper, ParameterScale.Linear)));
            columns.Add([.. program.Functions.Parameters.Select(name => Column(name, own, next))]);
        }
    }

    /// <summary>The coordinate that a parameter of the program is.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="own">The first of the states with which the piece begins.</param>
    /// <param name="next">The first of those with which the next one does.</param>
    private int Column(string name, int own, int next)
    {
        for (var s = 0; s < states.Length; s++)
        {
            if (name == StepOptions.InitialOf(states[s]) || name == StepOptions.FinalOf(states[s]))
            {
                return s + (name == StepOptions.InitialOf(states[s]) ? own : next);
            }
        }

        return free.Index().First(f => f.Item.Name == name).Index;
    }
}
