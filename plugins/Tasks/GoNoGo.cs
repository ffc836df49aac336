using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tasks;

/// <summary>
/// Go or no-go: respond to one stimulus and withhold the response to the other (Gomez, Ratcliff and Perea 2007, 10.1037/0096-3445.136.3.389, for the task; durations are this project's).
/// <code>
/// stimulus 500 ms | delay 500 ms | response 500 ms
/// </code>
/// The channels <c>go</c> or <c>no-go</c> are driven during the stimulus, <c>cue</c> in the response period. A trial is a go trial with probability 0.5. The class is 0 withhold,
/// 1 respond; the mask is the response period.
/// </summary>
internal sealed class GoNoGo : ITask
{
    private readonly double goProbability;
    private readonly InputCode code;
    private readonly TrialLayout layout;

    public GoNoGo(ISettings settings)
    {
        var reader = new TaskSettings(settings);
        goProbability = settings.Number("goProbability", 0.5, 0, 1, "the probability of a go trial");
        var stimulus = reader.Duration("stimulus", 500 * ms, "how long the stimulus is shown");
        var delay = reader.Duration("delay", 500 * ms, "from stimulus to response", optional: true);
        var response = reader.Duration("response", 500 * ms, "how long a response is possible");
        var channels = settings.Integer("channels", 20, 1, 100_000, "input channels for each stimulus");
        var cueChannels = settings.Integer("cueChannels", 8, 1, 100_000, "input channels that call for the decision");
        code = InputCode.Read(settings, reader);
        reader.ThrowIfAny();
        layout = new(
            [new("stimulus", stimulus), new("delay", delay), new("response", response)],
            code,
            [new("no-go", 0, channels), new("go", channels, channels), new("cue", 2 * channels, cueChannels)],
            TargetKind.Class,
            ["withhold", "respond"]);
    }

    public TaskShape Shape(Quantity timeStep) => layout.Shape(timeStep);

    public void Generate(TrialBatch batch, IRandomStream random)
    {
        var writer = layout.Clear(batch, random);
        var (stimulus, response) = (writer.Period("stimulus"), writer.Period("response"));
        for (var trial = 0; trial < batch.Trials; trial++)
        {
            var go = random.Uniform() < goProbability ? 1 : 0;
            writer.Drive(trial, layout.InputGroups[go], stimulus, code.HighestRate);
            writer.Drive(trial, layout.InputGroups[2], response, code.HighestRate);
            writer.Answer(trial, response, go);
        }
    }
}
