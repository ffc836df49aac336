using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tasks;

/// <summary>
/// Perceptual decision: do random dots move to the left or to the right? Monkeys, one second of motion and then a delay (Shadlen and Newsome 2001, 10.1152/jn.2001.86.4.1916);
/// coherences of Roitman and Shadlen 2002 (10.1523/JNEUROSCI.22-21-09475.2002); rates linear in the coherence as in the network of Wang 2002 (10.1016/S0896-6273(02)01092-9).
/// <code>
/// stimulus 1000 ms | delay 500 ms | response 250 ms
/// </code>
/// At coherence c (0 to 1) the channels of the direction of motion fire at rate / 2 x (1 + c), those of the other one at rate / 2 x (1 - c); <c>go</c> fires in the response period.
/// Directions and coherences are equally likely. The class is the direction, 0 left and 1 right, drawn also where the coherence is 0, so that nothing can be right there more often
/// than by chance; the mask is the response period.
/// </summary>
internal sealed class PerceptualDecision : ITask
{
    private readonly double[] coherences;
    private readonly InputCode code;
    private readonly TrialLayout layout;

    public PerceptualDecision(ISettings settings)
    {
        var reader = new TaskSettings(settings);
        coherences = reader.Coherences("coherences", "0, 3.2, 6.4, 12.8, 25.6, 51.2", "the coherences of motion, in percent");
        var stimulus = reader.Duration("stimulus", 1000 * ms, "how long the dots are shown");
        var delay = reader.Duration("delay", 500 * ms, "from stimulus to response", optional: true);
        var response = reader.Duration("response", 250 * ms, "how long the response is asked for");
        var channels = settings.Integer("channels", 25, 1, 100_000, "input channels for each direction");
        var goChannels = settings.Integer("goChannels", 8, 1, 100_000, "input channels that call for the response");
        code = InputCode.Read(settings, reader, 80);
        reader.ThrowIfAny();
        layout = new(
            [new("stimulus", stimulus), new("delay", delay), new("response", response)],
            code,
            [new("left", 0, channels), new("right", channels, channels), new("go", 2 * channels, goChannels)],
            TargetKind.Class,
            ["left", "right"]);
    }

    public TaskShape Shape(Quantity timeStep) => layout.Shape(timeStep);

    public void Generate(TrialBatch batch, IRandomStream random)
    {
        var writer = layout.Clear(batch, random);
        var (stimulus, response) = (writer.Period("stimulus"), writer.Period("response"));
        for (var trial = 0; trial < batch.Trials; trial++)
        {
            var direction = random.Integer(2);
            var coherence = coherences[random.Integer(coherences.Length)];
            writer.Drive(trial, layout.InputGroups[direction], stimulus, code.HighestRate / 2 * (1 + coherence));
            writer.Drive(trial, layout.InputGroups[1 - direction], stimulus, code.HighestRate / 2 * (1 - coherence));
            writer.Drive(trial, layout.InputGroups[2], response, code.HighestRate);
            writer.Answer(trial, response, direction);
        }
    }
}
