using BrainModular.Engine.Ir;
using BrainModular.Export.Onnx;

namespace BrainModular.Export.Checking;

/// <summary>An input of a file that changes from step to step and is no state.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Width">How many numbers a step has: one per unit, or one.</param>
/// <param name="Elements">A trajectory's numbers, [step][unit].</param>
internal sealed record RowFeed(string Name, int Width, Func<ReferenceTrajectory, double[]> Elements)
{
    public static IEnumerable<RowFeed> Of(StepModel model)
    {
        var names = new ValueNames(model);
        foreach (var row in model.Step.Inputs.Where(static row => row.Kind is IrInputKind.Signal or IrInputKind.Noise or IrInputKind.Time))
        {
            yield return row.Kind == IrInputKind.Time
                ? new(names.Row(row), 1, trajectory => [.. Enumerable.Range(0, trajectory.Steps).Select(step => step * model.TimeStep)])
                : new(names.Row(row), NeuronFunction.IsRow(row) ? model.Units : 1, trajectory => trajectory.Rows[row.Name]);
        }
    }
}
