using BrainModular.Models;
using BrainModular.Random;
using BrainModular.Tasks;

namespace BrainModular.Plugins.Tasks;

/// <summary>Writes trials into a batch.</summary>
/// <param name="batch">The batch, cleared.</param>
/// <param name="timeStep">The length of a step in ms.</param>
/// <param name="code">How rates become inputs.</param>
/// <param name="random">The source of spikes and noise.</param>
internal sealed class TrialWriter(TrialBatch batch, double timeStep, InputCode code, IRandomStream random)
{
    /// <summary>The whole trial as a period.</summary>
    public Period Whole { get; } = new("trial", 0, batch.Shape.Steps);

    /// <summary>The period of that name.</summary>
    public Period Period(string name) => batch.Shape.Periods.First(period => period.Name == name);

    /// <summary>Drives the channels of a group at a rate throughout a period.</summary>
    /// <param name="trial">Which trial.</param>
    /// <param name="group">The channels.</param>
    /// <param name="period">When.</param>
    /// <param name="rate">In 1/ms.</param>
    public void Drive(int trial, ChannelGroup group, Period period, double rate)
    {
        if (rate <= 0)
        {
            return;
        }

        if (code.Kind == PortKind.Event)
        {
            Fire(trial, group, period, rate);
        }
        else
        {
            Hold(trial, group, period, (float)(rate / code.HighestRate));
        }
    }

    /// <summary>A single spike of a channel.</summary>
    public void Spike(int trial, int channel, int step) => batch.Inputs[(((step * batch.Shape.Inputs) + channel) * batch.Trials) + trial] = 1;

    /// <summary>Adds the noise of graded inputs to all of them.</summary>
    public void AddNoise()
    {
        if (code.Noise == 0)
        {
            return;
        }

        var deviation = code.Noise / Math.Sqrt(timeStep);
        foreach (ref var input in batch.Inputs.AsSpan())
        {
            input += (float)(deviation * random.Normal());
        }
    }

    /// <summary>Makes a class the target of a period, in which the mask counts.</summary>
    public void Answer(int trial, Period period, int answer)
    {
        for (var step = period.Start; step < period.Start + period.Steps; step++)
        {
            batch.Targets[(step * batch.Trials) + trial] = answer;
            batch.Mask[(step * batch.Trials) + trial] = 1;
        }
    }

    /// <summary>Makes values the targets of a step, which counts.</summary>
    public void Aim(int trial, int step, ReadOnlySpan<double> values)
    {
        for (var channel = 0; channel < values.Length; channel++)
        {
            batch.Targets[(((step * values.Length) + channel) * batch.Trials) + trial] = (float)values[channel];
        }

        batch.Mask[(step * batch.Trials) + trial] = 1;
    }

    /// <summary>
    /// Lets each channel of a group spike in each step of a period with probability rate x step, independently: a Poisson train on the grid of
    /// steps. The gap to the next spike is drawn, not each step: floor(log(u) / log(1 - p)) is geometric (Devroye 1986,
    /// 10.1007/978-1-4613-8643-8, section X.2).
    /// </summary>
    private void Fire(int trial, ChannelGroup group, Period period, double rate)
    {
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

    private void Hold(int trial, ChannelGroup group, Period period, float value)
    {
        for (var step = period.Start; step < period.Start + period.Steps; step++)
        {
            for (var channel = group.First; channel < group.First + group.Count; channel++)
            {
                batch.Inputs[(((step * batch.Shape.Inputs) + channel) * batch.Trials) + trial] += value;
            }
        }
    }
}
