using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tasks;

/// <summary>
/// Evidence accumulation: cues on the left or the right, a delay, then a recall period in which the side with more cues is the answer.
/// Mice (Morcos and Harvey 2016, 10.1038/nn.4403), spiking networks (Bellec et al. 2020, 10.1038/s41467-020-17236-y); numbers as in Wang et al. 2024
/// (10.48550/arXiv.2406.19708, appendix F).
/// <code>
/// cues x (gap 50 ms, cue 100 ms) | delay 1000 ms | recall 150 ms
/// </code>
/// Four groups of Poisson channels: <c>left</c> and <c>right</c> fire during the cues of their side, <c>recall</c> in the recall period,
/// <c>noise</c> throughout; at other times a group is silent. In each trial one side is the likelier one, with equal chances, and each cue is on that side with
/// probability <c>likelierSide</c>. The class is the side of most of the cues that were drawn, 0 left and 1 right; the mask is the recall period.
/// </summary>
internal sealed class EvidenceAccumulation : ITask
{
    private readonly double cueRate, recallRate, noiseRate, likelierSide;
    private readonly int cues;
    private readonly TrialLayout layout;

    public EvidenceAccumulation(ISettings settings)
    {
        var reader = new TaskSettings(settings);
        cues = settings.Integer("cues", 7, 1, 999, "how many cues, an odd number");
        var gap = reader.Duration("gap", 50 * ms, "the silence before each cue", optional: true);
        var cue = reader.Duration("cue", 100 * ms, "how long a cue lasts");
        var delay = reader.Duration("delay", 1000 * ms, "from the last cue to the recall period", optional: true);
        var recall = reader.Duration("recall", 150 * ms, "how long the recall period lasts");
        likelierSide = settings.Number("likelierSide", 0.7, 0.5, 1, "the probability that a cue is on the trial's likelier side");
        var channels = settings.Integer("channels", 25, 1, 100_000, "input channels in each of the four groups");
        cueRate = reader.Rate("cueRate", 40 * Hz, "rate of the cued side's channels during a cue");
        recallRate = reader.Rate("recallRate", 40 * Hz, "rate of the recall channels in the recall period");
        noiseRate = reader.Rate("noiseRate", 10 * Hz, "rate of the noise channels throughout");
        if (cues % 2 == 0)
        {
            reader.Refuse("cues", $"{cues}", "an odd number, so that one side has more");
        }

        reader.ThrowIfAny();
        layout = new(
            [
                .. Enumerable.Range(1, cues).SelectMany(i => (Stretch[])[new(null, gap), new(CueName(i), cue)]),
                new("delay", delay),
                new("recall", recall),
            ],
            InputCode.Spikes(Math.Max(cueRate, Math.Max(recallRate, noiseRate))),
            [new("left", 0, channels), new("right", channels, channels), new("recall", 2 * channels, channels), new("noise", 3 * channels, channels)],
            TargetKind.Class,
            ["left", "right"]);
    }

    public TaskShape Shape(Quantity timeStep) => layout.Shape(timeStep);

    public void Generate(TrialBatch batch, IRandomStream random)
    {
        var writer = layout.Clear(batch, random);
        Period[] cuePeriods = [.. Enumerable.Range(1, cues).Select(i => writer.Period(CueName(i)))];
        var recallPeriod = writer.Period("recall");
        var groups = layout.InputGroups;
        for (var trial = 0; trial < batch.Trials; trial++)
        {
            var likelier = random.Integer(2);
            var onRight = 0;
            foreach (var period in cuePeriods)
            {
                var side = random.Uniform() < likelierSide ? likelier : 1 - likelier;
                onRight += side;
                writer.Drive(trial, groups[side], period, cueRate);
            }

            writer.Drive(trial, groups[2], recallPeriod, recallRate);
            writer.Drive(trial, groups[3], writer.Whole, noiseRate);
            writer.Answer(trial, recallPeriod, onRight > cues / 2 ? 1 : 0);
        }
    }

    private static string CueName(int number) => $"cue {number}";
}
