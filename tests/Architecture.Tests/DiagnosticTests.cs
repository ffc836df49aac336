using System.Text.RegularExpressions;

namespace BrainModular.Architecture;

/// <summary>What a diagnostic's id stands for: one thing, so that it can be looked up.</summary>
public sealed partial class DiagnosticTests
{
    /// <summary>Ids that several files report, since they mean the same wherever they are met.</summary>
    private static readonly IReadOnlyDictionary<string, string> Shared = new Dictionary<string, string>
    {
        ["BM2003"] = "a name that stands twice among keys",
        ["BM2005"] = "a value that its key cannot have",
        ["BM2006"] = "a key is missing",
        ["BM2007"] = "a quantity without a unit, or with one that is none",
        ["BM2008"] = "a quantity of another dimension",
        ["BM2301"] = "there is no such parameter",
        ["BM2302"] = "a parameter of another dimension",
        ["BM2304"] = "a parameter outside of its bounds",
        ["BM2321"] = "a simulation without a duration",
        ["BM2403"] = "a rate of more than one spike in a step",
        ["BM2601"] = "a distribution whose numbers contradict each other",
        ["BM2602"] = "there is no such population or projection",
        ["BM2605"] = "a variable or an output that is not there or does not fit where it goes",
        ["BM2612"] = "weights of another dimension than their port",
        ["BM2618"] = "a stage has to have a network and a task, of its own or another's",
        ["BM2619"] = "a task or an input that does not fit what the network was trained on",
        ["BM2641"] = "a key of the other kind of simulation",
        ["BM2643"] = "a time that is no whole number of steps, or too long",
        ["BM2711"] = "an optimiser needs gradients of features",
        ["BM2901"] = "a file is not of the format that it is taken for",
        ["BM2906"] = "a name for responses or stimuli that fits nothing, or a trace that fits neither or both",
        ["BM2907"] = "the responses and their stimuli do not pair up",
        ["BM2909"] = "a unit that is not that of the clamp",
        ["BM2910"] = "sweeps are written without a stimulus",
        ["BM3001"] = "there is no such file",
        ["BM3002"] = "a folder in the place of a file",
        ["BM3003"] = "an empty file",
        ["BM3005"] = "a truncated file",
        ["BM3007"] = "a damaged HDF5 file",
        ["BM3012"] = "a part of the data that cannot be read, being outside of it or too large",
        ["BM3014"] = "data that lie outside of the file and its folder",
        ["BM3015"] = "links that lead round in a circle",
        ["BM3024"] = "a series that is not one number a sample",
        ["BM3104"] = "a series without an even sampling rate",
        ["BM3107"] = "a response and its stimulus have not the same samples",
        ["BM3203"] = "images or labels are missing",
        ["BM3204"] = "a damaged file of images",
        ["BM3210"] = "the size of a connectome's end is not known",
        ["BM3211"] = "more connections for each unit than there can be",
        ["BM3214"] = "a setting of a connectome that has to be above 0",
        ["BM3215"] = "an end of an edge is no node",
        ["BM3220"] = "a table that is not well formed",
        ["BM3222"] = "a table has not the columns that it needs",
        ["BM3223"] = "a cell of a table is no number",
        ["BM3224"] = "a choice of nodes that is none",
        ["BM3225"] = "a node without a row, or with two",
        ["BM3228"] = "the rows and columns of a matrix do not fit together",
        ["BM3230"] = "a file that is not the JSON it should be",
        ["BM3232"] = "the columns of a table of edges are not equally long",
        ["BM3235"] = "a circuit without a population, or with two of its name",
        ["BM3241"] = "a connectivity without a part that it needs",
        ["BM3246"] = "a sheet or table that is not there, or not named",
        ["BM3600"] = "a file of arrays that cannot be read",
        ["BM3610"] = "a model without the metadata that its export writes",
        ["BM4101"] = "there is no such plugin",
        ["BM4103"] = "a plugin's DLL or folder cannot be read",
        ["BM4301"] = "dimensions that do not fit together",
        ["BM5502"] = "an exported file differs from the engine",
        ["BM6101"] = "a native library is missing",
        ["BM6103"] = "permission is denied",
        ["BM6104"] = "the disk is full",
        ["BM6105"] = "a file cannot be used",
    };

    [Fact]
    public void An_id_is_reported_by_one_file_or_means_the_same_in_all()
    {
        var declared = (
            from path in SourceTree.CSharpFiles
            where path.StartsWith("src/", StringComparison.Ordinal) || path.StartsWith("plugins/", StringComparison.Ordinal)
            from id in Ids(SourceTree.Read(path))
            select (Id: id, File: path)).Distinct().ToLookup(static d => d.Id, static d => d.File);
        Assert.True(declared.Count > 200, "the sources' diagnostics were not found");
        Assert.Empty(declared.Where(static d => d.Count() > 1 && !Shared.ContainsKey(d.Key)).Select(static d => $"{d.Key} is reported by {string.Join(" and by ", d)}: take a free id for one of them, or say here what it means in all"));
        Assert.Empty(Shared.Keys.Where(id => declared[id].Count() < 2).Select(static id => $"{id} is not shared any more"));
    }

    [Fact]
    public void The_sources_of_an_id_are_found() => Assert.Equal(
        ["BM1234", "BM1235", "BM1239", "BM1240", "BM1241"],
        Ids("throw new DiagnosticException(\"BM1234\", $\"...\"); faults.Add(\n  \"BM1235\", \"...\"); // BM1236\n if (d.Id == \"BM1237\" || e is [{ Id: \"BM1238\" }]) a ? \"BM1239\" : \"BM1240\"; const string Bug = \"BM1241\";"));

    private static IEnumerable<string> Ids(string text) => Declared().Matches(text).Select(static m => m.Groups[1].Value);

    /// <summary>An id in quotes that nothing is compared with.</summary>
    [GeneratedRegex(@"(?<!== )(?<!Id: )""(BM\d{4})""")]
    private static partial Regex Declared();
}
