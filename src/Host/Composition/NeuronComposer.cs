using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Tracing;
using BrainModular.Host.Configuration;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition;

/// <summary>A neuron model with what the configuration says of its parameters, all in engine units.</summary>
/// <param name="Type">The model's name in the catalogue.</param>
/// <param name="Model">Its definition.</param>
/// <param name="Surrogate">The surrogate of its spikes.</param>
/// <param name="Values">Values that were given.</param>
/// <param name="Fixed">The parameters that a fit leaves alone.</param>
/// <param name="Bounds">The bounds of every parameter: the given ones, else the model's.</param>
internal sealed record ComposedNeuron(
    string Type,
    ModelDefinition Model,
    ISurrogate Surrogate,
    IReadOnlyDictionary<string, double> Values,
    IReadOnlySet<string> Fixed,
    IReadOnlyDictionary<string, (double Lower, double Upper)> Bounds)
{
    /// <summary>Defines the same model with another surrogate.</summary>
    public required Func<ISurrogate, ModelDefinition> DefinedWith { get; init; }

    /// <summary>The value of every parameter before a fit: the given one, else the model's.</summary>
    public IReadOnlyDictionary<string, double> StartingValues =>
        Model.Parameters.ToDictionary(static p => p.Name, p => Values.TryGetValue(p.Name, out var given) ? given : p.Default.InEngineUnits);

    /// <summary>A parameter as a fit sees it.</summary>
    public FreeParameter Free(Parameter parameter) => new(parameter.Name, Bounds[parameter.Name].Lower, Bounds[parameter.Name].Upper, parameter.Scale);
}

/// <summary>Makes a neuron from its configuration and checks what is said of its parameters; every fault is collected.</summary>
internal sealed class NeuronComposer(ComponentFactory components, Faults faults)
{
    /// <returns>The neuron, or null where faults keep it from being made.</returns>
    public ComposedNeuron? Compose(ComponentConfig neuron, IReadOnlyList<ParameterSetting> settings, ComponentConfig surrogate)
    {
        var made = components.Create<INeuronModel>(neuron, faults);
        var smooth = components.Create<ISurrogate>(surrogate, faults);
        var channels = new ChannelComposer(components, faults).Compose(neuron);
        if (made is null || smooth is null || channels is null)
        {
            return null;
        }

        ModelDefinition? model = null;
        ModelDefinition Define(ISurrogate with) => ComponentFactory.Guarded(
            components.Catalog.Get<INeuronModel>(neuron.Type!, neuron.TypePlace), neuron.TypePlace, () => ModelTracer.Trace(neuron.Type!, made, with, channels.Inserted));
        faults.Collect(() => model = Define(smooth));
        if (model is null)
        {
            return null;
        }

        var values = new Dictionary<string, double>();
        var bounds = model.Parameters.ToDictionary(static p => p.Name, static p => (p.Bounds.Lower.InEngineUnits, p.Bounds.Upper.InEngineUnits));
        ParameterSetting[] all = [.. channels.Parameters<ParameterSetting>().Select(static p => p.Setting with { Name = $"{p.Channel}.{p.Setting.Name}" }), .. settings];
        foreach (var setting in all)
        {
            Apply(setting, model, values, bounds);
        }

        foreach (var twice in all.GroupBy(static s => s.Name).Where(static g => g.Count() > 1).Select(static g => g.Last()))
        {
            faults.Add("BM2307", $"parameter {twice.Name} is given twice, beside its channel and in 'parameters'", twice.Place, "one of the two", "remove the other");
        }

        return new(neuron.Type!, model, smooth, values, all.Where(static s => s.IsFixed).Select(static s => s.Name).ToHashSet(), bounds) { DefinedWith = Define };
    }

    private void Apply(ParameterSetting setting, ModelDefinition model, Dictionary<string, double> values, Dictionary<string, (double Lower, double Upper)> bounds)
    {
        if (model.FindParameter(setting.Name) is not { } parameter)
        {
            faults.Add(
                "BM2301", $"{model.Name} has no parameter '{setting.Name}'", setting.Place,
                cure: NearestNames.Cure(setting.Name, [.. model.Parameters.Select(static p => p.Name)]));
            return;
        }

        var given = new[] { setting.Value, setting.Lower, setting.Upper };
        if (given.FirstOrDefault(q => q is { } quantity && quantity.Dimension != parameter.Dimension) is { } wrong)
        {
            faults.Add(
                "BM2302", $"parameter {setting.Name} is given as '{wrong}', which has the dimension {wrong.Dimension}", setting.Place,
                $"a quantity of the dimension {parameter.Dimension}, such as \"{parameter.Default}\"", "give it a unit that fits");
            return;
        }

        var (lower, upper) = bounds[setting.Name];
        (lower, upper) = (setting.Lower?.InEngineUnits ?? lower, setting.Upper?.InEngineUnits ?? upper);
        if (lower >= upper || (parameter.Scale == ParameterScale.Logarithmic && lower <= 0))
        {
            faults.Add(
                "BM2303", $"the bounds of {setting.Name} are {Show(lower, parameter)} to {Show(upper, parameter)}", setting.Place,
                parameter.Scale == ParameterScale.Logarithmic ? "0 < lower < upper, since its scale is logarithmic" : "lower < upper", "change one of them");
            return;
        }

        bounds[setting.Name] = (lower, upper);
        if (setting.Value is not { } value)
        {
            return;
        }

        if (value.InEngineUnits < lower || value.InEngineUnits > upper)
        {
            faults.Add(
                "BM2304", $"parameter {setting.Name} is {value}, outside of its bounds", setting.Place,
                $"a value from {Show(lower, parameter)} to {Show(upper, parameter)}",
                $"change it, or give bounds of your own: \"{setting.Name}\": {{ \"value\": ..., \"lower\": ..., \"upper\": ... }}");
            return;
        }

        values[setting.Name] = value.InEngineUnits;
    }

    private static Quantity Show(double engineValue, Parameter parameter) => new(parameter.Unit.Export(engineValue), parameter.Unit);
}
