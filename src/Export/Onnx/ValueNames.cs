using BrainModular.Engine.Ir;

namespace BrainModular.Export.Onnx;

/// <summary>The names of a file's inputs and outputs, which programs that run the file rely on.</summary>
public sealed class ValueNames(StepModel model)
{
    private const string NextSuffix = ".next";

    private readonly int ports = model.Rows(IrInputKind.Signal).Count();

    /// <summary>In a sequence, the membrane potential at the end of every step; other states are not given by step.</summary>
    public string Potential => $"v.{model.Population}";

    /// <summary>A state at the start of the step.</summary>
    public string State(string state) => $"state.{model.Population}.{state}";

    /// <summary>A state at the end of the step, or of the sequence.</summary>
    public string Next(string state) => State(state) + NextSuffix;

    /// <summary>An output: the main one of spikes is <c>spikes.POPULATION</c>.</summary>
    public string Output(StepOutput output) => output switch
    {
        { IsEvent: true, Name: "spike" } => $"spikes.{model.Population}",
        { IsEvent: true } => $"spikes.{model.Population}.{output.Name}",
        _ => $"out.{model.Population}.{output.Name}",
    };

    /// <summary>
    /// What the step reads: a state, a port (its own name is left out where there is only one), random numbers of a stream, the time in ms,
    /// or a parameter that is not an attribute of the call.
    /// </summary>
    public string Row(IrInput row) => row.Kind switch
    {
        IrInputKind.State => State(row.Name),
        IrInputKind.Signal => ports == 1 ? $"in.{model.Population}" : $"in.{model.Population}.{row.Name}",
        IrInputKind.Noise => $"noise.{model.Population}.{row.Name}",
        IrInputKind.Time => "time",
        _ => $"param.{model.Population}.{row.Name}",
    };

    /// <summary>What the step gives: a state's next value, or one of the described outputs.</summary>
    /// <exception cref="ArgumentException">The model does not describe it.</exception>
    internal string Result(IrOutput output)
    {
        if (output.Name.EndsWith(NextSuffix, StringComparison.Ordinal) && model.States.Contains(output.Name[..^NextSuffix.Length]))
        {
            return State(output.Name);
        }

        return model.Outputs.FirstOrDefault(described => described.Name == output.Name) is { } found
            ? Output(found)
            : throw new ArgumentException($"the step gives {output.Name}, which is neither a state nor among the outputs");
    }
}
