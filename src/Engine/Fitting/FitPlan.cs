using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting.Features;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Optimizers;
using BrainModular.Random;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Fitting;

/// <summary>A current k (Vdata - V) that holds the model near the data at first.</summary>
/// <param name="Conductance">k of the first round, in uS.</param>
/// <param name="Rounds">In how many rounds it is annealed to 0; each divides it by 4, and the last is without it.</param>
public sealed record Coupling(double Conductance, int Rounds)
{
    /// <summary>k in each round.</summary>
    public IReadOnlyList<double> Schedule =>
        [.. Enumerable.Range(0, Rounds).Select(r => r == Rounds - 1 ? 0 : Conductance * Math.Pow(4, -r))];
}

/// <summary>A fit that begins with the first part of every sweep and takes more of it in each round: over a short time gradients are tame, and what spikes much later cannot hide where the parameters are wrong.</summary>
/// <param name="First">How much of each sweep the first round takes, in ms.</param>
/// <param name="Rounds">How many rounds there are; each takes twice what the one before does, and the last all.</param>
public sealed record Horizon(double First, int Rounds)
{
    /// <summary>What each round takes; null: all.</summary>
    public IReadOnlyList<double?> Schedule =>
        [.. Enumerable.Range(0, Rounds).Select(r => r == Rounds - 1 ? (double?)null : First * Math.Pow(2, r))];
}

/// <summary>
/// Multiple shooting (Bock 1983, 10.1007/978-3-642-46957-2_7): every sweep is cut in segments that begin where the fit says, with all states, and what lies between the end of one and the beginning of the next counts in the loss, more in each
/// round; in the last the model runs over whole sweeps. A spike at the wrong time then moves what comes after it within its segment alone.
/// </summary>
/// <param name="Segment">How long a segment is, in ms.</param>
/// <param name="Rounds">How many rounds there are.</param>
public sealed record Shooting(double Segment, int Rounds)
{
    private const double Stronger = 10;

    /// <summary>What gaps count in each round: 1 where the gaps of all states of all segments by their scales cost as much as the model does that the fit begins with.</summary>
    public IReadOnlyList<double> Schedule => [.. Enumerable.Range(0, Rounds).Select(r => r == Rounds - 1 ? 0 : Math.Pow(Stronger, r))];
}

/// <summary>A round of a fit.</summary>
/// <param name="Conductance">The coupling's, in uS.</param>
/// <param name="Reach">How much of each sweep it takes, in ms; null: all.</param>
/// <param name="Joining">What gaps between segments count; 0: sweeps are not cut.</param>
public sealed record FitRound(double Conductance, double? Reach, double Joining = 0)
{
    /// <summary>The model runs freely over whole sweeps.</summary>
    public static readonly FitRound Free = new(0, null);
}

/// <summary>A loss that is the mean over values of a parameter around its own, so that no minimum is narrower than that: of a threshold, whose losses jump from spike to spike.</summary>
/// <param name="Parameter">The parameter, whose scale is linear.</param>
/// <param name="HalfWidth">How far the values go to both sides, in engine units.</param>
/// <param name="Points">How many there are, evenly spaced.</param>
public sealed record Jitter(string Parameter, double HalfWidth, int Points);

/// <summary>A fit of a model's parameters to recorded sweeps: what is given, before anything is run.</summary>
/// <param name="Model">The model.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Train">The sweeps that are fitted.</param>
/// <param name="Free">The parameters to fit.</param>
/// <param name="Fixed">Values of the others in engine units, where they are not the model's defaults.</param>
/// <param name="Start">Values of free parameters from which the first start begins, where they are not the defaults.</param>
/// <param name="Starts">How many starts run side by side. The first begins at <paramref name="Start"/>, each of the others at the best of eight random points within the bounds; with a <see cref="Search"/> they begin at the best candidates that it met.</param>
/// <param name="Optimizer">Makes an optimiser for one start.</param>
/// <param name="Integrator">The method of integration.</param>
/// <param name="InitialFromData">Whether V begins at the recorded potential instead of the model's.</param>
/// <param name="Coupling">The coupling to the data, or null.</param>
/// <param name="Precision">The numbers to compute with.</param>
/// <param name="Threads">How many threads may work.</param>
/// <param name="Random">The fit's random stream.</param>
public sealed record FitPlan(
    ModelDefinition Model,
    LossDefinition Loss,
    IReadOnlyList<PreparedSweep> Train,
    IReadOnlyList<FreeParameter> Free,
    IReadOnlyDictionary<string, double> Fixed,
    IReadOnlyDictionary<string, double> Start,
    int Starts,
    Func<IOptimizer> Optimizer,
    Integrator Integrator,
    bool InitialFromData,
    Coupling? Coupling,
    Precision Precision,
    int Threads,
    IRandomStream Random)
{
    /// <summary>The random stream of a sweep's noise, the same in the fit and in its assessment.</summary>
    public IRandomStream NoiseOf(PreparedSweep sweep) => Random.Split($"noise.{sweep.Number}");

    /// <summary>Values of the free parameters where the starts begin, such as those to which the starts of another fit came: one for each start. Null: as <see cref="Starts"/> says.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, double>>? Beginnings { get; init; }

    /// <summary>Makes an optimiser that searches the bounds, without coupling, for where the starts begin: at the best candidates it met that lie apart. Null: no search.</summary>
    public Func<IOptimizer>? Search { get; init; }

    /// <summary>What samples in the neighbourhood of recorded spikes count in the loss, from 0 to 1.</summary>
    public double SpikeWeight { get; init; } = 1;

    /// <summary>That neighbourhood; by default what <see cref="ExplainedVariance"/> leaves out.</summary>
    public SpikeWindow SpikeWindow { get; init; } = SpikeWindow.Subthreshold;

    /// <summary>How far apart recorded spikes and the model's may be that count as the same, in ms.</summary>
    public double SpikePrecision { get; init; } = 4;

    /// <summary>Whether, during the fit, recorded spikes stand for the model's own (<see cref="StepOptions.RecordedSpikes"/>).</summary>
    public bool RecordedSpikes { get; init; }

    /// <summary>Whether gradients take the model's own resets as they fall (<see cref="StepOptions.HeldResets"/>).</summary>
    public bool HeldResets { get; init; }

    /// <summary>Features that are fitted, with <see cref="Loss"/> or in its place. Null: none.</summary>
    public FeatureObjective? Features { get; init; }

    /// <summary>How a fit begins with parts of the sweeps. Null: it takes all of them at once.</summary>
    public Horizon? Horizon { get; init; }

    /// <summary>How a fit begins with segments of the sweeps; without coupling, horizon and jitter. Null: with whole ones.</summary>
    public Shooting? Shooting { get; init; }

    /// <summary>Over what the loss is averaged. Null: it is not.</summary>
    public Jitter? Jitter { get; init; }

    /// <summary>The rounds: those of the coupling and of the horizon side by side; in the last the model runs freely over whole sweeps.</summary>
    public IReadOnlyList<FitRound> Schedule
    {
        get
        {
            if (Shooting is { } shooting)
            {
                return [.. shooting.Schedule.Select(static joining => new FitRound(0, null, joining))];
            }

            var (coupled, reached) = (Coupling?.Schedule ?? [0], Horizon?.Schedule ?? [null]);
            return [.. Enumerable.Range(0, Math.Max(coupled.Count, reached.Count)).Select(r => new FitRound(r < coupled.Count ? coupled[r] : 0, r < reached.Count ? reached[r] : null))];
        }
    }

    /// <summary>The losses whose weighted sum is minimised.</summary>
    public IReadOnlyList<FittedLoss> Losses => Features is { IsAlone: true } alone
        ? [new(FeatureObjective.Name, alone.Weight, Units.one)]
        : [.. Loss.Parts.Select(static p => new FittedLoss(p.Name, p.Weight, p.Unit)), .. Features is { } features ? [new(FeatureObjective.Name, features.Weight, Units.one)] : Array.Empty<FittedLoss>()];

    /// <summary>How its step is built.</summary>
    internal StepOptions StepOptions => new(
        Train[0].TimeStep,
        Integrator,
        Fixed,
        Free.ToDictionary(static f => f.Name, static _ => ParameterBinding.PerElement),
        InitialFromData: InitialFromData ? ["V"] : [], SharedInputs: true, RecordedSpikes: RecordedSpikes, HeldResets: HeldResets);

    /// <summary>Where the first start begins with a parameter, in engine units.</summary>
    internal double StartOf(FreeParameter f) => Math.Clamp(Start.TryGetValue(f.Name, out var given) ? given : Model.FindParameter(f.Name)!.Default.InEngineUnits, f.Lower, f.Upper);

    /// <summary>The port that a recording's current drives: <c>I</c>, or the only one there is.</summary>
    /// <exception cref="DiagnosticException">BM2311: the model has several inputs, and none is named I.</exception>
    public static string StimulusPort(ModelDefinition model) => model.Ports.FirstOrDefault(static p => p.Name == "I")?.Name ?? (model.Ports.Count == 1
        ? model.Ports[0].Name
        : throw new DiagnosticException(
            "BM2311", $"{model.Name} has no input I for the recorded current", expected: "an input named I, or a single input", cure: "use another neuron model"));
}

/// <summary>Where one start ended.</summary>
/// <param name="Loss">Its loss, without coupling.</param>
/// <param name="Values">The free parameters, in engine units.</param>
/// <param name="Evaluations">How many candidates it evaluated.</param>
/// <param name="Status">Why it stopped.</param>
/// <param name="Reason">The same in words.</param>
/// <param name="History">The best loss after each round of evaluations, within the last round of coupling.</param>
public sealed record StartResult(
    double Loss, IReadOnlyDictionary<string, double> Values, int Evaluations, OptimizerStatus Status, string Reason, IReadOnlyList<double> History);

/// <summary>What came of a fit.</summary>
/// <param name="InitialLoss">The loss of the first start's initial values, without coupling.</param>
/// <param name="Starts">The starts, best first.</param>
/// <param name="SearchEvaluations">How many candidates the search for starts evaluated.</param>
/// <param name="SimulatedSteps">How many steps were simulated over all candidates and sweeps.</param>
public sealed record FitResult(double InitialLoss, IReadOnlyList<StartResult> Starts, int SearchEvaluations, long SimulatedSteps)
{
    public StartResult Best => Starts[0];

    /// <summary>What each of the plan's losses is with the best start, in engine units and before its weight; empty where there is one alone.</summary>
    public IReadOnlyList<double> Parts { get; init; } = [];
}
