using BrainModular.Formats.Axon;

namespace BrainModular.Formats.Tests.Axon;

public sealed class AxonWaveformTests
{
    // How the recorded input follows the command: a filter of two samples, fitted to the steps alone by least squares in a separate program.
    private static readonly double[] Filter = [1.02008214, -0.0227994541, 0.003637733, -0.00335256173, 3.28742484e-5];

    /// <summary>In these recordings the second input measured a circuit that the second command drove: what was given out is in the file beside its epochs.</summary>
    [SkippableTheory]
    [InlineData("step")]
    [InlineData("ramp")]
    [InlineData("pulseTrain")]
    [InlineData("triangleTrain")]
    [InlineData("cosTrain")]
    [InlineData("biphasicTrain")]
    public void A_circuit_followed_the_command_that_epochs_describe(string name)
    {
        using var file = AxonFile.Open(RealData.Require("icephys-pyabf", "abfs", $"18702001-{name}.abf"));
        for (var sweep = 0; sweep < file.Sweeps.Count; sweep++)
        {
            double[] command = [.. new AxonWaveformBuilder(file.Commands[1], sweep, file.Sweeps[sweep].Count).Pieces().SelectMany(static p => p)];
            double[] recorded = [.. file.Samples(file.Sweeps[sweep], 1).ToArray().Select(raw => raw * file.Channels[1].Scale)];
            var (before, last, squares) = (recorded[0], recorded[1], 0.0);
            for (var i = 2; i < command.Length; i++)
            {
                (before, last) = (last, (Filter[0] * last) + (Filter[1] * before) + (Filter[2] * command[i - 1]) + (Filter[3] * command[i - 2]) + Filter[4]);
                squares += (last - recorded[i]) * (last - recorded[i]);
            }

            // What was recorded varies by 0.25 V or more.
            Assert.InRange(Math.Sqrt(squares / command.Length), 0, 0.02);
        }
    }

    [Fact]
    public void Shapes_have_their_levels_at_their_samples()
    {
        Assert.Equal([5, 5, 0, 0], Epoch(AxonShape.Pulses, 4, 4, 2)[1..5]);
        Assert.Equal([0, 5 / 3.0, 10 / 3.0, 5], Epoch(AxonShape.Ramp, 4, 0, 0)[1..5], static (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([0, 2.5, 5, 2.5], Epoch(AxonShape.Triangles, 4, 4, 2)[1..5]);
        Assert.Equal([0, 2.5, 5, 2.5], Epoch(AxonShape.Cosine, 4, 4, 0)[1..5], static (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([5, -5, 0, 0], Epoch(AxonShape.Biphasic, 4, 4, 2)[1..5]);

        // What is left of an epoch after its last whole period stays at the level before.
        Assert.Equal([5, 0, 5, 0, 0], Epoch(AxonShape.Pulses, 5, 2, 1)[1..6]);
    }

    [Fact]
    public void Levels_and_durations_grow_from_sweep_to_sweep_and_the_last_one_is_kept_where_the_protocol_says_so()
    {
        var command = new AxonCommand(0, "Cmd 0", "pA", 1, AxonWaveform.Epochs, false, [new(AxonShape.Step, 10, 2, 3, 1, 0, 0)]);
        Assert.Equal([1, 14, 14, 14, 14, 14, 1, 1], Levels(command, 2)[..8]);
        Assert.Equal([12, 14, 14, 14, 14, 14, 14, 14], Levels(command with { KeepsLast = true }, 2)[..8]);
        Assert.Equal(1, Levels(command with { KeepsLast = true }, 0)[0]);
        Assert.All(Levels(command with { Source = AxonWaveform.Holding }, 2), static level => Assert.Equal(1, level));
        Assert.Throws<ArgumentException>(() => Levels(command with { Source = AxonWaveform.File }, 0));
    }

    private static double[] Epoch(AxonShape shape, int duration, int period, int width) =>
        Levels(new(0, "Cmd 0", "mV", 0, AxonWaveform.Epochs, false, [new(shape, 5, 0, duration, 0, period, width)]), 0);

    // 64 samples have one before the first epoch.
    private static double[] Levels(AxonCommand command, int sweep) => [.. new AxonWaveformBuilder(command, sweep, 64).Pieces().SelectMany(static p => p)];
}
