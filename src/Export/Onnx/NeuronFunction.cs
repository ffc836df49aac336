using BrainModular.Engine.Ir;
using BrainModular.Formats.Onnx;

namespace BrainModular.Export.Onnx;

/// <summary>
/// A population's step as a function of the file. Parameters that all units share are its attributes, so that a reader sees them at the call;
/// float64 ones and those that differ by unit are inputs, since attributes are float32 scalars.
/// </summary>
internal sealed class NeuronFunction
{
    /// <summary>The domain of all functions that are made from neuron models.</summary>
    public const string Domain = "brainmodular.neuron";

    public const long DomainVersion = 1;

    public const long Opset = 17;

    private readonly StepModel model;
    private readonly NodeList nodes;
    private readonly Dictionary<IrNode, string> values = [];
    private readonly HashSet<IrNode> named = [];

    private NeuronFunction(StepModel model, Precision precision)
    {
        this.model = model;
        nodes = new NodeList(precision);
        Attributes = [.. model.Step.Inputs.Where(input => IsFixed(input) && precision == Precision.Single && Values(input).Length == 1)];
        Inputs = [.. model.Step.Inputs.Except(Attributes)];
    }

    /// <summary>The rows that the function takes as inputs, in order.</summary>
    public IReadOnlyList<IrInput> Inputs { get; }

    /// <summary>The rows whose values are attributes of the call.</summary>
    public IReadOnlyList<IrInput> Attributes { get; }

    public OnnxFunction Function { get; private set; } = null!;

    public static NeuronFunction From(StepModel model, Precision precision)
    {
        IrVerifier.Check(model.Step);
        var function = new NeuronFunction(model, precision);
        function.Function = function.Build();
        return function;
    }

    /// <summary>Whether a row holds values that are known now and do not change while time runs.</summary>
    public static bool IsFixed(IrInput input) => input.Kind == IrInputKind.Parameter;

    /// <summary>The call of the function.</summary>
    /// <param name="inputs">The names of what it reads, by row.</param>
    /// <param name="outputs">The names of what it gives, in the order of the step's outputs.</param>
    public OnnxNode Call(Func<IrInput, string> inputs, IReadOnlyList<string> outputs) =>
        new(Function.Name, [.. Inputs.Select(inputs)], outputs)
        {
            Domain = Domain,
            Name = model.Population,
            Attributes = [.. Attributes.Select(input => new OnnxAttribute.Float(input.Name, (float)Values(input)[0]))],
        };

    /// <summary>The values of a parameter.</summary>
    public double[] Values(IrInput input) => model.Parameters.TryGetValue(input.Name, out var found) && (found.Length == 1 || found.Length == model.Units)
        ? found
        : throw new ArgumentException($"the step of {model.Population} reads the parameter {input.Name}, of which 1 or {model.Units} values must be given", nameof(input));

    private OnnxFunction Build()
    {
        foreach (var name in Inputs.Select(input => input.Name).Concat(model.Step.Outputs.Select(output => output.Name)))
        {
            nodes.Reserve(name);
        }

        foreach (var node in model.Step.Nodes)
        {
            values[node] = node.Op switch
            {
                IrOp.Constant => nodes.Constant(node.Value),
                IrOp.Input => Read(node.Input!),
                _ => OperationTable.Lower(node.Op, nodes, [.. node.Operands.Select(operand => values[operand])]),
            };
        }

        var rows = RowNodes();
        foreach (var output in model.Step.Outputs)
        {
            NameOutput(output, rows);
        }

        var outputs = model.Step.Outputs.Select(output => output.Name).ToArray();
        return new OnnxFunction(Domain, model.NeuronType, [.. Inputs.Select(input => input.Name)], outputs, nodes.Nodes)
        {
            Attributes = [.. Attributes.Select(input => input.Name)],
            Opsets = [new OnnxOpset("", Opset)],
            Doc = $"One step of {model.NeuronType}, {model.TimeStep:R} ms.",
        };
    }

    private string Read(IrInput input) => Attributes.Contains(input)
        ? nodes.Add("Constant", [], [new OnnxAttribute.Reference("value_float", input.Name, OnnxAttributeKind.Float)])
        : input.Name;

    /// <summary>The nodes whose values have one number per unit and lane, because they come from a row that has.</summary>
    private HashSet<IrNode> RowNodes()
    {
        var rows = new HashSet<IrNode>();
        foreach (var node in model.Step.Nodes)
        {
            if (node.Op == IrOp.Input ? IsRow(node.Input!) : node.Operands.Any(rows.Contains))
            {
                rows.Add(node);
            }
        }

        return rows;
    }

    /// <summary>Gives an output's value the output's name: by renaming it, or where it has another use already by a node of its own.</summary>
    private void NameOutput(IrOutput output, HashSet<IrNode> rows)
    {
        var value = values[output.Node];
        if (!rows.Contains(output.Node))
        {
            value = nodes.Add("Expand", value, nodes.Add("Shape", Inputs.First(IsRow).Name));
        }
        else if (output.Node.Op == IrOp.Input || !named.Add(output.Node))
        {
            value = nodes.Add("Identity", value);
        }
        else
        {
            values[output.Node] = output.Name;
        }

        nodes.Rename(value, output.Name);
    }

    /// <summary>Whether a row has one number per unit and lane.</summary>
    public static bool IsRow(IrInput input) => input is { Uniform: false, Kind: IrInputKind.State or IrInputKind.Signal or IrInputKind.Noise };
}
