using BrainModular.Diagnostics;
using BrainModular.Symbolics;

namespace BrainModular.Host.Configuration;

/// <summary>What a stage <c>simulate</c> says of a network.</summary>
internal sealed record SimulationConfig(string Name, ConfigSection Section)
{
    /// <summary>The keys that only the simulation of a network has.</summary>
    public static readonly IReadOnlyList<string> Keys = ["task", "inputs", "trials", "seed", "record"];

    /// <summary>The keys of single models, which the network says itself.</summary>
    public static readonly IReadOnlyList<string> ForeignKeys = ["neuron", "recording", "stimulus", "integrator", "timeStep", "precision"];

    /// <summary>The network; null: that of the training in 'from'.</summary>
    public NetworkConfig? Network => Section.Find<ConfigSection>("network") is { } network ? new(network) : null;

    /// <summary>The task whose trials come in; null for none, or that of the training in 'from'.</summary>
    public ComponentConfig? Task => Section.Find<ComponentConfig>("task");

    /// <summary>What comes in from outside; null where it is not said.</summary>
    public IReadOnlyList<InputConfig>? Inputs => Section.Find<NamedValue[]>("inputs") is { } inputs ? [.. inputs.Select(static n => new InputConfig(n.Name, (ConfigSection)n.Value))] : null;

    public Quantity? Duration => Section.FindValue<Quantity>("duration");

    public int Trials => (int)(Section.FindValue<long>("trials") ?? 1);

    /// <summary>Which trials.</summary>
    public long Seed => Section.FindValue<long>("seed") ?? 1;

    /// <summary>The time at the start of each trial that figures of spikes leave out.</summary>
    public Quantity WarmUp => Section.Find<ConfigSection>("record")?.Get<Quantity>("warmUp") ?? new Quantity(0, Units.ms);

    /// <summary>The length of the bins of populations' rates.</summary>
    public Quantity RateBin => Section.Find<ConfigSection>("record")?.Get<Quantity>("rates") ?? new Quantity(10, Units.ms);

    public IReadOnlyList<VariableConfig> Variables =>
        [.. (Section.Find<ConfigSection>("record")?.Find<NamedValue[]>("variables") ?? []).Select(static n => new VariableConfig(n.Name, (ConfigSection)n.Value))];

    public ComponentConfig Surrogate => Section.Get<ComponentConfig>("surrogate");

    public Place Place => Section.Place;
}

/// <summary>Channels that come in from outside.</summary>
internal sealed record InputConfig(string Name, ConfigSection Section)
{
    public int? Count => (int?)Section.FindValue<long>("count");

    public SpikeFileConfig? Spikes => Section.Find<ConfigSection>("spikes") is { } spikes ? new(spikes) : null;

    public Quantity? Poisson => Section.FindValue<Quantity>("poisson");

    /// <summary>A step of a value; a duration of null lasts to the end.</summary>
    public (Quantity Amplitude, Quantity Start, Quantity? Duration)? Step =>
        Section.Find<ConfigSection>("step") is { } step ? (step.Get<Quantity>("amplitude"), step.Get<Quantity>("start"), step.FindValue<Quantity>("duration")) : null;

    public Place Place => Section.Place;
}

/// <summary>A file of spikes.</summary>
internal sealed record SpikeFileConfig(ConfigSection Section)
{
    public string Path => Section.Get<string>("path");

    public string? Population => Section.Find<string>("population");

    /// <summary>The unit of a table's times; null where it is not given.</summary>
    public string? TimeUnit => Section.Find<string>("timeUnit");

    public string TimeColumn => Section.Get<string>("timeColumn");

    public string NodeColumn => Section.Get<string>("nodeColumn");

    /// <summary>What stands between a table's cells; null where the table tells.</summary>
    public char? Delimiter => Section.Get<string>("delimiter") switch { "comma" => ',', "space" => ' ', "tab" => '\t', "semicolon" => ';', _ => null };

    public bool Header => Section.Get<bool>("header");
}

/// <summary>A variable of some units that is recorded.</summary>
internal sealed record VariableConfig(string Name, ConfigSection Section)
{
    public string Population => Section.Get<string>("population");

    public string Variable => Section.Get<string>("variable");

    public IReadOnlyList<long> Units => Section.Get<IReadOnlyList<long>>("units");

    /// <summary>Null: the time step.</summary>
    public Quantity? Interval => Section.FindValue<Quantity>("interval");
}
