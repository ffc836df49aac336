namespace BrainModular.Formats.Axon;

/// <summary>Reads the header of version 1, all of whose values stand at fixed places; commands and amplifiers' gains only where it has 6 KiB.</summary>
internal static class AxonHeader1
{
    private const int ExtendedLength = 6144;
    private const int MostChannels = 16, Outputs = 4, OutputsWithEpochs = 2, EpochsOfOutput = 10;

    public static AxonHeader Read(BinaryFile file)
    {
        var dataAt = (long)file.Int32(40) * AxonHeaderParts.Block;
        if (dataAt < 2048)
        {
            throw file.Impossible("the block of the first sample", file.Int32(40), 40, "a block after the header, from 4 on");
        }

        var isSingle = file.Int16(100) switch { 0 => false, 1 => true, var other => throw file.Impossible("the format of samples", other, 100, "0, 16-bit integers, or 1, 32-bit numbers") };
        var channelCount = file.Int16(120);
        if (channelCount is < 1 or > MostChannels)
        {
            throw file.Impossible("the number of channels", channelCount, 120, $"1 to {MostChannels}");
        }

        var isExtended = dataAt >= ExtendedLength;
        var start = AxonHeaderParts.Time(file.Int32(20), (1000L * file.Int32(24)) + Math.Clamp((int)file.Int16(366), 0, 999));
        var rate = AxonHeaderParts.Rate(file, 122, channelCount);
        var sweeps = new AxonSweeps(file, new()
        {
            ModeAt = 8, Channels = channelCount, FileStart = start, Rate = rate, RateAt = 122, Samples = file.Int32(10), SamplesAt = 10, SampleSize = isSingle ? 4 : 2, DataAt = dataAt,
            Sweeps = file.Int32(16), SweepsAt = 16, SynchAt = (long)file.Int32(92) * AxonHeaderParts.Block, SynchCount = file.Int32(96), SynchCountAt = 96, SynchUnitAt = 130,
        }).Read();
        return new(
            file.Single(4),
            start,
            rate,
            [.. Enumerable.Range(0, channelCount).Select(i => Channel(file, i, isSingle, isExtended))],
            [.. Enumerable.Range(0, Outputs).Select(i => Command(file, i, isExtended))],
            sweeps,
            dataAt,
            isSingle,
            isExtended ? file.Text(4898, 256) : "",
            isExtended ? file.Text(5154, 128) : file.Text(310, 56));
    }

    private static AxonChannel Channel(BinaryFile file, int index, bool isSingle, bool isExtended)
    {
        var input = file.Int16(410 + (2 * index));
        if (input is < 0 or >= MostChannels)
        {
            throw file.Impossible("the input of a channel", input, 410 + (2 * index), $"0 to {MostChannels - 1}");
        }

        List<long> factors = [922 + (4 * input), 1050 + (4 * input), 730 + (4 * input)];
        if (isExtended && file.Int16(4512 + (2 * input)) != 0)
        {
            factors.Add(4576 + (4 * input));
        }

        var (scale, offset) = AxonHeaderParts.Scaling(file, new(244, 252, [.. factors], 986 + (4 * input), 1114 + (4 * input)), isSingle);
        return new(input, file.Text(442 + (10 * input), 10), file.Text(602 + (8 * input), 8), scale, offset);
    }

    private static AxonCommand Command(BinaryFile file, int output, bool isExtended)
    {
        var source = !isExtended || output >= OutputsWithEpochs ? AxonWaveform.Unsaid
            : file.Int16(2296 + (2 * output)) == 0 ? AxonWaveform.Holding
            : file.Int16(5876) != 0 || (file.Int16(3360 + (2 * output)) != 0 && file.Single(4) > 1.6) ? AxonWaveform.Varied
            : AxonHeaderParts.Source(file.Int16(2300 + (2 * output)), file.Int16(8));
        var keepsLast = source == AxonWaveform.Epochs && file.Int16(2304 + (2 * output)) != 0;
        return new(
            output, file.Text(1306 + (10 * output), 10), file.Text(1346 + (8 * output), 8), file.Single(1394 + (4 * output)), source, keepsLast,
            source == AxonWaveform.Epochs ? [.. Epochs(file, output)] : []);
    }

    private static IEnumerable<AxonEpoch> Epochs(BinaryFile file, int output)
    {
        for (var i = EpochsOfOutput * output; i < EpochsOfOutput * (output + 1); i++)
        {
            if (file.Int16(2308 + (2 * i)) is var shape and not 0)
            {
                yield return new((AxonShape)shape, file.Single(2348 + (4 * i)), file.Single(2428 + (4 * i)), file.Int32(2508 + (4 * i)), file.Int32(2588 + (4 * i)),
                    file.Int32(2136 + (4 * i)), file.Int32(2216 + (4 * i)));
            }
        }
    }
}
