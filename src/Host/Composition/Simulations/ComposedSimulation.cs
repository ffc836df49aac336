using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Host.Composition.Networks;
using BrainModular.Host.Configuration;
using BrainModular.Symbolics;
using BrainModular.Tasks;

namespace BrainModular.Host.Composition.Simulations;

/// <summary>A variable of some units that is recorded.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Probe">Which variable of which units, every how many steps.</param>
/// <param name="Unit">The unit in which it is documented.</param>
internal sealed record RecordedVariable(string Name, Probe Probe, Unit Unit);

/// <summary>The simulation of a network, ready to run.</summary>
/// <param name="Config">Its configuration.</param>
/// <param name="Program">The network, compiled; where it is a training's, its weights are still to come.</param>
/// <param name="Steps">How many steps a trial has.</param>
/// <param name="Signals">What comes in, in the order of the network's inputs.</param>
/// <param name="RateBin">The length of the bins of populations' rates, in steps.</param>
/// <param name="Variables">What is recorded besides spikes.</param>
/// <param name="Notes">What the user should know of how the configuration was read.</param>
internal sealed record ComposedSimulation(
    SimulationConfig Config, NetworkProgram Program, int Steps, IReadOnlyList<IInputSignal> Signals, int RateBin, IReadOnlyList<RecordedVariable> Variables, IReadOnlyList<string> Notes)
{
    /// <summary>The training whose network it is; null for a network of its own.</summary>
    public ComposedTraining? Trained { get; init; }

    /// <summary>The shape of the task whose trials come in; null where none does.</summary>
    public TaskShape? Shape { get; init; }

    /// <summary>The first step of a trial whose spikes count in figures.</summary>
    public int FirstCounted { get; init; }

    /// <summary>Composes the simulation again with the values that fits came to; null where it takes nothing from a fit.</summary>
    public Func<FittedCells, ComposedSimulation>? Again { get; init; }

    public NetworkDefinition Network => Program.Definition;

    public double TimeStep => Network.TimeStep;

    /// <summary>The populations that can spike.</summary>
    public IReadOnlyList<PopulationDefinition> Spiking { get; } = [.. Program.Definition.Populations.Where(static p => p.Model.Spikes.Any(static s => s.Name == "spike"))];

    /// <summary>The files that spikes come from.</summary>
    public IEnumerable<string> SpikeFiles => (Config.Inputs ?? []).Select(static i => i.Spikes?.Path).OfType<string>();

    /// <summary>How many bins of rates a trial has.</summary>
    public int RateBins => (Steps + RateBin - 1) / RateBin;

    /// <summary>The network compiled for a simulation, without what training needs.</summary>
    public static NetworkProgram Compile(NetworkDefinition definition, Precision precision, IReadOnlyList<RecordedVariable> variables) => new(definition, precision, new()
    {
        Record = variables.Where(v => definition.Population(v.Probe.Population).Model.Outputs.Any(o => o.Name == v.Probe.Variable))
            .GroupBy(static v => v.Probe.Population)
            .ToDictionary(static g => g.Key, static g => (IReadOnlyList<string>)[.. g.Select(static v => v.Probe.Variable).Distinct()]),
    });
}
