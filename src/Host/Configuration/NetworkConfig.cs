using BrainModular.Diagnostics;
using BrainModular.Symbolics;

namespace BrainModular.Host.Configuration;

/// <summary>A network: synapses, populations and projections by name.</summary>
internal sealed record NetworkConfig(ConfigSection Section)
{
    public Quantity TimeStep => Section.Get<Quantity>("timeStep");

    public SteppingConfig Stepping => new(Section);

    /// <summary>The potential that is 0, how much potential is 1, and the resistance that is 1; null: numbers need units.</summary>
    public ConfigSection? Rescaling => Section.Find<ConfigSection>("rescaling");

    public IReadOnlyList<(string Name, ComponentConfig Component)> Synapses =>
        [.. (Section.Find<NamedValue[]>("synapses") ?? []).Select(static n => (n.Name, (ComponentConfig)n.Value))];

    public IReadOnlyList<PopulationConfig> Populations =>
        [.. Section.Get<NamedValue[]>("populations").Select(static n => new PopulationConfig(n.Name, (ConfigSection)n.Value))];

    public IReadOnlyList<ProjectionConfig> Projections =>
        [.. Section.Get<NamedValue[]>("projections").Select(static n => new ProjectionConfig(n.Name, (ConfigSection)n.Value))];

    public string? Readout => Section.Find<string>("readout");
}

internal sealed record PopulationConfig(string Name, ConfigSection Section)
{
    public int? Count => (int?)Section.FindValue<long>("count");

    public ComponentConfig Neuron => Section.Get<ComponentConfig>("neuron");

    public ComponentConfig? Surrogate => Section.Find<ComponentConfig>("surrogate");

    /// <summary>Values of states at time 0.</summary>
    public IReadOnlyList<UnitParameter> Initial => Section.Find<UnitParameter[]>("initial") ?? [];

    /// <summary>The fit whose values the units have; null for the model's own.</summary>
    public string? Fitted => Section.Find<string>("fitted");

    public Place Place => Section.Place;
}

internal sealed record ProjectionConfig(string Name, ConfigSection Section)
{
    public string From => Section.Get<string>("from");

    public string To => Section.Get<string>("to");

    public string? Synapse => Section.Find<string>("synapse");

    public string? Port => Section.Find<string>("port");

    public string? Output => Section.Find<string>("output");

    public ComponentConfig Connectome => Section.Get<ComponentConfig>("connectome");

    /// <summary>The same for all connections or drawn for each; null: the connectome's own, or the default.</summary>
    public UnitParameter? Delay => Section.Find<UnitParameter>("delay");

    public WeightsConfig Weights => new(Section.Get<ConfigSection>("weights"));

    /// <summary>Whether the user said which distribution the weights have, and did not leave it to the default.</summary>
    public bool ChoosesDistribution => Section.IsGiven("weights") && Weights.Section.IsGiven("distribution");

    public string Sign => Section.Get<string>("sign");

    public bool Trainable => Section.Get<bool>("trainable");

    public Place Place => Section.Place;
}

/// <summary>The weights that a projection starts with.</summary>
internal sealed record WeightsConfig(ConfigSection Section)
{
    public static readonly string[] Distributions = ["constant", "normal", "uniform", "lognormal", "connectome"];

    public string Shape => Section.Get<string>("distribution");

    /// <summary>What a weight of 1 is; null: by the port and the rescaling.</summary>
    public Quantity? Unit => Section.FindValue<Quantity>("unit");

    public Place Place => Section.Place;

    public double? Number(string key) => Section.FindValue<double>(key);
}

internal sealed record TrainConfig(string Name, ConfigSection Section) : StageConfig(Name, Section)
{
    public override string Type => "train";

    /// <summary>The network; null: that of the stage in 'from', as trained.</summary>
    public NetworkConfig? Network => Section.Find<ConfigSection>("network") is { } network ? new(network) : null;

    /// <summary>The task; null: that of the stage in 'from'.</summary>
    public ComponentConfig? Task => Section.Find<ComponentConfig>("task");

    /// <summary>Whether the network of the stage in 'from' begins with the weights that it was made with, as if that stage had not trained it.</summary>
    public bool TakesInitialWeights => Section.Get<string>("weights") == "initial";

    /// <summary>The projections whose weights stay as they are.</summary>
    public IReadOnlyList<string> Frozen => [.. (Section.Find<object[]>("frozen") ?? []).Cast<string>()];

    /// <summary>The surrogate; null: that of the stage in 'from', else the default.</summary>
    public ComponentConfig? Surrogate => Section.Find<ComponentConfig>("surrogate");

    public ComponentConfig Optimizer => Section.Get<ComponentConfig>("optimizer");

    /// <summary>The loss by name; null: by what the task's targets are.</summary>
    public string? Loss => Section.Find<string>("loss");

    /// <summary>The weight per Hz^2 and the rate in kHz that trained populations are held near; null: they are not.</summary>
    public (double Weight, Quantity Target)? RateRegularizer =>
        Section.Find<ConfigSection>("rateRegularizer") is { } r ? (r.Get<double>("weight"), r.Get<Quantity>("target")) : null;

    /// <summary>The weight per mV^2 and the bounds that potentials are held within; null: they are free, or a bound is the network's own.</summary>
    public (double Weight, Quantity? Lower, Quantity? Upper)? VoltageRegularizer =>
        Section.Find<ConfigSection>("voltageRegularizer") is { } r ? (r.Get<double>("weight"), r.FindValue<Quantity>("lower"), r.FindValue<Quantity>("upper")) : null;

    public int Batch => (int)Section.Get<long>("batch");

    public long MaxTrials => Section.Get<long>("maxTrials");

    public int ValidationTrials => (int)Section.Get<long>("validationTrials");

    /// <summary>How many batches lie between two validations.</summary>
    public int ValidateEvery => (int)Section.Get<long>("validateEvery");

    /// <summary>Null: training goes on to its last trial.</summary>
    public double? TargetAccuracy => Section.FindValue<double>("targetAccuracy");

    /// <summary>After how many validations without improvement training ends; null: never.</summary>
    public int? Patience => (int?)Section.FindValue<long>("patience");

    public int EvaluationTrials => (int)Section.Get<long>("evaluationTrials");

    /// <summary>How gradients are found.</summary>
    public string Method => Section.Get<string>("method");

    public bool LearnsFromReward => Method == ExperimentSchema.Reward;

    /// <summary>The method whose traces a reward multiplies; null: not given.</summary>
    public string? Traces => Section.Find<string>("traces");

    /// <summary>The method by which the gradient itself is found: that of the traces where rewards are learnt from.</summary>
    public string GradientMethod => LearnsFromReward ? Traces ?? "d-rtrl" : Method;

    public string Feedback => Section.Get<string>("feedback");

    /// <summary>The time constants of es-d-rtrl's pairs of factors; empty: by the units' own.</summary>
    public IReadOnlyList<Quantity> Timescales => [.. (Section.Find<object[]>("timescales") ?? []).Cast<Quantity>()];

    /// <summary>After how many steps weights change; 0 for after whole trials.</summary>
    public int UpdateEvery => (int)Section.Get<long>("updateEvery");

    public bool IsStream => Section.Get<bool>("stream");

    /// <summary>In steps; 0: all.</summary>
    public int GradientWindow => (int)Section.Get<long>("gradientWindow");

    /// <summary>In bytes.</summary>
    public long Memory => Section.Get<long>("memory") << 20;
}

internal sealed record EvaluateConfig(string Name, ConfigSection Section) : StageConfig(Name, Section)
{
    public override string Type => "evaluate";

    /// <summary>The task; null: the one that was learnt.</summary>
    public ComponentConfig? Task => Section.Find<ComponentConfig>("task");

    public int Trials => (int)Section.Get<long>("trials");

    /// <summary>Which trials.</summary>
    public long Seed => Section.Get<long>("seed");
}
