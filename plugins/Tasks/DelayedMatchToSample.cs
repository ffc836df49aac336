using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tasks;

/// <summary>
/// Delayed match to sample: a sample direction, a delay, then a test direction; is it the same one? Monkeys (Miller, Erickson and Desimone 1996,
/// 10.1523/JNEUROSCI.16-16-05154.1996); directions, tuning and durations as in networks with short-term plasticity (Masse et al. 2019, 10.1038/s41593-019-0414-3).
/// <code>
/// fixation 500 ms | sample 500 ms | delay 1000 ms | test 500 ms
/// </code>
/// Half of the trials match; in the others the test is any of the other directions. The class is 0 non-match, 1 match; the mask is the test period.
/// </summary>
internal sealed class DelayedMatchToSample : ITask
{
    private readonly int stimuli;
    private readonly Ring ring;
    private readonly TrialLayout layout;

    public DelayedMatchToSample(ISettings settings)
    {
        var reader = new TaskSettings(settings);
        stimuli = settings.Integer("stimuli", 8, 2, 360, "how many directions there are");
        var fixation = reader.Duration("fixation", 500 * ms, "before the sample", optional: true);
        var sample = reader.Duration("sample", 500 * ms, "how long the sample is shown");
        var delay = reader.Duration("delay", 1000 * ms, "from sample to test", optional: true);
        var test = reader.Duration("test", 500 * ms, "how long the test is shown, and answered");
        var code = InputCode.Read(settings, reader);
        ring = new(settings, "direction", code);
        reader.ThrowIfAny();
        layout = new(
            [new("fixation", fixation), new("sample", sample), new("delay", delay), new("test", test)],
            code, [ring.Group], TargetKind.Class, ["non-match", "match"]);
    }

    public TaskShape Shape(Quantity timeStep) => layout.Shape(timeStep);

    public void Generate(TrialBatch batch, IRandomStream random)
    {
        var writer = layout.Clear(batch, random);
        var (samplePeriod, testPeriod) = (writer.Period("sample"), writer.Period("test"));
        for (var trial = 0; trial < batch.Trials; trial++)
        {
            var sample = random.Integer(stimuli);
            var match = random.Integer(2);
            var test = match == 1 ? sample : (sample + 1 + random.Integer(stimuli - 1)) % stimuli;
            ring.Drive(writer, trial, samplePeriod, sample, stimuli);
            ring.Drive(writer, trial, testPeriod, test, stimuli);
            writer.Answer(trial, testPeriod, match);
        }
    }
}
