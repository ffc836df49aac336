using BrainModular.Engine.Networks;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Host.Configuration;
using BrainModular.Models;
using BrainModular.Random;

namespace BrainModular.Host.Composition.Networks;

/// <summary>Makes the populations of a network.</summary>
internal sealed class PopulationComposer(ComponentFactory components, Rescaling? rescaling, FittedCells fitted, Faults faults)
{
    private readonly Dictionary<string, ComposedChannels> inserted = [];

    /// <summary>The model of a population's units with the parts of synapses that end or begin on it; null where faults keep it from being made.</summary>
    public ModelDefinition? Model(
        PopulationConfig population, ComponentConfig surrogate, IReadOnlyList<ComposedSynapse> receptors, IReadOnlyList<ComposedSynapse> releases)
    {
        var neuron = population.Neuron;
        neuron.Suggested = rescaling?.Suggested ?? [];
        var made = components.Create<INeuronModel>(neuron, faults);
        var smooth = components.Create<ISurrogate>(population.Surrogate ?? surrogate, faults);
        var channels = new ChannelComposer(components, faults).Compose(neuron);
        ModelDefinition? model = null;
        if (made is not null && smooth is not null && channels is not null)
        {
            inserted[population.Name] = channels;
            var plugin = components.Catalog.Get<INeuronModel>(neuron.Type!, neuron.TypePlace);
            faults.Collect(() => model = ModelTracer.Trace(
                neuron.Type!, made, smooth, channels.Inserted, [.. receptors.Select(static s => s.Model)], [.. releases.Select(static s => s.Model)],
                define => ComponentFactory.Guarded(plugin, neuron.Place, define)));
        }

        return model;
    }

    /// <summary>A population with its parameters' values.</summary>
    /// <param name="population">Its configuration.</param>
    /// <param name="count">How many units.</param>
    /// <param name="model">Their model.</param>
    /// <param name="synapses">The synapses that end or begin on it.</param>
    /// <param name="integrator">How it is stepped.</param>
    /// <param name="nodes">What connectomes know of the units.</param>
    /// <param name="random">The stream of the network's parameters.</param>
    public PopulationDefinition Define(
        PopulationConfig population, int count, ModelDefinition model, IEnumerable<ComposedSynapse> synapses, Integrator integrator, PopulationNodes nodes, IRandomStream random)
    {
        var parameters = new ParameterComposer(rescaling, faults);
        var values = new Dictionary<string, double[]>();
        foreach (var (name, setting) in synapses.SelectMany(static s => s.Parameters))
        {
            // A synapse that ends here but begins elsewhere leaves the parameters of its presynaptic part there.
            if (model.FindParameter(name) is { } parameter)
            {
                Keep(name, setting, parameter);
            }
        }

        if (population.Fitted is { } fit && fitted.Find(fit, population.Section, faults) is { } cell)
        {
            foreach (var (name, value) in cell.Where(v => model.FindParameter(v.Key) is not null))
            {
                values[name] = [value];
            }
        }

        var beside = inserted[population.Name].Parameters<UnitParameter>().Select(static p => p.Setting with { Name = $"{p.Channel}.{p.Setting.Name}" });
        foreach (var setting in beside.Concat(population.Neuron.Host.Find<UnitParameter[]>("parameters") ?? []))
        {
            if (parameters.Find(setting, $"population {population.Name}", model.Parameters) is { } parameter)
            {
                Keep(setting.Name, setting, parameter);
            }
        }

        foreach (var setting in population.Initial)
        {
            if (parameters.Find(setting, $"population {population.Name}", [.. model.States.Select(AsParameter)], "state") is { } state)
            {
                Keep(StepOptions.InitialOf(setting.Name), setting, state);
            }
        }

        return new(population.Name, count, model, integrator, values);

        void Keep(string name, UnitParameter setting, Parameter parameter)
        {
            var found = setting.Attribute is null
                ? parameters.Draw(setting, parameter, count, random.Split($"{population.Name}.{name}"))
                : parameters.Read(setting, parameter, population.Name, nodes);
            if (found is not null)
            {
                values[name] = found;
            }
        }

        static Parameter AsParameter(StateVariable state) => new(
            state.Name, new(0, state.Unit), state.Range ?? new(new(double.NegativeInfinity, state.Unit), new(double.PositiveInfinity, state.Unit)), ParameterScale.Linear, state.Description);
    }
}
