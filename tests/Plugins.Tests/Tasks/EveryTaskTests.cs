using BrainModular.Diagnostics;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Models;
using BrainModular.Plugins.Tasks;
using BrainModular.Tasks;
using BrainModular.Testing.Fakes;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Tasks;

/// <summary>What holds for every built-in task with each way of giving inputs; delays are shorter than by default, for speed.</summary>
public sealed class EveryTaskTests
{
    /// <summary>Each task, and where it has several codes, each of them.</summary>
    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (var name in RecordingCatalog.Of(new TasksPlugin()).Names<ITask>())
            {
                string[] codes = name switch
                {
                    "evidence-accumulation" => ["poisson"],
                    "image-classification" => ["rate", "latency", "graded"],
                    _ => ["poisson", "graded"],
                };
                foreach (var code in codes)
                {
                    cases.Add(name, code);
                }
            }

            return cases;
        }
    }

    [Fact]
    public void The_plugin_offers_its_tasks() => Assert.Equal(
        [
            "evidence-accumulation", "delayed-match-to-sample", "delayed-response", "parametric-working-memory", "perceptual-decision", "context-dependent-decision", "go-no-go",
            "reaching", "artificial-grammar", "image-classification",
        ],
        RecordingCatalog.Of(new TasksPlugin()).Names<ITask>());

    [Theory]
    [MemberData(nameof(Cases))]
    public void Groups_tile_the_channels_and_periods_lie_apart_in_the_trial(string name, string code)
    {
        var shape = Task(name, code).Shape(1 * ms);
        var channel = 0;
        Assert.All(shape.InputGroups, group =>
        {
            Assert.Equal(channel, group.First);
            Assert.InRange(group.Count, 1, shape.Inputs);
            channel += group.Count;
        });
        Assert.Equal(shape.Inputs, channel);

        var end = 0;
        Assert.All(shape.Periods, period =>
        {
            Assert.InRange(period.Start, end, shape.Steps);
            Assert.InRange(period.Steps, 1, shape.Steps);
            end = period.Start + period.Steps;
        });
        Assert.InRange(end, 1, shape.Steps);
        Assert.Equal(shape.Targets, shape.TargetNames.Distinct().Count());
        Assert.Equal(shape.InputGroups.Count, shape.InputGroups.DistinctBy(group => group.Name).Count());
        Assert.Equal(shape.Periods.Count, shape.Periods.DistinctBy(period => period.Name).Count());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Half_the_time_step_gives_twice_the_steps_and_the_same_rates(string name, string code)
    {
        var (whole, half) = (Trials.Generate(Task(name, code), 32), Trials.Generate(Task(name, code), 32, 0.5, seed: 2));
        Assert.Equal(2 * whole.Shape.Steps, half.Shape.Steps);
        Assert.Equal(whole.Shape.Periods.Select(p => p with { Start = 2 * p.Start, Steps = 2 * p.Steps }), half.Shape.Periods);
        Assert.Equal(2 * whole.Batch.Mask.Sum(static m => (double)m), half.Batch.Mask.Sum(static m => (double)m), 1e-6);
        var spikes = whole.Batch.Inputs.Sum(static x => (double)x);
        var expected = whole.Shape.InputKind == PortKind.Event ? spikes : 2 * spikes;
        Assert.True(spikes > 300);
        Assert.Equal(expected, half.Batch.Inputs.Sum(static x => (double)x), 0.1 * expected);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_batch_depends_on_the_stream_alone_and_not_on_what_it_held(string name, string code)
    {
        var task = Task(name, code);
        var (first, again, other) = (Trials.Generate(task, 5), new TrialBatch(5, task.Shape(1 * ms)), Trials.Generate(task, 5, seed: 2));
        Array.Fill(again.Inputs, float.NaN);
        Array.Fill(again.Targets, float.NaN);
        Array.Fill(again.Mask, float.NaN);
        task.Generate(again, new PhiloxStream(1));
        Assert.Equal(first.Batch.Inputs, again.Inputs);
        Assert.Equal(first.Batch.Targets, again.Targets);
        Assert.Equal(first.Batch.Mask, again.Mask);
        Assert.NotEqual(first.Batch.Inputs, other.Batch.Inputs);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Event_inputs_are_spikes_and_the_mask_counts_in_every_trial(string name, string code)
    {
        var trials = Trials.Generate(Task(name, code), 8);
        Assert.All(Enumerable.Range(0, 8), trial => Assert.Contains(Enumerable.Range(0, trials.Shape.Steps), step => trials.Mask(step, trial) > 0));
        Assert.DoesNotContain(trials.Batch.Inputs, static x => !float.IsFinite(x));
        if (trials.Shape.InputKind == PortKind.Event)
        {
            Assert.DoesNotContain(trials.Batch.Inputs, static x => x is not (0 or 1));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_class_comes_and_stands_still_where_it_counts(string name, string code)
    {
        var trials = Trials.Generate(Task(name, code), 64);
        if (trials.Shape.TargetKind == TargetKind.Value)
        {
            return;
        }

        HashSet<float> classes = [];
        for (var trial = 0; trial < 64; trial++)
        {
            foreach (var period in trials.Shape.Periods)
            {
                var counted = Enumerable.Range(period.Start, period.Steps).Where(step => trials.Mask(step, trial) > 0).Select(step => trials.Target(step, trial)).Distinct().ToArray();
                Assert.InRange(counted.Length, 0, 1);
                classes.UnionWith(counted);
            }
        }

        Assert.Equal(Enumerable.Range(0, trials.Shape.Targets).Select(static c => (float)c), classes.Order());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_time_step_that_divides_no_period_is_refused(string name, string code)
    {
        var refused = Assert.Throws<DiagnosticException>(() => Task(name, code).Shape(0.7351 * ms));
        Assert.All(refused.Diagnostics, fault => Assert.Equal(("BM2402", 3), (fault.Id, fault.ExitCode)));
        Assert.Contains("no whole number of steps of 0.7351 ms", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Diagnostics[0].Cure);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_setting_is_described_once(string name, string code)
    {
        var settings = new FixedSettings(("inputs", code), ("code", code));
        RecordingCatalog.Of(new TasksPlugin()).Create<ITask>(name, settings);
        Assert.Equal(settings.Read.Distinct(), settings.Read);
        Assert.All(settings.Read, static key => Assert.Matches("^[a-z][A-Za-z0-9]*$", key));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_batch_of_another_shape_is_refused(string name, string code)
    {
        var task = Task(name, code);
        var shape = task.Shape(1 * ms);
        Assert.Throws<ArgumentException>(() => task.Generate(new TrialBatch(1, shape with { Inputs = shape.Inputs + 1 }), new PhiloxStream(1)));
    }

    private static ITask Task(string name, string code) => Trials.Task(name, (name == "image-classification" ? "code" : "inputs", code), ("delay", 200 * ms));
}
