using BrainModular.Symbolics;
using BrainModular.Tasks;

namespace BrainModular.Host.Configuration;

/// <summary>The keys of a stage <c>simulate</c> that only the simulation of a network has.</summary>
internal static class SimulationSchema
{
    private static readonly string[] Delimiters = ["by-name", "comma", "space", "tab", "semicolon"];

    private static readonly Schema Spikes = new("spikes", "Spikes from a file: a SONATA file, or a table (CSV) with a row for each spike. Each spike falls into the nearest time step.",
    [
        new("path", new PathKind(), "The file.", Required: true),
        new("population", new TextKind(), "Whose spikes to take, where the file has those of several populations."),
        new("timeUnit", new ChoiceKind("s", "ms", "us"), "The unit of a table's times, which has to be given; a SONATA file says its own."),
        new("timeColumn", new TextKind(), "A table's column of times, by name or number.", "timestamps"),
        new("nodeColumn", new TextKind(), "A table's column of the nodes that spike, by name or number.", "node_ids"),
        new("delimiter", new ChoiceKind(Delimiters), "What stands between a table's cells; by-name: a tab in .tsv and .tab, else a comma, and a tab, a semicolon or a space where the first row has that instead.", "by-name"),
        new("header", new FlagKind(), "Whether a table's first row names its columns.", "true"),
    ]);

    private static readonly Schema Step = new("step", "A value that every channel has for some time, such as a current, and 0 otherwise.",
    [
        new("amplitude", new AnyQuantityKind("200 pA"), "The value, in the unit of what it ends on; projections multiply it by their weights.", Required: true),
        new("start", new QuantityKind(Dimension.Duration, "100 ms", lower: 0), "When it begins.", "0 ms"),
        new("duration", new QuantityKind(Dimension.Duration, "500 ms", lower: 0), "How long it lasts; by default to the end."),
    ]);

    private static readonly Schema Input = new("input", "Channels that come in from outside; without any of 'spikes', 'poisson' and 'step' they are silent.",
    [
        new("count", new IntegerKind(1, 100_000_000), "How many channels; by default as many as the connectomes of its projections say."),
        new("spikes", new SectionKind(Spikes), "Spikes from a file, the same in every trial."),
        new("poisson", new QuantityKind(Dimension.Rate, "10 Hz", lower: 0), "The rate at which each channel spikes at random, as a Poisson process independent of all else; spikes of one step add up."),
        new("step", new SectionKind(Step), "A step of a value."),
    ]);

    private static readonly Schema Variable = new("variable", "A variable of some units of a population.",
    [
        new("population", new TextKind(), "The population.", Required: true),
        new("variable", new TextKind(), "A state or an output of its model, or one of its inputs, such as V.", Required: true),
        new("units", new NumbersKind(), "Of which units, counted from 0.", "0"),
        new("interval", new QuantityKind(Dimension.Duration, "1 ms", lower: 1e-6), "From one sample to the next; by default the time step."),
    ]);

    private static readonly Schema Record = new("record", "What is recorded besides all spikes.",
    [
        new("rates", new QuantityKind(Dimension.Duration, "10 ms", lower: 1e-6), "The length of the bins in which populations' rates are counted.", "10 ms"),
        new("warmUp", new QuantityKind(Dimension.Duration, "500 ms", lower: 0), "The time at the start of each trial that the rates and other figures of spikes in summary.json leave out.", "0 ms"),
        new("variables", new NamedKind("recorded variable", new SectionKind(Variable)), "Variables of single units."),
    ]);

    public static IReadOnlyList<Key> Keys(Schema network) =>
    [
        new("network", new SectionKind(network), "A network to simulate, in place of a single model; by default that of the training in 'from', as trained."),
        new("task", new ComponentKind(typeof(ITask), "task", new("component", "A component of a plugin.", [])), "A task whose trials come into the network; by default that of the training in 'from' where neither 'inputs' nor 'duration' is given."),
        new("inputs", new NamedKind("input", new SectionKind(Input)), "What comes into the network instead of a task's trials; projections name it under 'from'."),
        new("trials", new IntegerKind(1, 1 << 20), "How many trials of the network are simulated; by default 1."),
        new("seed", new IntegerKind(0, long.MaxValue), "Which trials of the network; other numbers give others. By default 1."),
        new("record", new SectionKind(Record), "What is recorded of the network besides all spikes."),
    ];
}
