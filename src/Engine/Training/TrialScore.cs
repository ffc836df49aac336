using BrainModular.Engine.Networks;
using BrainModular.Tasks;

namespace BrainModular.Engine.Training;

/// <summary>The loss of a chunk of trials, its derivative by the readout, and how many answers were right.</summary>
internal sealed class TrialScore : INetworkReadout
{
    private readonly TaskTrainingPlan plan;
    private readonly TrialBatch batch;
    private readonly int lanes;
    private readonly int units;
    private readonly bool[] counts;
    private readonly int[] periodOf;
    private readonly double[] share;
    private readonly double[] evidence;
    private readonly int[] asked;
    private int counted;

    public TrialScore(TaskTrainingPlan plan, TrialBatch batch)
    {
        (this.plan, this.batch, lanes, units) = (plan, batch, batch.Trials, plan.Shape.Targets);
        counts = new bool[plan.Shape.Steps];
        periodOf = PeriodsOf(plan.Shape);
        share = new double[lanes];
        evidence = new double[(plan.Shape.Periods.Count + 1) * units * lanes];
        asked = new int[(plan.Shape.Periods.Count + 1) * lanes];
    }

    public string Population => plan.Readout;

    public string State => plan.ReadoutState;

    /// <summary>The loss of the trials that count, each with its part of the batch.</summary>
    public double Loss { get; private set; }

    /// <summary>The sum of squared distances from the targets, weighted by the mask.</summary>
    public double SquaredError { get; private set; }

    /// <summary>The mask's sum, and the targets' sum and sum of squares weighted by it: what their variance needs.</summary>
    public (double Weight, double Sum, double Squares) Targets { get; private set; }

    private bool IsClass => plan.Shape.TargetKind == TargetKind.Class;

    /// <summary>Starts on new trials.</summary>
    public void Begin(int count, int total)
    {
        (counted, Loss, SquaredError, Targets) = (count, 0, 0, default);
        Array.Clear(evidence);
        Array.Fill(asked, -1);
        Array.Clear(share);
        for (var step = 0; step < plan.Shape.Steps; step++)
        {
            counts[step] = false;
            for (var lane = 0; lane < count; lane++)
            {
                counts[step] |= Mask(step, lane) != 0;
                share[lane] += Mask(step, lane);
            }
        }

        for (var lane = 0; lane < lanes; lane++)
        {
            share[lane] = lane < count && share[lane] > 0 ? 1 / (share[lane] * total) : 0;
        }
    }

    public bool Counts(int step) => counts[step];

    public void Observe(int step, ReadOnlySpan<double> values)
    {
        for (var lane = 0; lane < counted; lane++)
        {
            var mask = Mask(step, lane);
            if (mask == 0)
            {
                continue;
            }

            if (IsClass)
            {
                Answer(step, lane, mask, values);
            }

            Loss += mask * share[lane] * LossOf(step, lane, values);
        }
    }

    public void Differentiate(int step, ReadOnlySpan<double> values, Span<double> adjoint)
    {
        for (var lane = 0; lane < counted; lane++)
        {
            var weight = Mask(step, lane) * share[lane];
            if (weight == 0)
            {
                continue;
            }

            var normal = plan.Loss == TaskLoss.CrossEntropy ? LogSum(lane, values) : 0;
            for (var unit = 0; unit < units; unit++)
            {
                var value = values[(unit * lanes) + lane];
                adjoint[(unit * lanes) + lane] += weight * (plan.Loss == TaskLoss.CrossEntropy
                    ? Math.Exp(value - normal) - Target(step, unit, lane)
                    : 2 * (value - Target(step, unit, lane)) / units);
            }
        }
    }

    /// <summary>Observes a readout in all steps.</summary>
    /// <param name="readout">[step][unit][lane].</param>
    public void Observe(ReadOnlySpan<float> readout)
    {
        var values = new double[units * lanes];
        for (var step = 0; step < plan.Shape.Steps; step++)
        {
            if (Counts(step))
            {
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = readout[(step * values.Length) + i];
                }

                Observe(step, values);
            }
        }
    }

    /// <summary>The fraction of right answers of some chunks, or the part of the targets' variance that the readout accounts for.</summary>
    public static double Accuracy(IReadOnlyList<TrialScore> chunks)
    {
        if (chunks[0].IsClass)
        {
            var answers = chunks.Select(static c => c.Answers()).ToList();
            return (double)answers.Sum(static a => a.Right) / Math.Max(1, answers.Sum(static a => a.Asked));
        }

        var (error, targets) = (chunks.Sum(static c => c.SquaredError), chunks.Select(static c => c.Targets).ToList());
        var (weight, sum) = (targets.Sum(static t => t.Weight), targets.Sum(static t => t.Sum));
        var variance = targets.Sum(static t => t.Squares) - (sum * sum / weight);
        return 1 - (error / variance);
    }

    /// <summary>How many answers were asked for, and how many were right.</summary>
    public (int Right, int Asked) Answers()
    {
        var (right, total) = (0, 0);
        for (var i = 0; i < asked.Length; i++)
        {
            if (asked[i] < 0)
            {
                continue;
            }

            var (period, lane) = (i / lanes, i % lanes);
            var best = 0;
            for (var unit = 1; unit < units; unit++)
            {
                best = Evidence(period, unit, lane) > Evidence(period, best, lane) ? unit : best;
            }

            total++;
            right += best == asked[i] ? 1 : 0;
        }

        return (right, total);
    }

    private double Evidence(int period, int unit, int lane) => evidence[(((period * units) + unit) * lanes) + lane];

    private void Answer(int step, int lane, float mask, ReadOnlySpan<double> values)
    {
        asked[(periodOf[step] * lanes) + lane] = (int)batch.Targets[(step * lanes) + lane];
        for (var unit = 0; unit < units; unit++)
        {
            evidence[(((periodOf[step] * units) + unit) * lanes) + lane] += mask * values[(unit * lanes) + lane];
        }
    }

    private double LossOf(int step, int lane, ReadOnlySpan<double> values)
    {
        if (plan.Loss == TaskLoss.CrossEntropy)
        {
            return LogSum(lane, values) - values[((int)batch.Targets[(step * lanes) + lane] * lanes) + lane];
        }

        var squares = 0.0;
        for (var unit = 0; unit < units; unit++)
        {
            var target = Target(step, unit, lane);
            var distance = values[(unit * lanes) + lane] - target;
            squares += distance * distance;
            var mask = Mask(step, lane);
            Targets = (Targets.Weight + mask, Targets.Sum + (mask * target), Targets.Squares + (mask * target * target));
        }

        SquaredError += Mask(step, lane) * squares;
        return squares / units;
    }

    private double Target(int step, int unit, int lane) => IsClass
        ? (int)batch.Targets[(step * lanes) + lane] == unit ? 1 : 0
        : batch.Targets[(((step * units) + unit) * lanes) + lane];

    private double LogSum(int lane, ReadOnlySpan<double> values)
    {
        var largest = double.NegativeInfinity;
        for (var unit = 0; unit < units; unit++)
        {
            largest = Math.Max(largest, values[(unit * lanes) + lane]);
        }

        var sum = 0.0;
        for (var unit = 0; unit < units; unit++)
        {
            sum += Math.Exp(values[(unit * lanes) + lane] - largest);
        }

        return largest + Math.Log(sum);
    }

    private float Mask(int step, int lane) => batch.Mask[(step * lanes) + lane];

    /// <summary>The period of every step; the number after the last for steps that belong to none.</summary>
    public static int[] PeriodsOf(TaskShape shape)
    {
        var periods = new int[shape.Steps];
        Array.Fill(periods, shape.Periods.Count);
        for (var p = 0; p < shape.Periods.Count; p++)
        {
            periods.AsSpan(shape.Periods[p].Start, shape.Periods[p].Steps).Fill(p);
        }

        return periods;
    }
}
