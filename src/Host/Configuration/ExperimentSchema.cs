using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Optimizers;
using BrainModular.Recordings;
using BrainModular.Symbolics;
using BrainModular.Tasks;

namespace BrainModular.Host.Configuration;

/// <summary>A type of stage: its keys and its typed form.</summary>
internal sealed record StageType(string Name, Schema Schema, Func<string, ConfigSection, StageConfig> Make);

/// <summary>Every key of an experiment. Validation, suggestions, <c>--set</c>, defaults and the reference page are read off these tables.</summary>
internal static class ExperimentSchema
{
    /// <summary>The method of training that goes back through whole trials.</summary>
    public const string Backpropagation = "bptt";

    /// <summary>The method of training that learns from rewards.</summary>
    public const string Reward = "reward";

    private static readonly Key StageKind = new("type", new TextKind(), "The type of the stage; by default its name.");
    private static readonly Key From = new("from", new ListKind(new TextKind(), orOne: true), "Earlier stages whose results this one takes.");
    private static readonly Key FromRequired = From with { Required = true };
    private static readonly Key Integrator = new(
        "integrator", new ChoiceKind([.. Engine.Steps.Integrator.All.Select(static i => i.Name)]), "How the model's equations are stepped through time.", "exponential-euler");
    private static readonly Key Precision = new("precision", new ChoiceKind("float32", "float64"), "The numbers that are computed with.", "float64");
    private static readonly Key TimeStep = new(
        "timeStep", new QuantityKind(Dimension.Duration, "0.05 ms", lower: 1e-6), "The length of a step; by default the recording's sampling interval, a fraction of it where that is above 0.1 ms, or a multiple of up to 0.025 ms where it is below 0.01 ms.");

    private static readonly Schema NeuronKeys = new("neuron", "A neuron model of a plugin.",
    [
        new("parameters", new ParametersKind(), "Values and bounds of parameters; those not named keep the model's own."),
        Channels(new ParametersKind()),
    ]);

    private static readonly Schema RecordingKeys = new("recording", "A recording, read by a plugin.",
    [
        new("path", new PathKind(), "The file; required, unless 'recordings' names it."),
        new("sweeps", new SweepsKind(), "Which sweeps are fitted and which held out; by default all current-clamp sweeps, every third held out. What 'train' and 'test' both choose is held out."),
        new("response", new TextKind(), "Which recorded series are taken where several electrodes recorded at once: the last part of their paths, in which * stands for any characters and ? for one; by default all, and a sweep with several is refused."),
        new("start", new QuantityKind(Dimension.Duration, "100 ms", lower: 0), "Where in each sweep to begin.", "0 ms"),
        new("duration", new QuantityKind(Dimension.Duration, "1 s", lower: 1e-6), "How much of each sweep to take; by default all of it."),
        new("junctionPotential", new QuantityKind(Dimension.Voltage, "14 mV"), "The liquid junction potential, which is subtracted from the recorded potential: 10 to 17 mV with potassium gluconate in the pipette and chloride in the bath, where it was not corrected while recording.", "0 mV"),
        new("electrode", new SectionKind(new("electrode", "The electrode in series with the membrane, whose part of the recorded potential is subtracted.",
        [
            new("resistance", new QuantityKind(Dimension.Voltage / Dimension.ElectricCurrent, "9 MOhm", lower: 0), "Its resistance; by default it is estimated from the sweeps that are fitted, or from those of 'calibration', together with the time constant."),
            new("timeConstant", new QuantityKind(Dimension.Duration, "0.5 ms", lower: 0), "How slowly it charges, where the resistance is given.", "0 ms"),
            new("calibration", new PathKind(), "A recording of the same cell through the same electrode, with all of whose current-clamp sweeps it is estimated, such as of a weak noise current before the experiment."),
            new("when", new ChoiceKind("always", "found", "never"), "Whether its part is subtracted always, of an estimated one where it is found to be no part of the cell (within 0.1 ms, at most 200 MOhm), or never.", "always"),
        ])), "The electrode in series with the membrane, whose part of the recorded potential is subtracted; by default nothing is. A fit that does not say how it is done subtracts it where it is found."),
        new("spikeThreshold", new QuantityKind(Dimension.Voltage, "0 mV"), "The recorded potential, less the junction potential, that a spike reaches, where the current through the electrode makes the potential as steep as spikes are; by default spikes are found by their shape."),
        new("spikeReset", new QuantityKind(Dimension.Voltage, "5 mV", lower: 1e-3), "How far the potential falls from one sample to the next at a spike, in the traces of a model that draws none but is reset; by default spikes are found by their shape."),
        new("spikeArtefacts", new SectionKind(new("spikeArtefacts", "Where a measured current shows the recorded spikes.",
        [
            new("before", new QuantityKind(Dimension.Duration, "1 ms", lower: 0), "How long before each spike that begins.", "1 ms"),
            new("after", new QuantityKind(Dimension.Duration, "5 ms", lower: 0), "How long after it that ends.", "5 ms"),
            new("when", new ChoiceKind("always", "found", "never"), "Whether the current is replaced at all spikes, at them where it is found to show them, or at none.", "always"),
        ])), "Replaces the current near recorded spikes, which tells a model of them where it was measured, by a straight line; by default it is taken as recorded, and a warning says where it shows them. A fit that does not say how it is done replaces it where it shows them."),
        new("testFrom", new QuantityKind(Dimension.Duration, "10 s", lower: 1e-6), "Splits sweeps in time, too: only what comes before it is fitted, and what comes after it is held out, of fitted sweeps as well."),
    ]);

    private static readonly Schema NoKeys = new("component", "A component of a plugin.", []);
    private static readonly ComponentKind Neuron = new(typeof(INeuronModel), "neuron model", NeuronKeys);
    private static readonly ComponentKind Recording = new(typeof(IRecordingLoader), "recording loader", RecordingKeys, typeRequired: false);
    private static readonly ComponentKind Surrogate = new(typeof(ISurrogate), "surrogate", NoKeys);

    private static readonly Schema Network = NetworkSchema.Network(Integrator, Precision, Surrogate);

    private static readonly Key SurrogateKey = new(
        "surrogate", Surrogate, "The smooth function whose slope stands for a spike's.", """{ "type": "sigmoid" }""");

    private static readonly Schema Fit = new("fit", "Fits a neuron model's parameters to a recording.",
    [
        StageKind,
        From with { Doc = "An earlier fit, of whose neuron this one goes on: parameters without a value of their own here have, or begin with, those fitted there." },
        new("neuron", Neuron, "The model; by default that of the fit in 'from'.", Required: true, Unless: "from"),
        new("recording", Recording, "What it is fitted to; by default that of the fit in 'from'.", Required: true, Unless: "from"),
        new("free", new ListKind(new TextKind()), "The parameters to fit; by default every one that has no value of its own in 'neuron.parameters'. With none the model is only compared with the recording."),
        Integrator, TimeStep, Precision,
        SurrogateKey,
        new("initialValues", new ChoiceKind("model", "recording"), "Where parameters begin that have no value here: at the model's values, or where the fitted sweeps put C, gL and EL (of a passive membrane), Vreset and tref (of the spikes' shape); 'spikeWindow' then lasts by default from 1 ms before a spike to 0.5 ms after tref.", "model"),
        new("initialPotential", new ChoiceKind("recording", "model"), "Whether V begins at the recorded potential or at the model's own.", "recording"),
        LossSchema.Key,
        new("spikeWeight", new NumberKind(0, 1), "What samples near recorded spikes count in the loss.", "1"),
        new("spikeWindow", new SectionKind(new("spikeWindow", "Which samples are near a recorded spike.",
        [
            new("before", new QuantityKind(Dimension.Duration, "5 ms", lower: 0), "How long before the spike they begin.", "5 ms"),
            new("after", new QuantityKind(Dimension.Duration, "30 ms", lower: 0), "How long after it they end.", "30 ms"),
        ])), "Which samples are near a recorded spike; by default those from 5 ms before to 30 ms after it."),
        new("spikePrecision", new QuantityKind(Dimension.Duration, "4 ms", lower: 1e-6), "How far apart recorded spikes and the model's may be that count as the same in the figures.", "4 ms"),
        new("spikes", new ChoiceKind("model", "recording"), "Whose spikes reset the model during the fit: with recorded ones its loss is smooth. Figures are of the model with its own.", "model"),
        new("resetGradient", new ChoiceKind("surrogate", "none"), "How gradients pass through the model's own resets: by the surrogate, or not at all, so that only spikes that the loss sees have it.", "surrogate"),
        new("search", new ComponentKind(typeof(IOptimizer), "optimizer", NoKeys), "An optimiser that searches the bounds for where the starts begin; by default the first begins at the model's values, the others at random ones."),
        new("optimizer", new ComponentKind(typeof(IOptimizer), "optimizer", NoKeys), "What minimises it.", """{ "type": "l-bfgs-b" }"""),
        new("starts", new IntegerKind(1, 100_000), "How many random starts are fitted side by side.", "20"),
        new("fitters", new NamedKind("fitter", new SectionKind(new("fitter", "A way to fit.",
        [
            new("optimizer", new ComponentKind(typeof(IOptimizer), "optimizer", NoKeys), "What minimises the loss.", Required: true),
            new("search", new ComponentKind(typeof(IOptimizer), "optimizer", NoKeys), "An optimiser that searches the bounds for where the starts begin."),
            new("starts", new IntegerKind(1, 100_000), "How many starts run side by side.", "1"),
            new("after", new TextKind(), "An earlier fit of the same parameters that is run first, with its own loss and as many starts: the starts begin where those end."),
            new("coupled", new FlagKind(), "Whether the fit's coupling holds the model near the data at first, and its horizon or shooting begins with parts of the sweeps; losses count only once the model runs freely over all.", "false"),
        ]))), "What 'brain compare-fitters' compares in place of 'optimizer', 'search' and 'starts'; by default every optimiser there is. A run takes no notice of it."),
        new("coupling", new SectionKind(new("coupling", "A current k (Vdata - V) that holds the model near the data, annealed to none.",
        [
            new("conductance", new QuantityKind(Dimension.Conductance, "50 nS", lower: 0), "The conductance k of the first round.", Required: true),
            new("rounds", new IntegerKind(1, 100), "In how many rounds it is annealed; the last is without it.", "4"),
        ])), "Holds the model near the data at first; by default it is not held."),
        new("horizon", new SectionKind(new("horizon", "How much of each sweep, from the start of what is taken of it, is fitted at first.",
        [
            new("first", new QuantityKind(Dimension.Duration, "100 ms", lower: 1e-6), "How much the first round takes; each takes twice what the one before does.", Required: true),
            new("rounds", new IntegerKind(2, 30), "In how many rounds; the last takes all. Those of 'coupling' are the same rounds.", "4"),
        ])), "Begins with the first part of every sweep; by default all of it is fitted at once."),
        new("shooting", new SectionKind(new("shooting", "Multiple shooting: segments that begin where the fit says, and gaps between them that count in the loss, more in each round.",
        [
            new("segment", new QuantityKind(Dimension.Duration, "50 ms", lower: 1e-6), "How long a segment is.", Required: true),
            new("rounds", new IntegerKind(2, 30), "In how many rounds, each with gaps that count ten times as much; the last is of whole sweeps.", "4"),
        ])), "Cuts sweeps in segments at first, with all states at their beginnings as further unknowns; by default sweeps are whole. Not beside 'coupling', 'horizon' or 'jitter'."),
        new("jitter", new SectionKind(new("jitter", "Averages the loss over values of a parameter around its own.",
        [
            new("parameter", new TextKind(), "Which of the fitted ones, such as a threshold; its scale has to be linear.", Required: true),
            new("halfWidth", new AnyQuantityKind("0.7 mV"), "How far the values go to both sides, beyond its bounds, too.", Required: true),
            new("points", new IntegerKind(2, 101), "How many values there are, evenly spaced.", "5"),
        ])), "Keeps losses that jump from spike to spike from a minimum narrower than that; by default there is none."),
        UncertaintySchema.Key,
    ]);

    private static readonly Schema Simulate = new("simulate", "Simulates a fitted model over a recording's stimuli, a model under a current step, or a network.",
    [
        StageKind, From,
        new("neuron", Neuron, "The model; by default the one of the stage in 'from', as fitted."),
        new("recording", Recording, "Whose stimuli are injected; by default those of the stage in 'from'."),
        new("stimulus", new SectionKind(new("stimulus", "A current step.",
        [
            new("amplitude", new QuantityKind(Dimension.ElectricCurrent, "200 pA"), "Its height.", Required: true),
            new("start", new QuantityKind(Dimension.Duration, "100 ms", lower: 0), "When it begins.", "0 ms"),
            new("duration", new QuantityKind(Dimension.Duration, "500 ms", lower: 0), "How long it lasts; by default to the end."),
        ])), "A current step, where no recording gives the stimulus."),
        new("duration", new QuantityKind(Dimension.Duration, "1 s", lower: 1e-6), "How long to simulate; by default as long as the recording, or as a trial of the task."),
        .. SimulationSchema.Keys(Network),
        SurrogateKey,
        Integrator with { Doc = "How the model's equations are stepped through time; by default as in the fit, else exponential-euler.", Default = null },
        TimeStep,
        Precision with { Doc = "The numbers that are computed with; by default those of the fit, else float64.", Default = null },
    ]);

    private static readonly Schema Export = new("export", "Writes a fitted model or a trained network as ONNX and checks the files in ONNX Runtime.",
    [
        StageKind, FromRequired,
        new("tolerance", new QuantityKind(Dimension.Voltage, "0.001 mV", lower: 0), "The largest difference in potential that the check lets pass.", "0.001 mV"),
        new("trials", new IntegerKind(1, 1 << 24), "How many fresh trials a network's files answer in ONNX Runtime.", "100"),
        new("nir", new FlagKind(), "Whether a trained network is written as model.nir, too, in the Neuromorphic Intermediate Representation.", "false"),
    ]);

    private static readonly Schema Train = new("train", "Trains a network on a task, a batch of fresh trials at a time.",
    [
        StageKind,
        From with { Doc = "An earlier training whose network and weights this one begins with; on another task the projections onto the readout begin anew." },
        new("weights", new ChoiceKind("trained", "initial"), "Which weights of the network in 'from' this one begins with: what the earlier training made of them, or those that the network was made with.", "trained"),
        new("network", new SectionKind(Network), "The network; by default that of the stage in 'from'."),
        new("task", new ComponentKind(typeof(ITask), "task", NoKeys), "What is learnt; by default the task of the stage in 'from'."),
        new("frozen", new ListKind(new TextKind()), "Projections whose weights stay as they are."),
        SurrogateKey with { Default = null, Doc = $"{SurrogateKey.Doc[..^1]}; by default that of the stage in 'from', else {SurrogateKey.Default}." },
        new("optimizer", new ComponentKind(typeof(IOptimizer), "optimizer", NoKeys), "What changes the weights.", """{ "type": "adam" }"""),
        new("loss", new ChoiceKind("cross-entropy", "mean-squared-error"), "What is minimised; by default cross-entropy where targets are classes, else mean-squared-error."),
        new("rateRegularizer", new SectionKind(new("rateRegularizer", "Adds weight (rate - target)^2 to the loss, averaged over the units of each trained population.",
        [
            new("weight", new NumberKind(0, double.MaxValue), "Its weight, per Hz^2.", Required: true),
            new("target", new QuantityKind(Dimension.Rate, "5 Hz", lower: 0), "The rate that units are held near.", Required: true),
        ])), "Holds the rates of spiking populations near a target; by default they are free."),
        new("voltageRegularizer", new SectionKind(new(
            "voltageRegularizer",
            "Adds weight (max(0, V - upper)^2 + max(0, lower - V)^2) to the loss, averaged over the steps and units of each trained population with a membrane potential V.",
        [
            new("weight", new NumberKind(0, double.MaxValue), "Its weight, per mV^2.", Required: true),
            new("lower", new QuantityKind(Dimension.Voltage, "-80 mV"), "The lowest potential that costs nothing; by default -1 of the network's rescaling, else -90 mV."),
            new("upper", new QuantityKind(Dimension.Voltage, "-40 mV"), "The highest potential that costs nothing; by default 1 of the network's rescaling, else -40 mV."),
        ])), "Holds membrane potentials within bounds; by default they are free."),
        new("batch", new IntegerKind(1, 1 << 20), "How many trials a step of training has.", "32"),
        new("maxTrials", new IntegerKind(1, 1L << 40), "After how many trials training ends.", "10000"),
        new("validationTrials", new IntegerKind(1, 1 << 24), "How many trials a validation has; they are the same at each.", "200"),
        new("validateEvery", new IntegerKind(1, 1 << 24), "How many batches lie between two validations.", "10"),
        new("targetAccuracy", new NumberKind(0, 1), "The accuracy in validation at which training ends; by default it goes on."),
        new("patience", new IntegerKind(1, 1 << 24), "After how many validations without improvement training ends; by default it goes on."),
        new("evaluationTrials", new IntegerKind(1, 1 << 24), "How many fresh trials the best weights are evaluated on at the end.", "1000"),
        new("method", new ChoiceKind(Backpropagation, "d-rtrl", "es-d-rtrl", "e-prop", "rtrl", Reward), "How gradients are found: bptt goes back through whole trials; the others go along with time, in memory that does not grow with it. reward knows no targets: the network chooses by chance, and learns from whether that was right.", "\"bptt\""),
        new("traces", new ChoiceKind("d-rtrl", "es-d-rtrl", "e-prop", "rtrl"), "The method whose traces and learning signals a reward multiplies; by default d-rtrl."),
        new("feedback", new ChoiceKind("symmetric", "random", "adaptive"), "By which weights e-prop's learning signals come from the readout.", "\"symmetric\""),
        new("timescales", new ListKind(new QuantityKind(Dimension.Duration, "20 ms", lower: 1e-6)), "The time constants of es-d-rtrl's pairs of factors; by default those of the units' own states."),
        new("updateEvery", new IntegerKind(0, 1 << 24), "After how many steps weights change, by an online method; 0: after whole trials.", "0"),
        new("stream", new FlagKind(), "Whether, by an online method, trials follow each other without setting the network back to its initial states.", "false"),
        new("gradientWindow", new IntegerKind(0, 1 << 24), "Over how many steps gradients are followed back; 0: over whole trials.", "0"),
        new("memory", new IntegerKind(1, 1 << 24), "How many MB the states of a batch may take; where they need more, steps are computed again.", "2048"),
    ]);

    private static readonly Schema Evaluate = new("evaluate", "Runs a trained network on fresh trials of its task.",
    [
        StageKind,
        FromRequired with { Doc = "The training whose network is evaluated." },
        new("task", new ComponentKind(typeof(ITask), "task", NoKeys), "What is asked, with the channels and targets of what was learnt; by default the task of the stage in 'from'."),
        new("trials", new IntegerKind(1, 1 << 24), "How many trials.", "1000"),
        new("seed", new IntegerKind(0, long.MaxValue), "Which trials; other numbers give others.", "1"),
    ]);

    /// <summary>The key of a neuron's ion channels.</summary>
    /// <param name="parameters">What a parameter may be that stands beside a channel's other keys.</param>
    public static Key Channels(ParameterKind parameters) => new(
        "channels",
        new ListKind(new ComponentKind(
            typeof(IIonChannel),
            "channel",
            new("channel", "An ion channel of a plugin, with its settings and parameters beside: { \"type\": \"na-traub-miles\", \"gMax\": \"56 mS/cm2\" }.",
            [
                new("name", new TextKind(), "What comes before the names of its parameters and states, as in na.gMax; by default its type up to the first hyphen."),
            ]),
            beside: parameters)),
        "Ion channels that are inserted into the model.");

    /// <summary>The surrogate of spikes where none is named.</summary>
    public static ComponentConfig DefaultSurrogate() => (ComponentConfig)SurrogateKey.DefaultValue()!;

    /// <summary>What fits the other parameters of a profile, whose loss is in nats.</summary>
    public static ComponentConfig ProfileOptimizer() => (ComponentConfig)new Key(
        "optimizer", new ComponentKind(typeof(IOptimizer), "optimizer", NoKeys), "", """{ "type": "l-bfgs-b", "gtol": 1e-4, "ftol": 1e-9, "maxIterations": 200 }""").DefaultValue()!;

    /// <summary>The surrogate with which gradients are exact between the jumps of spikes.</summary>
    public static ComponentConfig NoSurrogate() => (ComponentConfig)(SurrogateKey with { Default = """{ "type": "none" }""" }).DefaultValue()!;

    public static readonly IReadOnlyList<StageType> StageTypes =
    [
        new("fit", Fit, (name, section) => new FitConfig(name, section)),
        new("simulate", Simulate, (name, section) => new SimulateConfig(name, section)),
        new("train", Train, (name, section) => new TrainConfig(name, section)),
        new("evaluate", Evaluate, (name, section) => new EvaluateConfig(name, section)),
        new("export", Export, (name, section) => new ExportConfig(name, section)),
    ];

    public static readonly Schema Experiment = new("experiment", "An experiment: stages that run one after the other.",
    [
        new("name", new TextKind(), "Its name, part of the default run folder; by default the file's name."),
        new("description", new TextKind(), "A sentence for the report."),
        new("seed", new IntegerKind(0, long.MaxValue), "The seed of every random stream.", "1"),
        new("threads", new IntegerKind(0, 4096), "How many threads compute; 0: as many as there are cores. Results do not depend on it.", "0"),
        new("plugins", new ListKind(new PathKind()), "Plugin DLLs, or folders of plugins, besides the built-in ones."),
        new(RecordingList.Key, new ListKind(new PathKind(), orOne: true), "Recordings for each of which all stages are run, with one table of them all: files, and patterns such as cells/*.nwb. Stages whose 'recording' has no 'path' take it from here."),
        new("stages", new StagesKind(StageTypes), "What is done, in this order.", Required: true),
    ]);
}
