using System.CommandLine;
using System.CommandLine.Parsing;
using BrainModular.Diagnostics;
using BrainModular.Host.Commands;
using BrainModular.Host.Terminal;

namespace BrainModular.Host;

/// <summary>The <c>brain</c> command.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        VisibleWriter.Install();
        try
        {
            return Root().Parse(arguments) is var parsed && parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction
                ? throw new DiagnosticException([.. parsed.Errors.Select(e => new Diagnostic("BM1001", e.Message, Cure: $"{Spelled(parsed.CommandResult)} --help"))])
                : parsed.Invoke(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception)
        {
            return FaultPrinter.Print(exception, Console.Error);
        }
    }

    private static string Spelled(CommandResult command) => command.Parent is CommandResult parent ? $"{Spelled(parent)} {command.Command.Name}" : "brain";

    /// <summary>The command with its subcommands.</summary>
    internal static RootCommand Root() => new("Fits, simulates and exports models of neurons and brains that plugins bring.")
    {
        RunCommand.Create(),
        ResumeCommand.Create(),
        ValidateCommand.Create(),
        PluginsCommand.Create(),
        DescribeCommand.Create(),
        ConvertCommand.Create(),
        InferCommand.Create(),
        CompareGradientsCommand.Create(),
        CompareFittersCommand.Create(),
    };
}
