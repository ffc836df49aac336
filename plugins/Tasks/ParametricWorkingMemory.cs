using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tasks;

/// <summary>
/// Parametric working memory: was the first of two vibrations the faster one? Monkeys (Romo, Brody, Hernandez and Lemus 1999, 10.1038/20939).
/// <code>
/// first 500 ms | delay 3000 ms | second 500 ms | response 250 ms
/// </code>
/// f1 is one of 10, 14, ... 34 Hz (what matters is only where in this range it lies) and f2 = f1 + 8 Hz or f1 - 8 Hz, with equal chances, so that f1 alone says nothing; f2 alone does at the ends of its range. Firing is
/// monotonic in the frequency, as in somatosensory cortex: channels <c>rising</c> fire at rate x x and <c>falling</c> at rate x (1 - x) with x from 0 at the lowest f2 to 1 at the
/// highest; <c>go</c> fires in the response period. The class is 0 where f1 is lower, 1 where it is higher; the mask is the response period.
/// </summary>
internal sealed class ParametricWorkingMemory : ITask
{
    private readonly double spacing, difference;
    private readonly int frequencies;
    private readonly InputCode code;
    private readonly TrialLayout layout;

    public ParametricWorkingMemory(ISettings settings)
    {
        var reader = new TaskSettings(settings);
        spacing = reader.Rate("spacing", 4 * Hz, "between neighbouring first frequencies");
        frequencies = settings.Integer("frequencies", 7, 1, 1000, "how many first frequencies there are");
        difference = reader.Rate("difference", 8 * Hz, "between the two frequencies of a trial");
        var first = reader.Duration("first", 500 * ms, "how long the first vibration lasts");
        var delay = reader.Duration("delay", 3000 * ms, "from the first to the second vibration", optional: true);
        var second = reader.Duration("second", 500 * ms, "how long the second vibration lasts");
        var response = reader.Duration("response", 250 * ms, "how long the response is asked for");
        var channels = settings.Integer("channels", 20, 1, 100_000, "input channels in each of the groups rising and falling");
        var goChannels = settings.Integer("goChannels", 8, 1, 100_000, "input channels that call for the response");
        code = InputCode.Read(settings, reader);
        if (difference == 0)
        {
            reader.Refuse("difference", "0 Hz", "a difference above 0, so that one frequency is higher");
        }

        reader.ThrowIfAny();
        layout = new(
            [new("first", first), new("delay", delay), new("second", second), new("response", response)],
            code,
            [new("rising", 0, channels), new("falling", channels, channels), new("go", 2 * channels, goChannels)],
            TargetKind.Class,
            ["f1 < f2", "f1 > f2"]);
    }

    public TaskShape Shape(Quantity timeStep) => layout.Shape(timeStep);

    public void Generate(TrialBatch batch, IRandomStream random)
    {
        var writer = layout.Clear(batch, random);
        var (first, second, response) = (writer.Period("first"), writer.Period("second"), writer.Period("response"));
        for (var trial = 0; trial < batch.Trials; trial++)
        {
            var f1 = spacing * random.Integer(frequencies);
            var higher = random.Integer(2);
            Vibrate(writer, trial, first, f1);
            Vibrate(writer, trial, second, higher == 1 ? f1 - difference : f1 + difference);
            writer.Drive(trial, layout.InputGroups[2], response, code.HighestRate);
            writer.Answer(trial, response, higher);
        }
    }

    /// <param name="writer">Writes the trial.</param>
    /// <param name="trial">Which one.</param>
    /// <param name="period">When.</param>
    /// <param name="aboveLowest">The frequency less the lowest first one, in 1/ms.</param>
    private void Vibrate(TrialWriter writer, int trial, Period period, double aboveLowest)
    {
        var x = (aboveLowest + difference) / ((spacing * (frequencies - 1)) + (2 * difference));
        writer.Drive(trial, layout.InputGroups[0], period, code.HighestRate * x);
        writer.Drive(trial, layout.InputGroups[1], period, code.HighestRate * (1 - x));
    }
}
