using BrainModular.Diagnostics;

namespace BrainModular.Host.Configuration;

/// <summary>Collects the faults of a validation, so that the user sees all of them at once.</summary>
internal sealed class Faults
{
    private readonly List<Diagnostic> found = [];
    private readonly HashSet<Diagnostic> known = [];

    public IReadOnlyList<Diagnostic> Found => found;

    public bool Any => found.Count > 0;

    /// <summary>Adds a fault, unless the same was found: what one key says can be read for several stages.</summary>
    public void Add(Diagnostic fault)
    {
        if (known.Add(fault))
        {
            found.Add(fault);
        }
    }

    public void Add(string id, string problem, Place place, string? expected = null, string? cure = null) =>
        Add(new Diagnostic(id, problem, place, expected, cure));

    /// <summary>Runs a check that throws where it fails, and keeps what it says.</summary>
    public void Collect(Action check)
    {
        try
        {
            check();
        }
        catch (DiagnosticException exception)
        {
            exception.Diagnostics.ToList().ForEach(Add);
        }
    }

    /// <summary>Ends the operation where something was found.</summary>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw new DiagnosticException(found);
        }
    }
}
