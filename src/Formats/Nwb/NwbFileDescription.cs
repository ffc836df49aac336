namespace BrainModular.Formats.Nwb;

/// <summary>What a file that is to be written says about itself.</summary>
/// <param name="Identifier">Identifies the file; objects' identifiers are derived from it, so two files should not share it.</param>
/// <param name="Description">What the file holds.</param>
/// <param name="SessionStart">When the recording began.</param>
/// <param name="Created">When the file is written.</param>
/// <param name="Source">Where the recorded sweeps come from: a file, an electrode, a cell.</param>
public sealed record NwbFileDescription(string Identifier, string Description, DateTimeOffset SessionStart, DateTimeOffset Created, string Source);

/// <summary>A column of a table that is to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it holds, with the unit.</param>
/// <param name="Values">One value per row: an array of numbers, <c>bool</c> or <c>string</c>.</param>
public sealed record NwbColumnContent(string Name, string Description, Array Values);
