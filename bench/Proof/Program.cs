using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BrainModular.Bench.Proof;

// Usage: bench LINES.jsonl LIMITS.jsonl OUTPUT. Makes one table of what the benchmarks printed, as OUTPUT.md and OUTPUT.json.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
JsonObject[] lines = [.. File.ReadLines(args[0]).Where(static l => l.StartsWith('{')).Select(static l => JsonNode.Parse(l)!.AsObject())];
JsonObject[] limits = [.. File.ReadLines(args[1]).Where(static l => l.StartsWith('{')).Select(static l => JsonNode.Parse(l)!.AsObject())];
var machine = Machine.Facts();
var rows = new List<JsonObject>();
foreach (var line in lines)
{
    var name = (string)line["case"]!;
    foreach (var (against, other) in line["against"]!.AsObject())
    {
        var (ratio, goal) = (Numbers(other!["ratio"]!), Goal.Of(name, against));
        rows.Add(new()
        {
            ["case"] = name, ["unit"] = line["unit"]!.DeepClone(), ["against"] = against, ["seconds"] = line["seconds"]!.DeepClone(), ["referenceSeconds"] = other["seconds"]!.DeepClone(), ["ratio"] = other["ratio"]!.DeepClone(),
            ["goal"] = goal, ["isMet"] = goal is null ? null : ratio[0] <= goal,
            ["rates"] = line["rate"] is { } rate ? new JsonArray(rate.DeepClone(), line["referenceRate"]?.DeepClone()) : null,
        });
    }

    if (line["against"]!.AsObject().Count == 0)
    {
        rows.Add(new() { ["case"] = name, ["unit"] = line["unit"]!.DeepClone(), ["against"] = null, ["seconds"] = line["seconds"]!.DeepClone() });
    }
}

var text = new StringBuilder();
foreach (var (fact, value) in machine)
{
    text.AppendLine($"- {fact}: {value}");
}

foreach (var limit in limits)
{
    text.AppendLine($"- limit, {limit["test"]}: {(double)limit["median_wall"]!:G4} {limit["unit"]}");
}

text.AppendLine().AppendLine("| case | ours | against | its | ratio [least, greatest] | goal | met |").AppendLine("|---|---|---|---|---|---|---|");
foreach (var row in rows)
{
    var against = (string?)row["against"];
    text.AppendLine(against is null
        ? $"| {row["case"]} | {Amount(row, "seconds")} | | | | | |"
        : $"| {row["case"]} | {Amount(row, "seconds")} | {against} | {Amount(row, "referenceSeconds")} | {Ratio(Numbers(row["ratio"]!))} | {Target((double?)row["goal"])} | {((bool?)row["isMet"] is { } met ? met ? "yes" : "no" : "")} |");
}

string[] missing = [.. machine.Where(static f => f.Value == "missing").Select(static f => f.Key)];
text.AppendLine().AppendLine(missing.Length > 0 ? $"Missing on this machine, and so not compared: {string.Join(", ", missing)}." : "Nothing is missing.");
text.AppendLine($"{rows.Count(static r => (bool?)r["isMet"] == true)} of {rows.Count(static r => r["isMet"] is not null)} goals are met. A ratio is our time to the reference's; \"77x\" says that the reference takes 77 times as long.");
File.WriteAllText($"{args[2]}.md", text.ToString());
File.WriteAllText($"{args[2]}.json", new JsonObject
{
    ["machine"] = new JsonObject(machine.Select(static f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value))),
    ["limits"] = new JsonArray([.. limits.Select(static l => l.DeepClone())]),
    ["rows"] = new JsonArray([.. rows.Select(static r => (JsonNode)r)]),
}.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
Console.Write(text);

static string Amount(JsonObject row, string of) => $"{Numbers(row[of]!)[0]:G3} {row["unit"]}";

static double[] Numbers(JsonNode node) => [.. node.AsArray().Select(static n => (double)n!)];

// Peers are many times slower: how many times is easier to read.
static string Ratio(double[] ratio) => ratio[0] > 0.34
    ? $"{ratio[0]:0.00} [{ratio[1]:0.00}, {ratio[2]:0.00}]"
    : $"{1 / ratio[0]:0.#}x [{1 / ratio[2]:0.#}, {1 / ratio[1]:0.#}]";

static string Target(double? goal) => goal is not { } most ? "" : most > 0.34 ? $"at most {most:0.##}" : $"at least {1 / most:0.#}x";
