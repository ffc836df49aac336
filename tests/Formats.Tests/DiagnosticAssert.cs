using BrainModular.Diagnostics;

namespace BrainModular.Formats.Tests;

internal static class DiagnosticAssert
{
    /// <summary>Asserts that an action ends with exactly one diagnostic of an id, and returns it.</summary>
    public static Diagnostic Fails(string id, Action action)
    {
        var diagnostic = Assert.Single(Assert.Throws<DiagnosticException>(action).Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        return diagnostic;
    }
}
