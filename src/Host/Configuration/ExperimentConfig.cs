using System.Buffers;
using System.Text.Json;
using BrainModular.Diagnostics;
using BrainModular.Symbolics;

namespace BrainModular.Host.Configuration;

/// <summary>A configuration whose keys and values were checked. What only plugins know is checked when their components are made.</summary>
internal sealed record ExperimentConfig(string File, ConfigSection Section)
{
    public string Folder => Path.GetDirectoryName(Path.GetFullPath(File))!;

    public string Name => Section.Get<string>("name");

    public string Description => Section.Find<string>("description") ?? "";

    public ulong Seed => (ulong)Section.Get<long>("seed");

    /// <summary>The number of threads, at least 1.</summary>
    public int Threads => Section.Get<long>("threads") is > 0 and var given ? (int)given : Environment.ProcessorCount;

    public IReadOnlyList<string> Plugins => [.. (Section.Find<object[]>("plugins") ?? []).Cast<string>()];

    public bool HasRecordings => Section.Find<object[]>(RecordingList.Key) is not null;

    /// <summary>The files and patterns of the recordings, for each of which the experiment is run.</summary>
    public IReadOnlyList<string> Recordings => [.. (Section.Find<object[]>(RecordingList.Key) ?? []).Cast<string>()];

    public IReadOnlyList<StageConfig> Stages => Section.Find<IReadOnlyList<StageConfig>>("stages") ?? [];

    /// <summary>
    /// The whole configuration with defaults filled in, paths made absolute, and the plugins that were found elsewhere named: it re-runs the
    /// experiment alone, from any folder.
    /// </summary>
    /// <param name="plugins">The paths of the plugins, besides the built-in ones, that the experiment was composed with.</param>
    /// <param name="recordings">The files that its patterns match.</param>
    public ReadOnlyMemory<byte> Resolved(IReadOnlyList<string> plugins, IReadOnlyList<string>? recordings = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            var values = new Dictionary<string, object>(Section.Values);
            if (plugins.Count > 0)
            {
                values["plugins"] = plugins.ToArray<object>();
            }

            if (recordings is not null)
            {
                values[RecordingList.Key] = recordings.ToArray<object>();
            }

            (Section with { Values = values }).Write(writer);
        }

        return buffer.WrittenMemory;
    }
}

/// <summary>A stage: its name, and its keys as a section.</summary>
internal abstract record StageConfig(string Name, ConfigSection Section)
{
    public abstract string Type { get; }

    public IReadOnlyList<string> From => [.. (Section.Find<object[]>("from") ?? []).Cast<string>()];

    public Place Place => Section.Place;

    protected static IReadOnlyList<ParameterSetting> ParametersOf(ComponentConfig? neuron) => neuron?.Host.Find<ParameterSetting[]>("parameters") ?? [];
}

/// <summary>A recording to read: which file, sweeps and stretch.</summary>
internal sealed record RecordingConfig(ComponentConfig Loader)
{
    /// <summary>Null: it is taken from the list of recordings.</summary>
    public string? GivenPath => Loader.Host.Find<string>("path");

    public string Path => Loader.Host.Get<string>("path");

    public Place PathPlace => Loader.Host.PlaceOf("path");

    public Place SweepsPlace => Loader.Host.PlaceOf("sweeps");

    public SweepChoice Sweeps => Loader.Host.Find<SweepChoice>("sweeps") ?? new(null, null);

    /// <summary>Names of the series that are taken, with * for any characters; null: all.</summary>
    public string? Response => Loader.Host.Find<string>("response");

    public Place ResponsePlace => Loader.Host.PlaceOf("response");

    public Quantity Start => Loader.Host.Get<Quantity>("start");

    public Quantity? Duration => Loader.Host.FindValue<Quantity>("duration");

    /// <summary>What is subtracted from the recorded potential.</summary>
    public Quantity JunctionPotential => Loader.Host.Get<Quantity>("junctionPotential");

    /// <summary>The recording that tells the electrode; null: the fitted sweeps do.</summary>
    public string? Calibration => Loader.Host.Find<ConfigSection>("electrode")?.Find<string>("calibration");

    /// <summary>Where that is given.</summary>
    public Place CalibrationPlace => Loader.Host.Find<ConfigSection>("electrode")?.PlaceOf("calibration") ?? ElectrodePlace;

    /// <summary>The electrode to subtract, with a resistance of null where it is to be estimated, and when that is done; null: none.</summary>
    public (Quantity? Resistance, Quantity TimeConstant, string When)? Electrode =>
        Loader.Host.Find<ConfigSection>("electrode") is { } e ? (e.FindValue<Quantity>("resistance"), e.Get<Quantity>("timeConstant"), e.Get<string>("when")) : null;

    /// <summary>Where that is given.</summary>
    public Place ElectrodePlace => Loader.Host.PlaceOf("electrode");

    /// <summary>The potential that recorded spikes reach; null: they are found by their shape.</summary>
    public Quantity? SpikeThreshold => Loader.Host.FindValue<Quantity>("spikeThreshold");

    /// <summary>How far the recorded potential falls at a reset, which is all that is seen of a spike; null: spikes are drawn.</summary>
    public Quantity? SpikeReset => Loader.Host.FindValue<Quantity>("spikeReset");

    /// <summary>Where that is given.</summary>
    public Place SpikeResetPlace => Loader.Host.PlaceOf("spikeReset");

    /// <summary>How long before and after a recorded spike the measured current shows it, and when it is replaced there; null: nothing is said of it.</summary>
    public (Quantity Before, Quantity After, string When)? SpikeArtefacts =>
        Loader.Host.Find<ConfigSection>("spikeArtefacts") is { } window ? (window.Get<Quantity>("before"), window.Get<Quantity>("after"), window.Get<string>("when")) : null;

    /// <summary>Where in each sweep the part begins that is held out; null: sweeps are not split.</summary>
    public Quantity? TestFrom => Loader.Host.FindValue<Quantity>("testFrom");
}

/// <summary>How a model is stepped.</summary>
internal sealed record SteppingConfig(ConfigSection Section)
{
    public string Integrator => Section.Find<string>("integrator") ?? "exponential-euler";

    public bool IsDouble => (Section.Find<string>("precision") ?? "float64") == "float64";

    /// <summary>Whether the configuration says how the model is integrated, so that nothing else does.</summary>
    public bool NamesIntegrator => Section.Find<string>("integrator") is not null;

    /// <summary>Whether the configuration says with which numbers.</summary>
    public bool NamesPrecision => Section.Find<string>("precision") is not null;

    /// <summary>Null: it follows from the recording's sampling interval.</summary>
    public Quantity? TimeStep => Section.FindValue<Quantity>("timeStep");
}

/// <summary>A way to fit that is compared with others.</summary>
internal sealed record FitterConfig(string Name, ConfigSection Section)
{
    public ComponentConfig Optimizer => Section.Get<ComponentConfig>("optimizer");

    /// <summary>What searches for where the starts begin; null: nothing.</summary>
    public ComponentConfig? Search => Section.Find<ComponentConfig>("search");

    public int Starts => (int)Section.Get<long>("starts");

    /// <summary>The fit that is run first; null: none.</summary>
    public string? After => Section.Find<string>("after");

    /// <summary>Whether the fit's coupling and horizon are used.</summary>
    public bool IsCoupled => Section.Get<bool>("coupled");
}

internal sealed record FitConfig(string Name, ConfigSection Section) : StageConfig(Name, Section)
{
    public override string Type => "fit";

    /// <summary>Null: that of the fit in <see cref="StageConfig.From"/>.</summary>
    public ComponentConfig? Neuron => Section.Find<ComponentConfig>("neuron");

    public IReadOnlyList<ParameterSetting> Parameters => ParametersOf(Neuron);

    /// <summary>The names of the parameters to fit; null: all that have no value of their own.</summary>
    public IReadOnlyList<string>? Free => Section.Find<object[]>("free") is { } names ? [.. names.Cast<string>()] : null;

    /// <summary>Null: that of the fit in <see cref="StageConfig.From"/>.</summary>
    public RecordingConfig? Recording => Section.Find<ComponentConfig>("recording") is { } recording ? new(recording) : null;

    public SteppingConfig Stepping => new(Section);

    public ComponentConfig Surrogate => Section.Get<ComponentConfig>("surrogate");

    /// <summary>The losses whose weighted sum is minimised.</summary>
    public IReadOnlyList<LossConfig> Losses => [.. Section.Get<object[]>("loss").Cast<ComponentConfig>().Select(static c => new LossConfig(c))];

    /// <summary>What samples near recorded spikes count.</summary>
    public double SpikeWeight => Section.Get<double>("spikeWeight");

    /// <summary>Which samples those are; null: those that explained variance leaves out.</summary>
    public (Quantity Before, Quantity After)? SpikeWindow =>
        Section.Find<ConfigSection>("spikeWindow") is { } window ? (window.Get<Quantity>("before"), window.Get<Quantity>("after")) : null;

    /// <summary>How far apart spikes may be that count as the same.</summary>
    public Quantity SpikePrecision => Section.Get<Quantity>("spikePrecision");

    /// <summary>Whether recorded spikes stand for the model's own during the fit.</summary>
    public bool RecordedSpikes => Section.Get<string>("spikes") == "recording";

    /// <summary>Whether gradients take the model's own resets as they fall.</summary>
    public bool HeldResets => Section.Get<string>("resetGradient") == "none";

    /// <summary>What searches for where the starts begin; null: nothing.</summary>
    public ComponentConfig? Search => Section.Find<ComponentConfig>("search");

    public ComponentConfig Optimizer => Section.Get<ComponentConfig>("optimizer");

    public int Starts => (int)Section.Get<long>("starts");

    /// <summary>What <c>brain compare-fitters</c> compares; none: every optimiser there is.</summary>
    public IReadOnlyList<FitterConfig> Fitters => [.. (Section.Find<NamedValue[]>("fitters") ?? []).Select(static f => new FitterConfig(f.Name, (ConfigSection)f.Value))];

    /// <summary>Whether parameters without a value begin where the fitted sweeps put them, rather than at the model's values.</summary>
    public bool ValuesFromRecording => Section.Get<string>("initialValues") == "recording";

    /// <summary>Whether V begins at the recorded potential, rather than at the model's own.</summary>
    public bool InitialFromData => Section.Get<string>("initialPotential") == "recording";

    /// <summary>How much the first round takes of each sweep and the number of rounds; null: all at once.</summary>
    public (Quantity First, int Rounds)? Horizon =>
        Section.Find<ConfigSection>("horizon") is { } horizon ? (horizon.Get<Quantity>("first"), (int)horizon.Get<long>("rounds")) : null;

    /// <summary>The length of segments and the number of rounds; null: sweeps are whole.</summary>
    public (Quantity Segment, int Rounds)? Shooting =>
        Section.Find<ConfigSection>("shooting") is { } shooting ? (shooting.Get<Quantity>("segment"), (int)shooting.Get<long>("rounds")) : null;

    /// <summary>The parameter over whose values the loss is averaged; null: none.</summary>
    public ConfigSection? Jitter => Section.Find<ConfigSection>("jitter");

    /// <summary>The conductance of the first round and the number of rounds; null: no coupling.</summary>
    public (Quantity Conductance, int Rounds)? Coupling =>
        Section.Find<ConfigSection>("coupling") is { } coupling ? (coupling.Get<Quantity>("conductance"), (int)coupling.Get<long>("rounds")) : null;

    /// <summary>How the fitted parameters' uncertainties are estimated; null: not at all.</summary>
    public UncertaintyConfig? Uncertainty => Section.Find<ConfigSection>("uncertainty") is { } uncertainty ? new(uncertainty) : null;
}

internal sealed record SimulateConfig(string Name, ConfigSection Section) : StageConfig(Name, Section)
{
    public override string Type => "simulate";

    public ComponentConfig? Neuron => Section.Find<ComponentConfig>("neuron");

    public IReadOnlyList<ParameterSetting> Parameters => ParametersOf(Neuron);

    public RecordingConfig? Recording => Section.Find<ComponentConfig>("recording") is { } recording ? new(recording) : null;

    /// <summary>A current step; a duration of null lasts to the end.</summary>
    public (Quantity Amplitude, Quantity Start, Quantity? Duration)? Stimulus => Section.Find<ConfigSection>("stimulus") is { } step
        ? (step.Get<Quantity>("amplitude"), step.Get<Quantity>("start"), step.FindValue<Quantity>("duration"))
        : null;

    public Quantity? Duration => Section.FindValue<Quantity>("duration");

    public ComponentConfig Surrogate => Section.Get<ComponentConfig>("surrogate");

    public SteppingConfig Stepping => new(Section);

    /// <summary>What it says of a network.</summary>
    public SimulationConfig OfNetwork => new(Name, Section);
}

internal sealed record ExportConfig(string Name, ConfigSection Section) : StageConfig(Name, Section)
{
    public override string Type => "export";

    public Quantity Tolerance => Section.Get<Quantity>("tolerance");

    /// <summary>How many trials a network's files answer.</summary>
    public int Trials => (int)Section.Get<long>("trials");

    /// <summary>Whether a network is written in the Neuromorphic Intermediate Representation, too.</summary>
    public bool Nir => Section.Get<bool>("nir");
}
