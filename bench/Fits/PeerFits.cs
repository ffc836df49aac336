using System.Globalization;
using BrainModular.Engine.Kernels.Random;

namespace BrainModular.Bench.Fits;

/// <summary>The processor seconds until the Hodgkin-Huxley fit has come to a loss, all threads together, beside fits with other tools on the same equations, target and bounds.</summary>
internal static class PeerFits
{
    private const double GradientLevel = 1e-6;
    private const double PopulationLevel = 0.01;

    /// <param name="inputs">The table of currents.</param>
    /// <param name="rounds">How many rounds; each has a start and a seed of its own.</param>
    /// <param name="threads">How many threads may work.</param>
    public static void Run(string inputs, int rounds, int threads)
    {
        var subject = new HodgkinHuxleyCase(inputs);
        var (descents, populations, population) = (new Comparison("fits", "hodgkin-huxley, one descent"), new Comparison("fits", "hodgkin-huxley, to the loss of a population"), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var start = Start(round);
            descents.Add(Comparison.ProcessorSeconds(() => subject.RunTo(GradientLevel, "l-bfgs-b", start, threads, (ulong)round)));
            descents.Add("PyTorch and SciPy's L-BFGS-B", Peer("fit_pytorch.py", GradientLevel, inputs, string.Join(',', start.Values.Select(Text)), Text(GradientLevel)));

            populations.Add(Comparison.ProcessorSeconds(() => subject.RunTo(PopulationLevel, "l-bfgs-b", start, threads, (ulong)round)));
            populations.Add("Brian2 and SciPy's differential evolution", Peer("fit_brian2.py", PopulationLevel, inputs, Text(round), Text(PopulationLevel)));
            population.Add(Comparison.ProcessorSeconds(() => subject.RunTo(PopulationLevel, "differential-evolution", start, threads, (ulong)round)));
        }

        descents.Print(new Dictionary<string, object?> { ["level"] = GradientLevel, ["threads"] = threads });
        populations.Print(new Dictionary<string, object?> { ["level"] = PopulationLevel, ["threads"] = threads, ["secondsByDifferentialEvolution"] = Comparison.Spread(population) });
    }

    /// <summary>The model's defaults, and from the second round on points up to a tenth of the bounds' width from them.</summary>
    private static Dictionary<string, double> Start(int round)
    {
        var random = new PhiloxStream((ulong)round);
        return HodgkinHuxleyCase.Free.ToDictionary(
            static f => f.Name, f => f.Value(f.Coordinate(HodgkinHuxleyCase.Defaults[f.Name]) + (round == 0 ? 0 : 0.2 * (random.Uniform() - 0.5))));
    }

    /// <summary>A peer's processor seconds; infinite where it did not come to the loss.</summary>
    private static double Peer(string script, double level, params IEnumerable<string> arguments)
    {
        var found = Peers.Run(script, arguments);
        Console.Error.WriteLine($"{script}: {found}");
        return found.GetProperty("loss").GetDouble() <= level ? found.GetProperty("cpu_s").GetDouble() : double.PositiveInfinity;
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
