using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BrainModular.Formats.Nwb;
using BrainModular.Host.Composition.Simulations;
using BrainModular.Host.Runs;

namespace BrainModular.Host.Composition;

/// <summary>Writes <c>results.nwb</c>: recorded and modelled traces of every stage, the fitted parameters, and what was recorded of networks.</summary>
internal static class ResultTraces
{
    private const double VoltsPerMillivolt = 1e-3;
    private const double AmperesPerNanoampere = 1e-9;

    public static void Write(Experiment experiment, IReadOnlyDictionary<string, StageOutcome> outcomes, RunFolder folder)
    {
        if (!outcomes.Values.Any(static o => o is FitOutcome or SimulateOutcome or SimulationOutcome))
        {
            return;
        }

        var started = RunRecord.Started(JsonNode.Parse(File.ReadAllBytes(folder.Record))!);
        var sources = outcomes.Values.OfType<FitOutcome>().Select(static f => f.Fit.Recording.Path)
            .Concat(outcomes.Values.OfType<SimulationOutcome>().SelectMany(static s => s.Simulation.SpikeFiles));
        using var writer = NwbWriter.Create(folder.Results, new(
            Identifier(folder), $"Results of the BrainModular experiment {experiment.Config.Name}", started, started, string.Join(", ", sources)));
        var written = new HashSet<long>();
        foreach (var (name, outcome) in outcomes)
        {
            switch (outcome)
            {
                case FitOutcome fit:
                    WriteFit(writer, name, fit, written);
                    break;
                case SimulateOutcome simulated:
                    WriteSimulation(writer, name, simulated, written);
                    break;
                case SimulationOutcome simulated:
                    SimulationTraces.Write(writer, name, simulated);
                    break;
            }
        }

        writer.Commit();
    }

    private static void WriteFit(NwbWriter writer, string stage, FitOutcome fit, HashSet<long> written)
    {
        foreach (var (sweep, part) in fit.Sweeps)
        {
            var (number, rate) = (sweep.Sweep.Number, 1000 / sweep.Sweep.TimeStep);
            if (written.Add(number))
            {
                writer.Stimulus(number, rate, Scaled(sweep.Sweep.Current, AmperesPerNanoampere), part);
                writer.Recorded(number, rate, Scaled(sweep.Sweep.Potential, VoltsPerMillivolt), part);
            }

            writer.Modelled(stage, number, rate, Scaled(sweep.Potential, VoltsPerMillivolt), part);
        }

        var parameters = fit.Fit.Plan.Model.Parameters;
        writer.Table($"{stage}_parameters", $"parameters of {fit.Fit.Neuron.Type} after stage {stage}",
        [
            new("parameter", "the parameter's name", parameters.Select(static p => p.Name).ToArray()),
            new("value", "its value in the unit beside it", parameters.Select(p => p.Unit.Export(fit.Values[p.Name])).ToArray()),
            new("unit", "the unit", parameters.Select(static p => p.Unit.Symbol).ToArray()),
            new("fitted", "whether the fit changed it", parameters.Select(p => fit.Result.Best.Values.ContainsKey(p.Name)).ToArray()),
        ]);
    }

    private static void WriteSimulation(NwbWriter writer, string stage, SimulateOutcome simulated, HashSet<long> written)
    {
        foreach (var sweep in simulated.Sweeps)
        {
            var rate = 1000 / sweep.TimeStep;
            if (written.Add(sweep.Number))
            {
                writer.Stimulus(sweep.Number, rate, Scaled(sweep.Current, AmperesPerNanoampere), "simulation");
            }

            writer.Modelled(stage, sweep.Number, rate, Scaled(sweep.Potential, VoltsPerMillivolt), "simulation");
        }
    }

    private static double[] Scaled(double[] values, double factor) => [.. values.Select(v => v * factor)];

    /// <summary>The same run gives the same identifier, so that writing its file again gives the same bytes.</summary>
    private static string Identifier(RunFolder folder) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder.ResolvedConfig).Concat(Encoding.UTF8.GetBytes(folder.Path)).ToArray()))[..32];
}
