using System.Globalization;
using System.Text.Json;
using BrainModular.Bench;
using BrainModular.Bench.Products;

// Usage: bench FOLDER [ROUNDS [N [PER-ROW]]]. FOLDER holds the compiled references w5 (forward) and adjoints (both ways back). One thread, one lane, in turn in every round.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int Repetitions = 41;
double[] parts = [0.001, 0.01, 0.1];
var folder = args[0];
var rounds = args.Length > 1 ? int.Parse(args[1]) : 5;
var n = args.Length > 2 ? int.Parse(args[2]) : 100_000;
var perRow = args.Length > 3 ? int.Parse(args[3]) : 100;
using var product = new SparseProduct(n, perRow);
(string Name, Action Run)[] ways = [("forward", product.Forward), ("adjoint of what was sent", product.Backward), ("adjoint of the weights", product.Gradient)];
var comparisons = ways.SelectMany(w => parts.Select(p => new Comparison("products", $"sparse product, {n} x {n}, {perRow} a row, {p:0.#%} active: {w.Name}"))).ToArray();
foreach (var (_, run) in ways)
{
    product.Draw(0.1);
    Comparison.WarmUp(run, 1);
}

for (var round = 0; round < rounds; round++)
{
    // w5 prints a line for each part.
    var forward = Lines(Path.Combine(folder, "w5")).ToDictionary(static l => l.GetProperty("frac").GetDouble(), static l => l.GetProperty("cpu_us").GetDouble());
    var back = Lines(Path.Combine(folder, "adjoints"))[0];
    for (var w = 0; w < ways.Length; w++)
    {
        for (var p = 0; p < parts.Length; p++)
        {
            var comparison = comparisons[(w * parts.Length) + p];
            comparison.Add(Comparison.Median([.. Enumerable.Range(0, Repetitions).Select(_ => Once(ways[w].Run, parts[p]))]));
            comparison.Add("C++", 1e-6 * (w == 0 ? forward[parts[p]] : back.GetProperty($"{parts[p]}").GetProperty(w == 1 ? "sent" : "weights").GetDouble()));
        }
    }
}

Array.ForEach(comparisons, static c => c.Print(new Dictionary<string, object?>()));

double Once(Action run, double part)
{
    product.Draw(part);
    return ThreadClock.SecondsOf(run);
}

JsonElement[] Lines(string program) => Comparison.Lines(program, $"{n}", $"{perRow}", $"{Repetitions}");
