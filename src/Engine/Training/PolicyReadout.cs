using BrainModular.Engine.Networks;
using BrainModular.Random;
using BrainModular.Tasks;

namespace BrainModular.Engine.Training;

/// <summary>
/// Lets the trials of a chunk choose by chance, as the softmax p of the readout says, and gives rewards for right choices. In each period that is
/// asked for an answer there is one choice, in a step drawn in proportion to the mask: class a with probability p_a. The reward of a trial is the
/// part of its choices that were right.
/// </summary>
/// <remarks>
/// The derivative that is read out is that of the sum of -ln p_a over the choices, p - [a] where one is made. It does not know the targets: times
/// what the reward is above any number that does not depend on the choices, it is on the average minus the gradient of the expected reward.
/// Williams 1992, 10.1007/BF00992696.
/// </remarks>
internal sealed class PolicyReadout : INetworkReadout
{
    private readonly TrialScore score;
    private readonly TrialBatch batch;
    private readonly int lanes;
    private readonly int classes;
    private readonly int[] periodOf;
    private readonly int periods;
    private readonly int[] chosen;
    private readonly double[] policy;
    private readonly float[] masked;

    /// <param name="score">The loss and the answers of the same trials, which are kept as without choices.</param>
    /// <param name="batch">The trials.</param>
    /// <param name="shape">Their shape; targets are classes.</param>
    public PolicyReadout(TrialScore score, TrialBatch batch, TaskShape shape)
    {
        (this.score, this.batch, lanes, classes, periodOf) = (score, batch, batch.Trials, shape.Targets, TrialScore.PeriodsOf(shape));
        periods = shape.Periods.Count + 1;
        (Choices, chosen, policy, masked) = (new Choice[periods * lanes], new int[periods * lanes], new double[classes], new float[shape.Steps]);
    }

    public string Population => score.Population;

    public string State => score.State;

    /// <summary>The choices, [period][lane]; the last period is that of all steps that are in none.</summary>
    public Choice[] Choices { get; }

    /// <summary>Draws when the trials choose, and the random numbers by which they do.</summary>
    /// <param name="count">How many trials count.</param>
    /// <param name="random">Where the numbers come from: two for each period and lane, in that order.</param>
    public void Begin(int count, IRandomStream random)
    {
        Array.Fill(chosen, -1);
        for (var period = 0; period < periods; period++)
        {
            for (var lane = 0; lane < lanes; lane++)
            {
                var (when, which) = (random.Uniform(), random.Uniform());
                Choices[(period * lanes) + lane] = new(lane < count ? Moment(period, lane, when) : -1, which);
            }
        }
    }

    public bool Counts(int step) => score.Counts(step);

    public void Observe(int step, ReadOnlySpan<double> values)
    {
        score.Observe(step, values);
        for (var lane = 0; lane < lanes; lane++)
        {
            if (Choices[At(step, lane)] is var choice && choice.Step == step)
            {
                SetPolicy(lane, values);
                chosen[At(step, lane)] = Pick(choice.Number);
            }
        }
    }

    public void Differentiate(int step, ReadOnlySpan<double> values, Span<double> adjoint)
    {
        for (var lane = 0; lane < lanes; lane++)
        {
            if (Choices[At(step, lane)].Step != step)
            {
                continue;
            }

            SetPolicy(lane, values);
            for (var unit = 0; unit < classes; unit++)
            {
                adjoint[(unit * lanes) + lane] += policy[unit] - (unit == chosen[At(step, lane)] ? 1 : 0);
            }
        }
    }

    /// <summary>The part of a trial's choices that were right; 0 where it had none.</summary>
    public double Reward(int lane)
    {
        var (right, all) = (0, 0);
        for (var period = 0; period < periods; period++)
        {
            var at = (period * lanes) + lane;
            if (chosen[at] >= 0)
            {
                right += chosen[at] == (int)batch.Targets[(Choices[at].Step * lanes) + lane] ? 1 : 0;
                all++;
            }
        }

        return all == 0 ? 0 : (double)right / all;
    }

    private int At(int step, int lane) => (periodOf[step] * lanes) + lane;

    /// <summary>The step at which the sum of a period's mask reaches a part of the whole; -1 where nothing is asked.</summary>
    private int Moment(int period, int lane, double part)
    {
        for (var step = 0; step < masked.Length; step++)
        {
            masked[step] = periodOf[step] == period ? batch.Mask[(step * lanes) + lane] : 0;
        }

        var left = part * masked.Sum(static m => (double)m);
        var last = -1;
        for (var step = 0; step < masked.Length && left >= 0; step++)
        {
            last = masked[step] > 0 ? step : last;
            left -= masked[step];
        }

        return last;
    }

    private int Pick(double number)
    {
        for (var unit = 0; unit < classes - 1; unit++)
        {
            number -= policy[unit];
            if (number < 0)
            {
                return unit;
            }
        }

        return classes - 1;
    }

    private void SetPolicy(int lane, ReadOnlySpan<double> values)
    {
        var (largest, sum) = (double.NegativeInfinity, 0.0);
        for (var unit = 0; unit < classes; unit++)
        {
            largest = Math.Max(largest, values[(unit * lanes) + lane]);
        }

        for (var unit = 0; unit < classes; unit++)
        {
            policy[unit] = Math.Exp(values[(unit * lanes) + lane] - largest);
            sum += policy[unit];
        }

        for (var unit = 0; unit < classes; unit++)
        {
            policy[unit] /= sum;
        }
    }
}

/// <summary>A choice that a trial makes.</summary>
/// <param name="Step">When; -1 for never.</param>
/// <param name="Number">The number from 0 to 1 at which the policy, summed up, gives the class.</param>
internal readonly record struct Choice(int Step, double Number);
