using BrainModular.Random;
using BrainModular.Tasks;

namespace BrainModular.Plugins.Tasks;

/// <summary>Writes trials into a batch.</summary>
/// <param name="batch">The batch, cleared.</param>
/// <param name="timeStep">The length of a step in ms.</param>
/// <param name="random">The source of spikes.</param>
internal sealed class TrialWriter(TrialBatch batch, double timeStep, IRandomStream random)
{
    /// <summary>The whole trial as a period.</summary>
    public Period Whole { get; } = new("trial", 0, batch.Shape.Steps);

    /// <summary>The period of that name.</summary>
    public Period Period(string name) => batch.Shape.Periods.First(period => period.Name == name);

    /// <summary>
    /// Lets each channel of a group spike in each step of a period with probability rate x step, independently: a Poisson train on the grid of
    /// steps. The gap to the next spike is drawn, not each step: floor(log(u) / log(1 - p)) is geometric (Devroye 1986,
    /// 10.1007/978-1-4613-8643-8, section X.2).
    /// </summary>
    /// <param name="trial">Which trial.</param>
    /// <param name="group">The channels.</param>
    /// <param name="period">When.</param>
    /// <param name="rate">In 1/ms.</param>
    public void Fire(int trial, ChannelGroup group, Period period, double rate)
    {
        if (rate <= 0)
        {
            return;
        }

        var scale = 1 / Math.Log(1 - Math.Min(rate * timeStep, 1));
        var (inputs, stride) = (batch.Inputs, batch.Shape.Inputs * batch.Trials);
        var origin = (period.Start * stride) + (group.First * batch.Trials) + trial;
        var places = (double)period.Steps * group.Count;
        for (var place = Math.Floor(Math.Log(random.Uniform()) * scale); place < places; place += 1 + Math.Floor(Math.Log(random.Uniform()) * scale))
        {
            var (step, channel) = Math.DivRem((uint)place, (uint)group.Count);
            inputs[origin + ((int)step * stride) + ((int)channel * batch.Trials)] = 1;
        }
    }

    /// <summary>Asks for an answer in a period: the mask counts there, and the class stands as target in the whole trial.</summary>
    public void Answer(int trial, Period period, int answer)
    {
        for (var step = 0; step < batch.Shape.Steps; step++)
        {
            batch.Targets[(step * batch.Trials) + trial] = answer;
        }

        for (var step = period.Start; step < period.Start + period.Steps; step++)
        {
            batch.Mask[(step * batch.Trials) + trial] = 1;
        }
    }
}
