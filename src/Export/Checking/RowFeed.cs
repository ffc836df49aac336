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
        foreach (var row in model.Step.Inputs)
        {
            var width = NeuronFunction.IsRow(row) ? model.Units : 1;
            switch (row.Kind)
            {
                case IrInputKind.Signal:
                    yield return new(names.Port(row.Name), width, trajectory => trajectory.Rows[row.Name]);
                    break;
                case IrInputKind.Noise:
                    yield return new(names.Noise(row.Name), width, trajectory => trajectory.Rows[row.Name]);
                    break;
                case IrInputKind.Time:
                    yield return new(ValueNames.Time, 1, trajectory => [.. Enumerable.Range(0, trajectory.Steps).Select(step => step * model.TimeStep)]);
                    break;
                default:
                    break;
            }
        }
    }
}
