using BrainModular.Formats.Arrays;

namespace BrainModular.Formats.Nwb;

/// <summary>What a file that is to be written says about itself.</summary>
/// <param name="Identifier">Identifies the file; objects' identifiers are derived from it, so two files should not share it.</param>
/// <param name="Description">What the file holds.</param>
/// <param name="SessionStart">When the recording began.</param>
/// <param name="Created">When the file is written.</param>
/// <param name="Source">Where the recorded sweeps come from: a file, an electrode, a cell.</param>
public sealed record NwbFileDescription(string Identifier, string Description, DateTimeOffset SessionStart, DateTimeOffset Created, string Source)
{
    /// <summary>The protocol of the recording; empty where none is known.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>Notes on the recording; empty where there are none.</summary>
    public string Notes { get; init; } = "";
}

/// <summary>What was applied or recorded through an electrode in a sweep, to be written.</summary>
/// <param name="Clamp">How the sweep was recorded: current or voltage clamp.</param>
/// <param name="IsStimulus">Whether it was applied; else it was recorded.</param>
/// <param name="Sweep">The sweep's number.</param>
/// <param name="Samples">The numbers as they are stored.</param>
/// <param name="Rate">Samples per s.</param>
/// <param name="Description">What it is.</param>
/// <param name="Protocol">The stimulus's kind.</param>
public sealed record NwbClampContent(NwbClamp Clamp, bool IsStimulus, long Sweep, NumberStream Samples, double Rate, string Description, string Protocol)
{
    /// <summary>What stored numbers are multiplied with to give V or A.</summary>
    public double Conversion { get; init; } = 1;

    /// <summary>What is added after that, in V or A.</summary>
    public double Offset { get; init; }

    /// <summary>When the sweep began, in s after the session did.</summary>
    public double Start { get; init; }

    /// <summary>The electrode's name.</summary>
    public string Electrode { get; init; } = "electrode";
}

/// <summary>A column of a table that is to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it holds, with the unit.</param>
/// <param name="Values">One value per row: an array of numbers, <c>bool</c> or <c>string</c>.</param>
public sealed record NwbColumnContent(string Name, string Description, Array Values);
