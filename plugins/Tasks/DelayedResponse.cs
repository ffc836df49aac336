using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tasks;

/// <summary>
/// Oculomotor delayed response: a location is cued, and after a delay the eyes go there (Funahashi, Bruce and Goldman-Rakic 1989, 10.1152/jn.1989.61.2.331).
/// <code>
/// fixation 750 ms | cue 500 ms | delay 3000 ms | response 500 ms
/// </code>
/// The channels <c>location</c> are driven during the cue, <c>go</c> in the response period. All locations are equally likely; the class is the location; the mask is
/// the response period.
/// </summary>
internal sealed class DelayedResponse : ITask
{
    private readonly int stimuli;
    private readonly InputCode code;
    private readonly Ring ring;
    private readonly ChannelGroup go;
    private readonly TrialLayout layout;

    public DelayedResponse(ISettings settings)
    {
        var reader = new TaskSettings(settings);
        stimuli = settings.Integer("locations", 8, 2, 360, "how many locations there are, evenly around the circle");
        var fixation = reader.Duration("fixation", 750 * ms, "before the cue", optional: true);
        var cue = reader.Duration("cue", 500 * ms, "how long the cue is shown");
        var delay = reader.Duration("delay", 3000 * ms, "from cue to response", optional: true);
        var response = reader.Duration("response", 500 * ms, "how long the response is asked for");
        code = InputCode.Read(settings, reader);
        ring = new(settings, "location", code);
        go = new("go", ring.Group.Count, settings.Integer("goChannels", 8, 1, 100_000, "input channels that call for the response"));
        reader.ThrowIfAny();
        layout = new(
            [new("fixation", fixation), new("cue", cue), new("delay", delay), new("response", response)],
            code, [ring.Group, go], TargetKind.Class, Ring.Names(stimuli));
    }

    public TaskShape Shape(Quantity timeStep) => layout.Shape(timeStep);

    public void Generate(TrialBatch batch, IRandomStream random)
    {
        var writer = layout.Clear(batch, random);
        var (cue, response) = (writer.Period("cue"), writer.Period("response"));
        for (var trial = 0; trial < batch.Trials; trial++)
        {
            var location = random.Integer(stimuli);
            ring.Drive(writer, trial, cue, location, stimuli);
            writer.Drive(trial, go, response, code.HighestRate);
            writer.Answer(trial, response, location);
        }
    }
}
