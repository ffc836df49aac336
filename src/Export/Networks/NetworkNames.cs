namespace BrainModular.Export.Networks;

/// <summary>The names of the inputs and outputs of a network's files, which programs that run them rely on.</summary>
internal static class NetworkNames
{
    /// <summary>The time in ms at the start of a step.</summary>
    public const string Time = "time";

    private const string MainSpike = "spike";

    /// <summary>What arrives at an input from outside.</summary>
    public static string Input(string input) => $"in.{input}";

    /// <summary>A state at the start of the step.</summary>
    public static string State(string population, string state) => $"state.{population}.{state}";

    /// <summary>What a source sent in the last steps, at the start of the step.</summary>
    public static string Delay(string source, string output) => output.Length == 0 ? $"delay.{source}" : $"delay.{source}.{output}";

    /// <summary>A state or delay line at the end of the step, or of the sequence.</summary>
    public static string Next(string value) => $"{value}.next";

    /// <summary>Spikes; the main ones have their population's name alone.</summary>
    public static string Spikes(string population, string spike) => spike == MainSpike ? $"spikes.{population}" : $"spikes.{population}.{spike}";

    /// <summary>A state that is read out, at the end of the step.</summary>
    public static string Readout(NetworkReadout readout) => $"readout.{readout.Population}.{readout.State}";

    /// <summary>A parameter that differs by unit.</summary>
    public static string Parameter(string population, string parameter) => $"param.{population}.{parameter}";

    /// <summary>What a population sends, inside the graph.</summary>
    public static string Sent(PopulationModel population, string output) =>
        population.Spikes.Contains(output) ? Spikes(population.Name, output) : $"sent.{population.Name}.{output}";

    /// <summary>What arrives over a projection from an input, computed for all steps at once.</summary>
    public static string Drive(InboundSlice slice) => $"drive.{slice.Name}";

    /// <summary>The matrix of a slice's weights.</summary>
    public static string Matrix(InboundSlice slice) => $"weight.{slice.Shared ?? slice.Name}";

    /// <summary>A part of a table of targets.</summary>
    public static string Table(InboundSlice slice, int part, string what) => $"table.{slice.Name}.{part}.{what}";
}
