using BrainModular.Diagnostics;

namespace BrainModular.Host.Runs;

/// <summary>Why a run failed, as faults.</summary>
internal static class RunFaults
{
    /// <summary>What no user can mend.</summary>
    public const string Bug = "BM9999";

    /// <summary>The faults behind what a run has thrown.</summary>
    /// <param name="exception">It.</param>
    /// <param name="folder">The run's folder, of which the environment's faults are.</param>
    public static IReadOnlyList<Diagnostic> Of(Exception exception, string folder) => exception is DiagnosticException known
        ? known.Diagnostics
        : [EnvironmentFaults.Of(exception, folder) ?? new(Bug, $"a bug in BrainModular {Product.Version}: {exception.GetType().Name}: {exception.Message}")];
}
