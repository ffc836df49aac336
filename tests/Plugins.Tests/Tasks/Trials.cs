using BrainModular.Engine.Kernels.Random;
using BrainModular.Plugins.Tasks;
using BrainModular.Symbolics;
using BrainModular.Tasks;
using BrainModular.Testing.Fakes;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Tasks;

/// <summary>A batch of a built-in task, generated for a test.</summary>
internal sealed class Trials(TrialBatch batch)
{
    public TrialBatch Batch => batch;

    public TaskShape Shape => batch.Shape;

    public static ITask Task(string name, params (string Key, object Value)[] settings) =>
        RecordingCatalog.Of(new TasksPlugin()).Create<ITask>(name, settings);

    public static Trials Generate(string name, int trials, double timeStep = 1, ulong seed = 1, params (string Key, object Value)[] settings) =>
        Generate(Task(name, settings), trials, timeStep, seed);

    public static Trials Generate(ITask task, int trials, double timeStep = 1, ulong seed = 1)
    {
        var made = new Trials(new(trials, task.Shape(timeStep * ms)));
        task.Generate(made.Batch, new PhiloxStream(seed));
        return made;
    }

    public ChannelGroup Group(string name) => Shape.InputGroups.Single(group => group.Name == name);

    public Period Period(string name) => Shape.Periods.Single(period => period.Name == name);

    public float Input(int step, int channel, int trial) => batch.Inputs[(((step * Shape.Inputs) + channel) * batch.Trials) + trial];

    public float Mask(int step, int trial) => batch.Mask[(step * batch.Trials) + trial];

    public float Target(int step, int trial, int channel = 0) =>
        batch.Targets[(((step * (Shape.TargetKind == TargetKind.Class ? 1 : Shape.Targets)) + channel) * batch.Trials) + trial];

    /// <summary>The sum of a group's inputs over a period of a trial: its spikes, where inputs are spikes.</summary>
    public double Sum(int trial, ChannelGroup group, Period period)
    {
        var sum = 0.0;
        for (var step = period.Start; step < period.Start + period.Steps; step++)
        {
            for (var channel = group.First; channel < group.First + group.Count; channel++)
            {
                sum += Input(step, channel, trial);
            }
        }

        return sum;
    }

    /// <summary>The class that is asked for in a period.</summary>
    public int Answer(int trial, string period) => (int)Target(Period(period).Start, trial);

    /// <summary>How often the decoder gives the class that is asked for in a period.</summary>
    public double Accuracy(string period, Func<int, int> decoder) => Enumerable.Range(0, batch.Trials).Average(trial => decoder(trial) == Answer(trial, period) ? 1.0 : 0);
}
