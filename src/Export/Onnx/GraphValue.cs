using BrainModular.Engine.Ir;
using BrainModular.Formats.Onnx;

namespace BrainModular.Export.Onnx;

/// <summary>An input or output of a step.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Unit">What it is measured in.</param>
/// <param name="Width">How many numbers a lane has: one per unit, or one, as the time.</param>
internal sealed record GraphValue(string Name, string Unit, long Width)
{
    /// <summary>How many steps a delay line keeps, an axis before that of units; null for a value of one step.</summary>
    public long? Depth { get; init; }

    /// <summary>The same inside the body of a Scan, where no name of the graph around it may be repeated.</summary>
    public GraphValue Inner => this with { Name = $"{Name}.t" };

    /// <summary>Its type and shape, with the axes in <paramref name="leading"/> before those of lanes and units.</summary>
    public OnnxValueInfo Info(OnnxElementType number, params OnnxDimension[] leading) =>
        new(Name, number, [.. leading, OnnxExport.Batch, .. Depth is { } depth ? new OnnxDimension[] { depth } : [], Width]) { Doc = Unit };
}

/// <summary>All inputs and outputs of a step.</summary>
/// <param name="States">The states at its start.</param>
/// <param name="Rows">What changes from step to step and is no state: ports, noise, time.</param>
/// <param name="Next">The states at its end.</param>
/// <param name="Outputs">Spikes and other observables.</param>
internal sealed record GraphValues(
    IReadOnlyList<GraphValue> States, IReadOnlyList<GraphValue> Rows, IReadOnlyList<GraphValue> Next, IReadOnlyList<GraphValue> Outputs)
{
    public static GraphValues Of(StepModel model)
    {
        var names = new ValueNames(model);
        var foreign = model.Step.Inputs.FirstOrDefault(static row => row.Kind > IrInputKind.Noise || row.Kind == IrInputKind.Invariant);
        return foreign is null
            ? new(
                [.. model.States.Select(state => new GraphValue(names.State(state), model.UnitOf(state), model.Units))],
                [.. model.Step.Inputs.Where(static row => row.Kind is not (IrInputKind.State or IrInputKind.Parameter))
                    .Select(row => new GraphValue(names.Row(row), model.UnitOf(row.Name), NeuronFunction.IsRow(row) ? model.Units : 1))],
                [.. model.States.Select(state => new GraphValue(names.Next(state), model.UnitOf(state), model.Units))],
                [.. model.Outputs.Select(output => new GraphValue(names.Output(output), output.Unit, model.Units))])
            : throw new ArgumentException($"a step to export cannot read {foreign.Name}, a row of kind {foreign.Kind}", nameof(model));
    }
}
