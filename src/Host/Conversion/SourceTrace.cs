using BrainModular.Diagnostics;
using BrainModular.Formats.Arrays;
using BrainModular.Formats.Nwb;

namespace BrainModular.Host.Conversion;

/// <summary>What one file holds of one sweep: a stimulus or a response.</summary>
/// <param name="Name">What it is called there.</param>
/// <param name="Unit">The unit that it is in after scale and offset.</param>
/// <param name="Rate">Samples per s.</param>
/// <param name="Samples">The numbers as they are stored.</param>
/// <param name="Scale">What they are multiplied with.</param>
/// <param name="Offset">What is added after that.</param>
/// <param name="Origin">What it comes from, in words.</param>
internal sealed record SourceTrace(string Name, string Unit, double Rate, NumberStream Samples, double Scale, double Offset, string Origin)
{
    /// <summary>The factor from the unit to V or A.</summary>
    /// <exception cref="DiagnosticException">BM2909: the unit is none of those.</exception>
    public double Factor(ClampQuantity quantity, string file, string option) => ClampUnit.Parse(Unit) is { } unit && unit.Quantity == quantity
        ? unit.Factor
        : throw new DiagnosticException(
            "BM2909", $"the unit of {Name} is '{Unit}'", new Place(file), quantity == ClampQuantity.Potential ? "V, mV or another unit of potential" : "A, nA, pA or another unit of current",
            $"give its unit with {option}, or choose the other kind of clamp with --clamp");
}

/// <summary>A sweep as its files have it.</summary>
/// <param name="File">The response's file.</param>
/// <param name="Clamp">How it was recorded.</param>
/// <param name="Response">What was recorded.</param>
/// <param name="Stimulus">What was applied; null where no file tells it.</param>
internal sealed record SourceSweep(string File, NwbClamp Clamp, SourceTrace Response, SourceTrace? Stimulus)
{
    /// <summary>The number that its file's name ends with, or null.</summary>
    public long? NamedNumber { get; init; }

    /// <summary>Its place among the sweeps of its file; those that several electrodes recorded at once share it.</summary>
    public required int Index { get; init; }

    /// <summary>When it began, by the recording computer's clock; null where its file does not say.</summary>
    public DateTime? Start { get; init; }

    /// <summary>The stimulus's kind.</summary>
    public string Protocol { get; init; } = "N/A";

    /// <summary>The electrode's name.</summary>
    public string Electrode { get; init; } = "electrode";
}

/// <summary>What files hold together.</summary>
/// <param name="Sweeps">Their sweeps.</param>
/// <param name="Protocol">The protocol's path.</param>
/// <param name="Notes">Notes.</param>
/// <param name="Warnings">What is left out, and why.</param>
internal sealed record SourceRecording(IReadOnlyList<SourceSweep> Sweeps, string Protocol, string Notes, IReadOnlyList<Diagnostic> Warnings);
