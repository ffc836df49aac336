using System.Buffers.Binary;
using BrainModular.Formats.Axon;

namespace BrainModular.Formats.Tests.Axon;

/// <summary>Trains in headers of version 1, of which no real file has one: written into the header of a real recording.</summary>
public sealed class AxonTrainTests : IDisposable
{
    private const int Periods = 2136, Widths = 2216, Enabled = 2296, Shapes = 2308, Levels = 2348, LevelIncrements = 2428, Durations = 2508, DurationIncrements = 2588, Alternates = 5876;
    private const int EpochsOfOutput = 10;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_train_has_its_period_and_width(int output)
    {
        using var file = Open(output, AxonShape.Pulses, period: 10, width: 4);
        var command = file.Commands[output];
        Assert.Equal([new AxonEpoch(AxonShape.Pulses, 7, 0, 25, 0, 10, 4)], command.Epochs);
        double[] levels = [.. new AxonWaveformBuilder(command, 0, file.Sweeps[0].Count).Pieces().SelectMany(static p => p)];
        var first = (int)(file.Sweeps[0].Count / 64);
        var (low, high) = (command.Holding, 7.0);
        Assert.Equal(
            [low, high, high, high, high, low, low, low, low, low, low, high, high, high, high, low, low, low, low, low, low, low, low, low, low, low, low],
            levels[(first - 1)..(first + 26)]);
    }

    [SkippableTheory]
    [InlineData(AxonShape.Pulses, 0, false)]
    [InlineData(AxonShape.Triangles, 0, false)]
    [InlineData(AxonShape.Cosine, -10, false)]
    [InlineData(AxonShape.Biphasic, 0, false)]
    [InlineData(AxonShape.Biphasic, 1, true)]
    [InlineData(AxonShape.Step, 0, true)]
    [InlineData(AxonShape.Ramp, 0, true)]
    public void A_shape_that_repeats_itself_is_known_with_a_period_alone(AxonShape shape, int period, bool isKnown)
    {
        using var file = Open(0, shape, period, width: 4);
        Assert.Equal(isKnown, file.Commands[0].IsKnown);
    }

    [SkippableFact]
    public void Outputs_that_alternate_are_not_known()
    {
        using var file = Open(0, AxonShape.Step, 0, 0, alternates: true);
        Assert.Equal((AxonWaveform.Varied, false), (file.Commands[0].Source, file.Commands[0].IsKnown));
    }

    // The output has this one epoch, of 25 samples.
    private AxonFile Open(int output, AxonShape shape, int period, int width, bool alternates = false)
    {
        var bytes = File.ReadAllBytes(RealData.Require("icephys-pyabf", "abfs", "File_axon_3.abf"));
        void Short(int at, int value) => BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), (short)value);
        void Int(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        Short(Enabled + (2 * output), 1);
        Short(Alternates, alternates ? 1 : 0);
        for (var i = EpochsOfOutput * output; i < EpochsOfOutput * (output + 1); i++)
        {
            Short(Shapes + (2 * i), 0);
        }

        var epoch = (EpochsOfOutput * output) + 1;
        Short(Shapes + (2 * epoch), (int)shape);
        Int(Levels + (4 * epoch), BitConverter.SingleToInt32Bits(7));
        Int(LevelIncrements + (4 * epoch), 0);
        Int(Durations + (4 * epoch), 25);
        Int(DurationIncrements + (4 * epoch), 0);
        Int(Periods + (4 * epoch), period);
        Int(Widths + (4 * epoch), width);
        File.WriteAllBytes(folder["train.abf"], bytes);
        return AxonFile.Open(folder["train.abf"]);
    }
}
