namespace BrainModular.Diagnostics;

/// <summary>Ends an operation with one or more faults that the user can act on. The command prints them without a stack trace.</summary>
public sealed class DiagnosticException : Exception
{
    /// <summary>An exception for several faults found together.</summary>
    /// <param name="diagnostics">At least one fault.</param>
    public DiagnosticException(IReadOnlyList<Diagnostic> diagnostics)
        : base(string.Join('\n', diagnostics)) => Diagnostics = diagnostics;

    /// <summary>An exception for one fault, with the exception that revealed it.</summary>
    public DiagnosticException(Diagnostic diagnostic, Exception? inner = null)
        : base(diagnostic.ToString(), inner) => Diagnostics = [diagnostic];

    /// <summary>An exception for one fault, written out.</summary>
    public DiagnosticException(string id, string problem, Place place = default, string? expected = null, string? cure = null, Exception? inner = null)
        : this(new Diagnostic(id, problem, place, expected, cure), inner)
    {
    }

    /// <summary>The faults, at least one.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }
}
