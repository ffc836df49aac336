using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Export.Onnx;
using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Testing.Fakes;

namespace BrainModular.Export.Tests.Fixtures;

/// <summary>The built-in neuron models as populations of one unit.</summary>
internal static class Neurons
{
    /// <summary>The model's step with its default parameters, or with those that are given, in engine units.</summary>
    public static StepModel Model(string neuron, string integrator, double timeStep, params (string Name, double Value)[] values)
    {
        var catalog = RecordingCatalog.Of(new NeuronsPlugin());
        string[] channels = neuron == "conductance-based" ? ["leak", "na-traub-miles", "kd-traub-miles", "cal-reuveni", "cat-huguenard", "h-kole", "sk-koehler", "ahp-destexhe"] : [];
        (string, object)[] settings = neuron == "conductance-based" ? [("calcium", "pool")] : [];
        var definition = ModelTracer.Trace(
            neuron, catalog.Create<INeuronModel>(neuron, settings), catalog.Create<ISurrogate>("sigmoid"),
            [.. channels.Select(c => new InsertedChannel(c.Split('-')[0], catalog.Create<IIonChannel>(c)))]);
        var function = StepFunction.Build(definition, new StepOptions(timeStep, Integrator.All.First(known => known.Name == integrator),
            Bindings: definition.Parameters.ToDictionary(parameter => parameter.Name, _ => ParameterBinding.Shared)));
        var parameters = definition.Parameters.ToDictionary(parameter => parameter.Name, parameter => new[] { parameter.Default.InEngineUnits });
        foreach (var (name, value) in values)
        {
            parameters[name] = [value];
        }

        var prologue = Evaluator.Evaluate<double>(function.Prologue, row => parameters[row.Name][0]);
        return StepModel.From(function, "cell", 1, timeStep, parameters, definition.States.ToDictionary(state => state.Name, state => new[] { prologue[$"initial.{state.Name}"] }));
    }
}
