using System.Text;

namespace BrainModular.Formats.Axon;

/// <summary>Reads the header of version 2: a table of sections, each with so many entries of the same size, and one section of all texts.</summary>
internal sealed class AxonHeader2
{
    private const int Table = 76, TableEntry = 16;
    private const int MostTexts = 1 << 20;

    // Digitisers have 16 inputs and outputs, and ten or fifty epochs of each.
    private const int Most = 1024;

    private readonly BinaryFile file;
    private readonly string[] texts;

    private AxonHeader2(BinaryFile file)
    {
        this.file = file;
        texts = ReadTexts();
    }

    private enum SectionKind
    {
        Protocol = 0,
        Inputs = 1,
        Outputs = 2,
        Epochs = 5,
        UserLists = 6,
        Texts = 9,
        Data = 10,
        Synch = 15,
    }

    public static AxonHeader Read(BinaryFile file) => new AxonHeader2(file).Read();

    private AxonHeader Read()
    {
        var protocol = Find(SectionKind.Protocol, 208).At;
        var (inputs, outputs, data, synch) = (Find(SectionKind.Inputs, 82, Most), Find(SectionKind.Outputs, 132, Most), Find(SectionKind.Data, 1), Find(SectionKind.Synch, 8));
        if (inputs.Count < 1)
        {
            throw file.Impossible("the number of channels", inputs.Count, inputs.CountAt, $"1 to {Most}");
        }

        var isSingle = file.Int16(30) switch { 0 => false, 1 => true, var other => throw file.Impossible("the format of samples", other, 30, "0, 16-bit integers, or 1, 32-bit numbers") };
        var start = AxonHeaderParts.Time(file.UInt32(16), file.UInt32(20));
        var rate = AxonHeaderParts.Rate(file, protocol + 2, 1);
        var sweeps = new AxonSweeps(file, new()
        {
            ModeAt = protocol, Channels = (int)inputs.Count, FileStart = start, Rate = rate, RateAt = protocol + 2, Samples = data.Count, SamplesAt = data.CountAt, SampleSize = isSingle ? 4 : 2, DataAt = data.At,
            Sweeps = file.UInt32(12), SweepsAt = 12, SynchAt = synch.At, SynchCount = synch.Count, SynchCountAt = synch.CountAt, SynchUnitAt = protocol + 14,
        }).Read();
        return new(
            2 + (file.Bytes(4, 4)[2] / 10.0),
            start,
            rate,
            [.. Enumerable.Range(0, (int)inputs.Count).Select(i => Channel(inputs.Of(i), protocol, isSingle))],
            [.. Enumerable.Range(0, (int)outputs.Count).Select(i => Command(outputs.Of(i), file.Int16(protocol + 182) != 0))],
            sweeps,
            data.At,
            isSingle,
            Text(72),
            Text(protocol + 132));
    }

    private AxonChannel Channel(long at, long protocol, bool isSingle)
    {
        List<long> factors = [at + 40, at + 48, at + 28];
        if (file.Int16(at + 2) != 0)
        {
            factors.Add(at + 6);
        }

        var (scale, offset) = AxonHeaderParts.Scaling(file, new(protocol + 110, protocol + 118, [.. factors], at + 44, at + 52), isSingle);
        return new(file.Int16(at), Text(at + 74), Text(at + 78), scale, offset);
    }

    private AxonCommand Command(long at, bool alternates)
    {
        var output = file.Int16(at);
        var source = file.Int16(at + 40) == 0 ? AxonWaveform.Holding
            : alternates || IsVaried(output) ? AxonWaveform.Varied
            : AxonHeaderParts.Source(file.Int16(at + 42), file.Int16(Find(SectionKind.Protocol, 208).At));
        return new(output, Text(at + 24), Text(at + 28), file.Single(at + 12), source, file.Int16(at + 44) != 0, source == AxonWaveform.Epochs ? [.. Epochs(output)] : []);
    }

    private IEnumerable<AxonEpoch> Epochs(int output)
    {
        var epochs = Find(SectionKind.Epochs, 30, Most);
        for (var i = 0L; i < epochs.Count; i++)
        {
            var at = epochs.Of(i);
            if (file.Int16(at + 2) == output && file.Int16(at + 4) is var shape and not 0)
            {
                yield return new((AxonShape)shape, file.Single(at + 6), file.Single(at + 10), file.Int32(at + 14), file.Int32(at + 18), file.Int32(at + 22), file.Int32(at + 26));
            }
        }
    }

    private bool IsVaried(int output)
    {
        var lists = Find(SectionKind.UserLists, 6, Most);
        for (var i = 0L; i < lists.Count; i++)
        {
            if (file.Int16(lists.Of(i)) == output && file.Int16(lists.Of(i) + 2) != 0)
            {
                return true;
            }
        }

        return false;
    }

    // 44 bytes of numbers, then texts that end with a zero each. They are numbered from 1; 0 stands for none.
    private string[] ReadTexts()
    {
        var section = Find(SectionKind.Texts, 1);
        if (section.Count is < 1 or > MostTexts)
        {
            throw file.Impossible("the number of texts", section.Count, section.CountAt, $"1 to {MostTexts}");
        }

        const int head = 44;
        if (section.Size < head || Encoding.ASCII.GetString(file.Bytes(section.At, 4)) != "SSCH")
        {
            throw file.Impossible("the begin of the texts", Encoding.Latin1.GetString(file.Bytes(section.At, 4)), section.At, "SSCH");
        }

        return ["", .. Encoding.Latin1.GetString(file.Bytes(section.At + head, (int)section.Size - head)).Split('\0').Select(static text => text.Trim())];
    }

    private string Text(long at)
    {
        var index = file.Int32(at);
        return index >= 0 && index < texts.Length ? texts[index] : throw file.Impossible("the number of a text", index, at, $"0 to {texts.Length - 1}");
    }

    private Section Find(SectionKind kind, int leastSize, long most = long.MaxValue)
    {
        var at = Table + (TableEntry * (int)kind);
        var (block, size, count) = (file.UInt32(at), file.UInt32(at + 4), file.Int64(at + 8));
        most = Math.Min(most, file.Length);
        if (count != 0 && (size < leastSize || size > int.MaxValue || count < 0 || count > most))
        {
            throw file.Impossible($"the section of {kind}", FormattableString.Invariant($"{count} entries of {size} bytes"), at, $"at most {most} entries of at least {leastSize} bytes");
        }

        // The texts are one block, whose size is in the place of an entry's.
        var section = new Section((long)block * AxonHeaderParts.Block, size, count, at + 8);
        file.Need(section.At, kind == SectionKind.Texts ? size : count * size, $"the section of {kind}");
        return section;
    }

    private readonly record struct Section(long At, uint Size, long Count, long CountAt)
    {
        public long Of(long entry) => At + (entry * Size);
    }
}
