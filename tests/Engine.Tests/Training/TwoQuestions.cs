using BrainModular.Engine.Networks;
using BrainModular.Engine.Training;
using BrainModular.Models;
using BrainModular.Tasks;

namespace BrainModular.Engine.Tests.Training;

/// <summary>One way in which a trial can choose.</summary>
/// <param name="Moments">When, by period.</param>
/// <param name="Numbers">The numbers that give the classes.</param>
/// <param name="Probability">Of all of it.</param>
/// <param name="Reward">The part that is right.</param>
internal sealed record Way(int[] Moments, double[] Numbers, double Probability, double Reward);

/// <summary>One trial of four channels that asks in two periods, in few steps with a mask that varies.</summary>
internal sealed class TwoQuestions
{
    private static readonly (int Back, float Mask)[][] Asked = [[(14, 1), (12, 2)], [(4, 0.5f), (3, 1), (1, 1)]];
    private static readonly int[] Targets = [1, 0];
    private readonly TrialBatch batch;

    public TwoQuestions(int steps, int seed)
    {
        Shape = new(steps, 4, PortKind.Event, [new("all", 0, 4)], 2, TargetKind.Class, ["a", "b"], [new("first", steps - 15, 5), new("second", steps - 5, 5)]);
        batch = new(1, Shape);
        var random = new System.Random(seed);
        for (var i = 0; i < batch.Inputs.Length; i++)
        {
            batch.Inputs[i] = random.NextDouble() < 0.3 ? 1 : 0;
        }

        for (var period = 0; period < 2; period++)
        {
            foreach (var (back, mask) in Asked[period])
            {
                (batch.Mask[steps - back], batch.Targets[steps - back]) = (mask, Targets[period]);
            }
        }
    }

    public TaskShape Shape { get; }

    /// <summary>All ways in which the trial can choose.</summary>
    /// <param name="policies">The policy of each step, [step][class].</param>
    public IEnumerable<Way> All(double[][] policies)
    {
        var ways = Enumerable.Range(0, 2).Select(period => Asked[period].SelectMany(asked => Enumerable.Range(0, 2).Select(chosen =>
        {
            var (step, p) = (Shape.Steps - asked.Back, policies[Shape.Steps - asked.Back]);
            var part = asked.Mask / Asked[period].Sum(static a => (double)a.Mask);
            return (Step: step, Number: chosen == 0 ? 0.5 * p[0] : p[0] + (0.5 * p[1]), Probability: part * p[chosen], IsRight: chosen == Targets[period]);
        })).ToList()).ToList();
        return
            from first in ways[0]
            from second in ways[1]
            select new Way([first.Step, second.Step], [first.Number, second.Number], first.Probability * second.Probability, ((first.IsRight ? 1 : 0) + (second.IsRight ? 1 : 0)) / 2.0);
    }

    /// <summary>The trial, choosing in one of these ways.</summary>
    public Chooser Choose(TaskTrainingPlan plan, Way way, double expected)
    {
        var score = new TrialScore(plan, batch);
        score.Begin(1, 1);
        var policy = new PolicyReadout(score, batch, Shape);
        policy.Begin(1, new Engine.Kernels.Random.PhiloxStream(1));
        for (var period = 0; period < 2; period++)
        {
            policy.Choices[period] = new(way.Moments[period], way.Numbers[period]);
        }

        return new(batch, policy, expected);
    }

    /// <summary>The trial, with minus the expected reward as its loss.</summary>
    public Watcher Watch() => new(this);

    private static double[] Policy(ReadOnlySpan<double> values)
    {
        var (a, b) = (Math.Exp(values[0]), Math.Exp(values[1]));
        return [a / (a + b), b / (a + b)];
    }

    /// <summary>What comes in; one trial in one lane.</summary>
    internal abstract class Trial(TrialBatch batch) : INetworkTrials
    {
        public int FirstLane => 0;

        public int Trials => 1;

        public int BatchTrials => 1;

        public virtual double GradientFactor => 1;

        public abstract IReadOnlyList<INetworkReadout> Readouts { get; }

        public void Read(int input, int step, Span<float> row) => batch.Inputs.AsSpan(step * row.Length, row.Length).CopyTo(row);
    }

    internal sealed class Chooser(TrialBatch batch, PolicyReadout policy, double expected) : Trial(batch)
    {
        public override double GradientFactor => policy.Reward(0) - expected;

        public PolicyReadout Policy => policy;

        public override IReadOnlyList<INetworkReadout> Readouts { get; } = [policy];
    }

    internal sealed class Watcher(TwoQuestions trials) : Trial(trials.batch), INetworkReadout
    {
        public double[][] Policies { get; } = new double[trials.Shape.Steps][];

        public double Reward { get; private set; }

        public override IReadOnlyList<INetworkReadout> Readouts => [this];

        public string Population => "out";

        public string State => "y";

        public bool Counts(int step) => Part(step).Part > 0;

        public void Observe(int step, ReadOnlySpan<double> values)
        {
            var (part, target) = Part(step);
            Policies[step] = Policy(values);
            Reward += part * Policies[step][target];
        }

        public void Differentiate(int step, ReadOnlySpan<double> values, Span<double> adjoint)
        {
            var ((part, target), p) = (Part(step), Policy(values));
            for (var unit = 0; unit < 2; unit++)
            {
                adjoint[unit] -= part * p[target] * ((unit == target ? 1 : 0) - p[unit]);
            }
        }

        /// <summary>What a step counts in the expected reward, and its target.</summary>
        private (double Part, int Target) Part(int step)
        {
            for (var period = 0; period < 2; period++)
            {
                foreach (var (back, mask) in Asked[period].Where(a => trials.Shape.Steps - a.Back == step))
                {
                    return (0.5 * mask / Asked[period].Sum(static a => (double)a.Mask), Targets[period]);
                }
            }

            return (0, 0);
        }
    }
}
