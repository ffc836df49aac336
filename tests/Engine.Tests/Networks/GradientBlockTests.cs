using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>The gradient of dense weights of one lane, several steps at once, against one step after the other.</summary>
public sealed unsafe class GradientBlockTests
{
    /// <summary>Rows of less and of more than four vectors, steps of less and of more than a block, few and many spikes.</summary>
    [Theory]
    [InlineData(5, 3, 7, 0.5)]
    [InlineData(33, 70, 150, 0.05)]
    [InlineData(12, 131, 64, 1)]
    [InlineData(3, 20_000, 9, 0.5)]
    public void Several_steps_give_the_bits_of_one_after_the_other(int sources, int targets, int steps, double rate)
    {
        var random = new System.Random(steps);
        var stride = Transmission<float>.StrideOf(targets);
        using var gradient = new RowBuffer(1, (long)sources * stride, Precision.Single);
        using var sent = new RowBuffer(1, sources, Precision.Single);
        using var adjoint = new RowBuffer(1, targets, Precision.Single);
        using var log = new EventLog<float>(1, sources, 1, counted: false);
        var expected = new float[sources * targets];
        var dense = new DenseTransmission<float>(sources, targets, 1);
        Step(add: false);
        dense.BeginGradient();
        for (var step = 0; step < steps; step++)
        {
            Step(add: true);
        }

        dense.EndGradient((float*)gradient.Row(0));
        dense.EndGradient((float*)gradient.Row(0));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], (float)gradient[0, ((long)(i / targets) * stride) + (i % targets)]);
        }

        void Step(bool add)
        {
            for (var s = 0; s < sources; s++)
            {
                sent[0, s] = random.NextDouble() < rate ? random.NextDouble() : 0;
            }

            for (var t = 0; t < targets; t++)
            {
                adjoint[0, t] = random.NextDouble() - 0.5;
            }

            for (var i = 0; i < expected.Length && add; i++)
            {
                expected[i] = MathF.FusedMultiplyAdd((float)sent[0, i / targets], (float)adjoint[0, i % targets], expected[i]);
            }

            log.Keep(0, (float*)sent.Row(0));
            dense.Gradient((float*)gradient.Row(0), log.At(0), (float*)adjoint.Row(0));
        }
    }
}
