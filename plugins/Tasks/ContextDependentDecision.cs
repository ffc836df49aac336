using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tasks;

/// <summary>
/// Context-dependent decision: coloured dots move, and a context says whether their direction or their colour is the answer. Monkeys and a network (Mante, Sussillo, Shenoy and
/// Newsome 2013, 10.1038/nature12742).
/// <code>
/// context 350 ms | stimulus 750 ms | delay 300 ms | response 250 ms
/// </code>
/// At coherence c (0 to 1) the channels of the shown direction or colour fire at rate / 2 x (1 + c), those of the other one at rate / 2 x (1 - c), both qualities at once and independently.
/// One of <c>motion context</c> and <c>colour context</c> fires from the context period to the trial's end; <c>go</c> fires in the response period. Contexts, directions, colours and
/// coherences are equally likely. The class is 0 for left or green, 1 for right or red, by the quality that counts; the mask is the response period.
/// </summary>
internal sealed class ContextDependentDecision : ITask
{
    private static readonly string[] Groups = ["left", "right", "green", "red"];

    private readonly double[][] coherences;
    private readonly InputCode code;
    private readonly TrialLayout layout;

    public ContextDependentDecision(ISettings settings)
    {
        var reader = new TaskSettings(settings);
        coherences =
        [
            reader.Coherences("motionCoherences", "5, 15, 50", "the coherences of motion, in percent"),
            reader.Coherences("colourCoherences", "6, 18, 50", "the coherences of colour, in percent"),
        ];
        var context = reader.Duration("context", 350 * ms, "how long the context is known before the stimulus", optional: true);
        var stimulus = reader.Duration("stimulus", 750 * ms, "how long the dots are shown");
        var delay = reader.Duration("delay", 300 * ms, "from stimulus to response", optional: true);
        var response = reader.Duration("response", 250 * ms, "how long the response is asked for");
        var channels = settings.Integer("channels", 25, 1, 100_000, "input channels for each direction and each colour");
        var contextChannels = settings.Integer("contextChannels", 8, 1, 100_000, "input channels for each context");
        var goChannels = settings.Integer("goChannels", 8, 1, 100_000, "input channels that call for the response");
        code = InputCode.Read(settings, reader, 80);
        reader.ThrowIfAny();
        layout = new(
            [new("context", context), new("stimulus", stimulus), new("delay", delay), new("response", response)],
            code,
            [
                .. Groups.Select((name, i) => new ChannelGroup(name, i * channels, channels)),
                new("motion context", 4 * channels, contextChannels),
                new("colour context", (4 * channels) + contextChannels, contextChannels),
                new("go", (4 * channels) + (2 * contextChannels), goChannels),
            ],
            TargetKind.Class,
            ["left or green", "right or red"]);
    }

    public TaskShape Shape(Quantity timeStep) => layout.Shape(timeStep);

    public void Generate(TrialBatch batch, IRandomStream random)
    {
        var writer = layout.Clear(batch, random);
        var (stimulus, response) = (writer.Period("stimulus"), writer.Period("response"));
        var groups = layout.InputGroups;
        Span<int> shown = stackalloc int[2];
        for (var trial = 0; trial < batch.Trials; trial++)
        {
            var context = random.Integer(2);
            writer.Drive(trial, groups[4 + context], writer.Whole, code.HighestRate);
            for (var quality = 0; quality < 2; quality++)
            {
                shown[quality] = random.Integer(2);
                var coherence = coherences[quality][random.Integer(coherences[quality].Length)];
                writer.Drive(trial, groups[(2 * quality) + shown[quality]], stimulus, code.HighestRate / 2 * (1 + coherence));
                writer.Drive(trial, groups[(2 * quality) + 1 - shown[quality]], stimulus, code.HighestRate / 2 * (1 - coherence));
            }

            writer.Drive(trial, groups[6], response, code.HighestRate);
            writer.Answer(trial, response, shown[context]);
        }
    }
}
