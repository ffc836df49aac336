using System.CommandLine;
using BrainModular.Diagnostics;
using BrainModular.Formats.Nwb;
using BrainModular.Host.Conversion;
using BrainModular.Host.Terminal;

namespace BrainModular.Host.Commands;

/// <summary><c>brain convert IN... OUT.nwb</c>: recordings of other formats as NWB 2.</summary>
internal static class ConvertCommand
{
    private const string Extension = ".nwb";

    private enum ClampChoice
    {
        Current,
        Voltage,
    }

    public static Command Create()
    {
        var files = new Argument<string[]>("FILES")
        {
            Description = "What is converted - Axon files (.abf), Igor waves (.ibw), tables of numbers in text, also packed (.gz) - and last the .nwb file to write.",
            Arity = new(2, 100_000),
            HelpName = "IN... OUT.nwb",
        };
        var clamp = new Option<ClampChoice?>("--clamp") { Description = "How it was recorded; by default current clamp where potentials were recorded, else voltage clamp.", HelpName = "current|voltage" };
        var response = Name("--response", "What was recorded: a channel of an Axon file, waves by their files' names, or the number of a table's column; * stands for any characters. By default what has the unit of a response.");
        var stimulus = Name("--stimulus", "What was applied, likewise; of an Axon file also a command such as 'Cmd 0', or 'none'. By default what has the unit of a stimulus, in Axon files the command where nothing recorded has.");
        var responseUnit = Unit("--response-unit", "The unit of what was recorded, where the file has none or a wrong one.");
        var stimulusUnit = Unit("--stimulus-unit", "The unit of what was applied.");
        var rate = CommandOptions.PositiveNumber("--rate", "Samples per second of tables in text.");
        var force = new Option<bool>("--force") { Description = "Writes over a file that is there." };
        var command = new Command("convert", "Converts recordings of other formats to an NWB file. The last line on stdout is the file.") { files, clamp, response, stimulus, responseUnit, stimulusUnit, rate, force };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(files),
            new(
                parsed.GetValue(clamp) switch { ClampChoice.Current => NwbClamp.Current, ClampChoice.Voltage => NwbClamp.Voltage, _ => null },
                parsed.GetValue(response), parsed.GetValue(stimulus), parsed.GetValue(responseUnit), parsed.GetValue(stimulusUnit), parsed.GetValue(rate)),
            parsed.GetValue(force)));
        return command;
    }

    private static Option<string?> Name(string name, string description) => new(name) { Description = description, HelpName = "NAME" };

    private static Option<string?> Unit(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "UNIT" };
        option.Validators.Add(result =>
        {
            if (ClampUnit.Parse(result.Tokens[^1].Value) is null)
            {
                result.AddError($"{name} takes a unit of potential or current such as mV or pA, not '{result.Tokens[^1].Value}'");
            }
        });
        return option;
    }

    private static int Run(string[] files, ConversionOptions options, bool force)
    {
        using var interruption = new Interruption(Console.Error, Console.Error.WriteLine);
        var (inputs, output) = (files[..^1], files[^1]);
        if (!output.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
        {
            throw new DiagnosticException("BM1421", "the last file is to be written, and its name has another ending", new(output), $"a name that ends with {Extension}", "name the file to write last");
        }

        if (File.Exists(output) && !force)
        {
            throw new DiagnosticException("BM1422", "the file is there already", new(output), "a new file", "choose another name, or give --force to write over it");
        }

        var (lines, warnings) = RecordingConverter.Convert(inputs, output, options, DateTimeOffset.UtcNow, interruption.BeginWriting, interruption.Token);
        foreach (var warning in warnings)
        {
            Console.Error.WriteLine($"warning: {warning}");
        }

        foreach (var line in lines)
        {
            Console.Out.WriteLine(line);
        }

        Console.Out.WriteLine(output);
        return 0;
    }
}
