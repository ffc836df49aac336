using BrainModular.Diagnostics;

namespace BrainModular.Formats.Nwb;

/// <summary>Collects what is odd in a file, so that a damaged part costs itself and not the whole file.</summary>
internal sealed class FaultLog
{
    private readonly List<Diagnostic> _warnings = [];

    public IReadOnlyList<Diagnostic> Warnings => _warnings;

    public void Add(Diagnostic warning) => _warnings.Add(warning);

    /// <summary>What <paramref name="read"/> gives, or <paramref name="otherwise"/> and a warning where it cannot.</summary>
    public T Try<T>(Func<T> read, T otherwise)
    {
        try
        {
            return read();
        }
        catch (DiagnosticException exception)
        {
            _warnings.AddRange(exception.Diagnostics);
            return otherwise;
        }
    }
}
