using BrainModular.Engine.Networks;
using BrainModular.Engine.Tracing;
using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;

namespace BrainModular.Engine.Training;

/// <summary>The membrane potential of one unit in one trial.</summary>
/// <param name="Population">The unit's population.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Samples">The potential at the end of each step, in <paramref name="In"/>.</param>
/// <param name="In">The unit of measurement.</param>
/// <param name="Threshold">The potential at which the unit spikes; null where it is not one parameter.</param>
public sealed record PotentialTrace(string Population, int Unit, double[] Samples, Unit In, double? Threshold);

/// <summary>The spikes of a population in one trial.</summary>
/// <param name="Name">The population.</param>
/// <param name="Units">How many units it has.</param>
/// <param name="Spikes">Its spikes in the order of time.</param>
public sealed record PopulationSpikes(string Name, int Units, IReadOnlyList<RecordedSpike> Spikes);

/// <summary>One trial of a task through a network, recorded as a figure shows it.</summary>
/// <param name="Shape">The shape of the trial: its periods, input groups and targets.</param>
/// <param name="TimeStep">The length of a step in ms.</param>
/// <param name="Trial">The trial's inputs, targets and mask.</param>
/// <param name="Populations">The spikes of every population that can spike, in the order of the network.</param>
/// <param name="Potentials">The potential of some units of every population that has one.</param>
/// <param name="Readout">What is read out at the end of each step, [unit][step].</param>
/// <param name="Answers">How many answers the trial asks for and how many were right; none where targets are values.</param>
public sealed record SampleTrial(
    TaskShape Shape, double TimeStep, TrialBatch Trial, IReadOnlyList<PopulationSpikes> Populations, IReadOnlyList<PotentialTrace> Potentials, double[][] Readout,
    (int Right, int Asked) Answers)
{
    private const string Potential = "V";

    /// <summary>Runs a trial that no training and no evaluation has seen.</summary>
    /// <param name="plan">The network and its task; everything runs in one lane.</param>
    /// <param name="coordinates">The network's coordinates.</param>
    /// <param name="potentials">Of how many units of each population the potential is recorded: units as far apart as there are.</param>
    /// <param name="random">Where the trial comes from; the same stream gives the same trial.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <exception cref="Diagnostics.DiagnosticException">BM5201: a state is not finite; BM5202: there is more to record than memory allows.</exception>
    public static SampleTrial Record(TaskTrainingPlan plan, double[] coordinates, int potentials, IRandomStream random, CancellationToken cancel)
    {
        // The last trial there can be, so that its noise is that of no other.
        const int Number = int.MaxValue;
        var network = plan.Program.Definition;
        var trials = new TaskTrials(plan with { Lanes = 1 });
        trials.Generate(plan.Task.For(TrialUse.Evaluation), random, Number, count: 1, total: 1);
        List<Probe> probes = [.. network.Populations.Where(static p => Find(p) is not null).Select(p => new Probe(p.Name, Potential, Spread(p.Count, potentials)))];
        var readout = new Probe(plan.Readout, plan.ReadoutState, [.. Enumerable.Range(0, network.CountOf(plan.Readout))]);
        using var batch = NetworkBatch.Open(plan.Program, new(plan.Shape.Steps, Lanes: 1, Threads: 1) { MemoryBudget = plan.MemoryBudget, Noise = plan.Noise });
        var record = batch.Record(coordinates, trials, new([.. probes, readout]), cancel);
        return new(
            plan.Shape, network.TimeStep, trials.Batch,
            [.. network.Populations.Where(static p => p.Model.Spikes.Any(static s => s.Name == RateRegularizer.Output)).Select(p => new PopulationSpikes(p.Name, p.Count, record.Spikes.GetValueOrDefault(p.Name, [])))],
            [.. probes.SelectMany((p, i) => p.Units.Select((unit, u) => Trace(network.Population(p.Population), unit, record.Traces[i][0][u])))],
            record.Traces[^1][0],
            trials.Score.Answers());
    }

    private static Models.StateVariable? Find(PopulationDefinition population) => population.Model.States.FirstOrDefault(static s => s.Name == Potential);

    private static int[] Spread(int units, int wanted) =>
        units <= wanted ? [.. Enumerable.Range(0, units)] : [.. Enumerable.Range(0, wanted).Select(i => (int)((long)units * ((2 * i) + 1) / (2 * wanted)))];

    private static PotentialTrace Trace(PopulationDefinition population, int unit, double[] samples)
    {
        var state = Find(population)!;
        var threshold = ThresholdOf(population.Model, state) is { } parameter ? state.Unit.Export(Value(population, parameter, unit)) : (double?)null;
        return new(population.Name, unit, [.. samples.Select(state.Unit.Export)], state.Unit, threshold);
    }

    private static double Value(PopulationDefinition population, Models.Parameter parameter, int unit) =>
        population.Values.TryGetValue(parameter.Name, out var values) ? values[values.Length == 1 ? 0 : unit] : parameter.Default.InEngineUnits;

    /// <summary>The one parameter that spikes compare the potential with; null where they are made of more.</summary>
    private static Models.Parameter? ThresholdOf(ModelDefinition model, Models.StateVariable potential)
    {
        var symbols = new HashSet<Symbol>();
        void Visit(Expr e)
        {
            if (e is Symbol symbol)
            {
                symbols.Add(symbol);
            }

            foreach (var operand in e.Operands)
            {
                Visit(operand);
            }
        }

        foreach (var spike in model.Spikes.Where(static s => s.Name == RateRegularizer.Output))
        {
            Visit(spike.Value);
        }

        symbols.ExceptWith([potential, (Symbol)potential.Stepped]);
        return symbols.Count == 1 && symbols.First() is Models.Parameter parameter && parameter.Dimension == potential.Dimension ? parameter : null;
    }
}
