using BrainModular.Connectomes;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Host.Configuration;

/// <summary>Every key of a network.</summary>
internal static class NetworkSchema
{
    /// <summary>The name under which projections find the task's input channels.</summary>
    public const string Input = "input";

    private static readonly Dimension Resistance = Dimension.Voltage / Dimension.ElectricCurrent;

    private static readonly Key Parameters = new(
        "parameters", new UnitParametersKind(), "Values of parameters, the same for all units or drawn for each; those not named keep the model's own.");

    private static readonly Schema Weights = new("weights", "The weights that a projection starts with. Where it has a sign, only their magnitude counts.",
    [
        new("distribution", new ChoiceKind(WeightsConfig.Distributions), "How they are spread; connectome: those of the connections, which are used only then.", "normal"),
        new("value", new NumberKind(double.MinValue, double.MaxValue), "The weight where all are the same."),
        new("mean", new NumberKind(double.MinValue, double.MaxValue), "Their mean, where they are normal (by default 0) or lognormal."),
        new("sd", new NumberKind(0, double.MaxValue), "Their standard deviation, where they are normal or lognormal."),
        new("scale", new NumberKind(0, double.MaxValue), "Where they are normal, instead of sd: sd is the root of scale / how many connections a target has on average."),
        new("low", new NumberKind(double.MinValue, double.MaxValue), "The lowest, where they are uniform."),
        new("high", new NumberKind(double.MinValue, double.MaxValue), "The highest, where they are uniform."),
        new("unit", new AnyQuantityKind("1 nS"), "What a weight of 1 is; by default the unit in which the synapse's port is documented, or in rescaled units 1."),
    ]);

    private static readonly Schema Connectome = new("connectome", "Who is connected to whom.",
    [
        new("edgeGroup", new TextKind(), "The group of edges, where the connectome has several."),
        new("sourceGroup", new TextKind(), "The group of nodes that edges begin on, where the connectome has several."),
        new("targetGroup", new TextKind(), "The group of nodes that edges end on, where the connectome has several."),
    ]);

    private static readonly Schema Projection = new("projection", "What carries the spikes or values of one population to another.",
    [
        new("from", new TextKind(), $"The population that it begins on, {Input} for the task's input channels, or one of the simulation's 'inputs'.", Required: true),
        new("to", new TextKind(), "The population that it ends on.", Required: true),
        new("synapse", new TextKind(), "One of 'synapses'; projections with the same one share their receptors on a population."),
        new("port", new TextKind(), "The input of the target population, where no synapse is given; by default its only one."),
        new("output", new TextKind(), "What of the source is carried; by default its spike, or V where the port takes graded values."),
        new("connectome", new ComponentKind(typeof(IConnectomeLoader), "connectome", Connectome), "Who is connected to whom.", """{ "type": "all-to-all" }"""),
        new("delay", new SpreadKind(new(Dimension.Duration, "1 ms", lower: 0)), "From a spike to its arrival, the same for all connections or drawn for each; by default that of each connection, where the connectome has it, else none from the input and towards the readout, and one time step elsewhere. What is drawn below one time step is drawn again."),
        new("weights", new SectionKind(Weights), "The weights that it starts with.", """{ "distribution": "normal", "scale": 1 }"""),
        new("sign", new ChoiceKind("free", "positive", "negative"), "The sign that all weights keep.", "free"),
        new("trainable", new FlagKind(), "Whether training changes the weights.", "true"),
    ]);

    public static Schema Network(Key integrator, Key precision, ComponentKind surrogate) => new("network", "Populations, and the projections between them.",
    [
        new("timeStep", new QuantityKind(Dimension.Duration, "1 ms", lower: 1e-6), "The length of a step.", "1 ms"),
        integrator,
        precision with { Default = "float32" },
        new("rescaling", new SectionKind(new("rescaling", "What plain numbers mean where a parameter is a potential, a current or a conductance: offset + scale x, x scale / resistance, x / resistance.",
        [
            new("offset", new QuantityKind(Dimension.Voltage, "-60 mV"), "The potential that is 0."),
            new("scale", new QuantityKind(Dimension.Voltage, "20 mV", lower: 1e-9), "How much potential is 1."),
            new("resistance", new QuantityKind(Resistance, "100 MOhm", lower: 1e-9), "The resistance that is 1.", "100 MOhm"),
            new("fitted", new TextKind(), "A fit before the stage, in place of the others: its cell's rest is 0, its threshold 1, its resistance 1."),
        ])), "Allows parameters as plain numbers; by default they need units."),
        new("synapses", new NamedKind("synapse", new ComponentKind(typeof(ISynapseModel), "synapse", new("synapse", "A synapse model of a plugin.", [Parameters]))), "Synapses that projections name."),
        new("populations", new NamedKind("population", new SectionKind(new("population", "Units of one model.",
        [
            new("count", new IntegerKind(1, 100_000_000), "How many units; by default as many as the connectomes of its projections say, and in the readout one for each of the task's targets."),
            new("neuron", new ComponentKind(typeof(INeuronModel), "neuron model", new("neuron", "The model of a population's units.", [Parameters, ExperimentSchema.Channels(new UnitParametersKind())])), "The model.", Required: true),
            new("initial", new UnitParametersKind("state"), "Values of states at time 0, the same for all units or drawn for each; those not named begin as the model says."),
            new("fitted", new TextKind(), "A fit before the stage whose values of parameters the units have, except those that the neuron's 'parameters' name."),
            new("surrogate", surrogate, "The smooth function whose slope stands for a spike's; by default the stage's."),
        ]))), "The populations.", Required: true),
        new("projections", new NamedKind("projection", new SectionKind(Projection)), "The projections.", Required: true),
        new("readout", new TextKind(), "The population whose state y is read out; by default the only one of the type leaky-readout."),
    ]);
}
