using BrainModular.Diagnostics;
using BrainModular.Host.Configuration;
using BrainModular.Tasks;

namespace BrainModular.Host.Composition;

/// <summary>Puts an evaluation together from its configuration. Every fault is collected.</summary>
internal sealed class EvaluateComposer(ComponentFactory components, Faults faults)
{
    /// <param name="config">The stage.</param>
    /// <param name="trained">The training whose network is evaluated; null where it has faults.</param>
    /// <returns>The stage, or null where faults keep it from being run.</returns>
    public EvaluateStage? Compose(EvaluateConfig config, ComposedTraining? trained)
    {
        if (config.Task is not { } settings)
        {
            return new(config, null, null);
        }

        TaskShape? shape = null;
        if (components.Create<ITask>(settings, faults) is not { } task || trained is null)
        {
            return null;
        }

        faults.Collect(() => shape = ComponentFactory.Guarded(
            components.Catalog.Get<ITask>(settings.Type!, settings.TypePlace), settings.Place, () => task.For(TrialUse.Evaluation).Shape(trained.Origin.Config.TimeStep)));
        if (shape is null)
        {
            return null;
        }

        var (asked, learnt) = (Asked(shape), Asked(trained.Shape));
        if (asked != learnt)
        {
            faults.Add(
                "BM2619", $"the task has {asked}, and the network of stage {trained.Config.Name} was trained on {learnt}", config.Section.PlaceOf("task"),
                $"a task with {learnt}", "change the task's settings");
            return null;
        }

        return new(config, task, shape);
    }

    private static string Asked(TaskShape shape) =>
        $"{shape.Inputs} {(shape.InputKind == Models.PortKind.Event ? "spiking" : "graded")} input channels and {shape.Targets} {(shape.TargetKind == TargetKind.Class ? "classes" : "values")}";
}
