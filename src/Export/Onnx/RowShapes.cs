using BrainModular.Engine.Ir;
using BrainModular.Formats.Onnx;

namespace BrainModular.Export.Onnx;

/// <summary>The types and shapes of a file's inputs and outputs, with the axes in <paramref name="leading"/> before all others.</summary>
internal sealed class RowShapes(StepModel model, Precision precision, OnnxDimension[] leading)
{
    private readonly OnnxElementType number = NodeList.NumberType(precision);

    /// <summary>One number per lane and unit.</summary>
    public OnnxValueInfo Units(string name, string unit) =>
        new(name, number, [.. leading, OnnxExport.Batch, (long)model.Units]) { Doc = unit };

    /// <summary>A row of the step: one number per lane and unit, or one per lane, as the time is.</summary>
    public OnnxValueInfo Of(string name, IrInput row, string unit) =>
        NeuronFunction.IsRow(row) ? Units(name, unit) : new(name, number, [.. leading, OnnxExport.Batch, 1L]) { Doc = unit };

    /// <summary>A constant tensor: a scalar, or one number per unit.</summary>
    public static OnnxTensor Values(string name, double[] values, Precision precision) => (values.Length, precision) switch
    {
        (1, _) => NodeList.Scalar(name, values[0], precision),
        (_, Precision.Single) => OnnxTensor.Of(name, [values.Length], Array.ConvertAll(values, static value => (float)value)),
        _ => OnnxTensor.Of(name, [values.Length], values),
    };
}
