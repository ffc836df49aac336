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

    /// <summary>A built-in task; the one that needs a file gets <see cref="SmallImages"/> unless the settings name another.</summary>
    public static ITask Task(string name, params (string Key, object Value)[] settings) => RecordingCatalog.Of(new TasksPlugin()).Create<ITask>(
        name, name == "image-classification" && settings.All(static s => s.Key != "path") ? [.. settings, ("path", SmallImages.Path)] : settings);

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

    /// <summary>The first of the given groups with the largest sum in a period.</summary>
    public int Strongest(int trial, Period period, IEnumerable<ChannelGroup> groups) => groups.Select((group, i) => (Sum: Sum(trial, group, period), i)).MaxBy(static x => x.Sum).i;

    /// <summary>Which of a number of directions a ring of channels shows in a period, by its population vector.</summary>
    public int Direction(int trial, Period period, ChannelGroup ring, int directions)
    {
        var (x, y) = (0.0, 0.0);
        for (var channel = 0; channel < ring.Count; channel++)
        {
            var sum = Sum(trial, new("", ring.First + channel, 1), period);
            var (sin, cos) = Math.SinCos(2 * Math.PI * channel / ring.Count);
            (x, y) = (x + (sum * cos), y + (sum * sin));
        }

        return (int)Math.Round(Math.Atan2(y, x) / (2 * Math.PI) * directions + directions) % directions;
    }

    /// <summary>The class that is asked for in a period.</summary>
    public int Answer(int trial, string period) => (int)Target(Period(period).Start, trial);

    /// <summary>How often the decoder gives the class that is asked for in a period.</summary>
    public double Accuracy(string period, Func<int, int> decoder) => Enumerable.Range(0, batch.Trials).Average(trial => decoder(trial) == Answer(trial, period) ? 1.0 : 0);
}
