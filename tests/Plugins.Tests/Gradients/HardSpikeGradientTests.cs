using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;

namespace BrainModular.Plugins.Tests.Gradients;

/// <summary>Gradients of neurons that fire hard spikes: the same in both precisions, on both backends, in any number of lanes and segments.</summary>
public sealed class HardSpikeGradientTests
{
    public static TheoryData<string, Precision> NeuronsInBothPrecisions
    {
        get
        {
            var data = new TheoryData<string, Precision>();
            foreach (var neuron in NeuronCase.All.Select(static c => c.Name))
            {
                data.Add(neuron, Precision.Single);
                data.Add(neuron, Precision.Double);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(NeuronCase.Names), MemberType = typeof(NeuronCase))]
    public void In_single_precision_the_gradient_is_within_a_thousandth_of_that_in_double(string neuron)
    {
        const int steps = 1200;
        using var single = new TrainingSubject(neuron, Precision.Single, steps);
        using var twice = new TrainingSubject(neuron, Precision.Double, steps);
        var spikes = twice.SpikeTimes();
        Assert.InRange(spikes.Length, 3, 60);
        Assert.Equal(spikes, single.SpikeTimes());
        var parameters = twice.Parameters(1);
        var (actual, expected) = (single.Run(parameters), twice.Run(parameters));
        Assert.Equal(1, actual.Loss[0] / expected.Loss[0], 1e-4);

        // What a relative change of a parameter does to the loss: parameters that hardly matter are measured by those that do.
        var largest = parameters.Zip(expected.Gradient).Max(static p => Math.Abs(p.First[0] * p.Second[0]));
        Assert.True(largest > 1);
        for (var p = 0; p < parameters.Length; p++)
        {
            var (a, e, scale) = (actual.Gradient[p][0], expected.Gradient[p][0], Math.Max(Math.Abs(parameters[p][0]), 1e-9));
            Assert.True(Math.Abs(a - e) <= 1e-3 * Math.Max(Math.Abs(e), 1e-3 * largest / scale), $"{single.Names[p]}: {a:g7} and {e:g7}");
        }
    }

    [Theory]
    [MemberData(nameof(NeuronsInBothPrecisions))]
    public void Every_lane_has_the_bits_that_it_has_alone(string neuron, Precision precision)
    {
        const int lanes = 11;
        using var subject = new TrainingSubject(neuron, precision, steps: 600);
        Assert.NotEmpty(subject.SpikeTimes());
        var parameters = subject.Parameters(lanes);
        var together = subject.Run(parameters);
        Assert.Equal(lanes, together.Loss.Distinct().Count());
        for (var lane = 0; lane < lanes; lane++)
        {
            var alone = subject.Run([.. parameters.Select(p => new[] { p[lane] })]);
            Assert.Equal(alone.Loss[0], together.Loss[lane]);
            Assert.Equal(alone.Gradient.Select(static g => g[0]), together.Gradient.Select(g => g[lane]));
        }
    }

    [Theory]
    [MemberData(nameof(NeuronsInBothPrecisions))]
    public void Machine_code_and_interpreter_give_the_same_bits(string neuron, Precision precision)
    {
        const int steps = 250;
        using var il = new TrainingSubject(neuron, precision, steps, loss: "spike-aware");
        using var interpreted = new TrainingSubject(neuron, precision, steps, loss: "spike-aware", backend: KernelBackend.Interpreter);
        Assert.NotEmpty(il.SpikeTimes());
        var parameters = il.Parameters(5);
        var (expected, actual) = (interpreted.Run(parameters), il.Run(parameters));
        Assert.Equal(expected.Loss, actual.Loss);
        for (var p = 0; p < parameters.Length; p++)
        {
            Assert.Equal(expected.Gradient[p], actual.Gradient[p]);
        }

        Assert.Contains(expected.Gradient, static g => g[0] != 0);
    }

    [Theory]
    [MemberData(nameof(NeuronsInBothPrecisions))]
    public void Run_in_about_a_root_of_T_segments_a_loss_with_states_has_the_same_bits_in_less_memory(string neuron, Precision precision)
    {
        const int steps = 1000;
        using var subject = new TrainingSubject(neuron, precision, steps, loss: "spike-aware");
        Assert.True(subject.SpikeTimes().Length > 1);
        var parameters = subject.Parameters(8);
        var (stored, again) = (subject.Run(parameters), subject.Run(parameters, memoryBudget: 0));
        Assert.Equal(1, stored.Segments);
        Assert.InRange(again.Segments, Math.Sqrt(steps) * 0.9, Math.Sqrt(steps) * 1.1);
        Assert.True(again.Bytes < stored.Bytes / 5, $"{again.Bytes} bytes instead of {stored.Bytes}");
        Assert.Equal(stored.Loss, again.Loss);
        for (var p = 0; p < parameters.Length; p++)
        {
            Assert.Equal(stored.Gradient[p], again.Gradient[p]);
        }
    }

    /// <summary>Whatever the trace's length has in common with a segment's: the last segment is shorter, or there is one segment alone.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(513)]
    public void Segments_of_any_remainder_give_the_same_bits(int steps)
    {
        using var subject = new TrainingSubject("generalized-integrate-and-fire", Precision.Double, steps, loss: "spike-aware");
        var parameters = subject.Parameters(2);
        var (stored, again) = (subject.Run(parameters), subject.Run(parameters, memoryBudget: 0));
        Assert.Equal(stored.Loss, again.Loss);
        Assert.Equal(stored.Gradient.SelectMany(static g => g), again.Gradient.SelectMany(static g => g));
    }
}
