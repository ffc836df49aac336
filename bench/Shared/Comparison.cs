using System.Diagnostics;
using System.Text.Json;

namespace BrainModular.Bench;

/// <summary>Seconds of one case and of what it is held against, taken in turn in every round. A ratio is that of a round; what is printed is the median, the least and the greatest.</summary>
/// <param name="bench">The benchmark.</param>
/// <param name="name">The case.</param>
/// <param name="unit">What is measured instead of seconds.</param>
internal sealed class Comparison(string bench, string name, string unit = "s")
{
    private readonly List<double> ours = [];
    private readonly Dictionary<string, List<double>> others = [];

    public double Seconds => Median(ours);

    public double SecondsOf(string other) => Median(others[other]);

    public void Add(double seconds) => ours.Add(seconds);

    /// <summary>Adds the seconds of the same round.</summary>
    public void Add(string other, double seconds)
    {
        if (!others.TryGetValue(other, out var list))
        {
            others[other] = list = [];
        }

        list.Add(seconds);
    }

    /// <summary>Prints a JSON line with the seconds and the ratios, ours to the others', and what else is to be said.</summary>
    public void Print(IReadOnlyDictionary<string, object?> facts)
    {
        var line = new Dictionary<string, object?>
        {
            ["bench"] = bench,
            ["case"] = name,
            ["unit"] = unit,
            ["seconds"] = Spread(ours),
            ["against"] = others.ToDictionary(static o => o.Key, o => new { seconds = Spread(o.Value), ratio = Spread([.. ours.Zip(o.Value, static (a, b) => a / b)]) }),
        };
        Console.WriteLine(JsonSerializer.Serialize(line.Concat(facts).ToDictionary(static p => p.Key, static p => p.Value)));
    }

    /// <summary>The last line that a program prints, which is JSON.</summary>
    public static JsonElement Run(string program, params IEnumerable<string> arguments) => Lines(program, arguments)[^1];

    /// <summary>The lines that a program prints, each of them JSON.</summary>
    public static JsonElement[] Lines(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return [.. output.Split('\n').Where(static l => l.StartsWith('{')).Select(static l => JsonDocument.Parse(l).RootElement)];
    }

    /// <summary>The processor time of an action, all threads together.</summary>
    public static double ProcessorSeconds(Action action)
    {
        var start = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }

    /// <summary>The time that an action takes by the clock.</summary>
    public static double ClockSeconds(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Runs an action until the run-time compiler has come to its final code. In processor time: beside other work a second holds few runs.</summary>
    public static void WarmUp(Action action, double seconds)
    {
        for (var start = Environment.CpuUsage.TotalTime; (Environment.CpuUsage.TotalTime - start).TotalSeconds < seconds;)
        {
            action();
        }
    }

    /// <summary>Waits until the run-time compiler, which works in the background on a processor of its own, has nothing more to do.</summary>
    public static void Settle()
    {
        const int Milliseconds = 150;
        TimeSpan start;
        do
        {
            start = Environment.CpuUsage.TotalTime;
            Thread.Sleep(Milliseconds);
        }
        while ((Environment.CpuUsage.TotalTime - start).TotalMilliseconds > 0.02 * Milliseconds);
    }

    public static double Median(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>Median, least and greatest.</summary>
    public static double[] Spread(IReadOnlyList<double> values) => [Median(values), values.Min(), values.Max()];
}
