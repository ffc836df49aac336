using BrainModular.Engine.Ir;

namespace BrainModular.Export.Onnx;

/// <summary>The names of a file's inputs and outputs, which programs that run the file rely on.</summary>
public sealed class ValueNames(StepModel model)
{
    private readonly int ports = model.Rows(IrInputKind.Signal).Count();

    /// <summary>The time at the start of the step, ms.</summary>
    public const string Time = "time";

    /// <summary>A state at the start of the step.</summary>
    public string State(string state) => $"state.{model.Population}.{state}";

    /// <summary>A state at the end of the step, or of the sequence.</summary>
    public string Next(string state) => $"{State(state)}.next";

    /// <summary>What arrives at a port; the port's name is left out where there is only one.</summary>
    public string Port(string port) => ports == 1 ? $"in.{model.Population}" : $"in.{model.Population}.{port}";

    /// <summary>Random numbers of a stream.</summary>
    public string Noise(string stream) => $"noise.{model.Population}.{stream}";

    /// <summary>A parameter that is not an attribute of the call.</summary>
    public string Parameter(string parameter) => $"param.{model.Population}.{parameter}";

    /// <summary>An output: the main one of spikes is <c>spikes.POPULATION</c>.</summary>
    public string Output(StepOutput output) => output switch
    {
        { IsEvent: true, Name: "spike" } => $"spikes.{model.Population}",
        { IsEvent: true } => $"spikes.{model.Population}.{output.Name}",
        _ => $"out.{model.Population}.{output.Name}",
    };

    /// <summary>In a sequence, the membrane potential at the end of every step; other states are not given by step.</summary>
    public string Voltage => $"v.{model.Population}";
}
