using BrainModular.Diagnostics;
using BrainModular.Host.Runs;

namespace BrainModular.Host.Terminal;

/// <summary>Ends a command: turns what was thrown into a message and an exit code. Only bugs show a stack trace.</summary>
internal static class FaultPrinter
{
    public const int Cancelled = 130;
    private const int Bug = 1;

    /// <summary>How many faults are shown; what a generated file gets wrong it may get wrong everywhere.</summary>
    private const int Most = 100;

    public static int Print(Exception exception, TextWriter error)
    {
        switch (exception)
        {
            case OperationCanceledException:
                error.WriteLine("cancelled");
                return Cancelled;
            case DiagnosticException known:
                return Print(known.Diagnostics, error);
            default:
                if (EnvironmentFaults.Of(exception, null) is { } fault)
                {
                    return Print([fault], error);
                }

                error.WriteLine($"BM9999: this is a bug in BrainModular {Product.Version}; please report it with the lines below");
                error.WriteLine(exception);
                return Bug;
        }
    }

    private static int Print(IReadOnlyList<Diagnostic> faults, TextWriter error)
    {
        foreach (var fault in faults.Take(Most))
        {
            error.WriteLine(fault);
        }

        if (faults.Count > 1)
        {
            error.WriteLine(faults.Count > Most ? $"{faults.Count} faults: those above and {faults.Count - Most} more" : $"{faults.Count} faults");
        }

        return faults[0].ExitCode;
    }
}
