using System.Buffers.Binary;
using System.Text;
using BrainModular.Formats.Nwb;

namespace BrainModular.Bench.Cells;

/// <summary>
/// An Axon Binary Format 1 file of episodic current clamp with two channels, current in pA and potential in mV, interleaved as 16-bit integers: a header
/// of 2 KiB or more at fixed places, then the episodes one after the other. A sample of channel c is raw * range / resolution / gain(c) + offset(c).
/// </summary>
internal sealed class AbfFile
{
    private const int Block = 512, LeastHeader = 4640, Channels = 2;
    private const int EpisodicStimulation = 5;
    private readonly byte[] bytes;

    public AbfFile(string path)
    {
        bytes = File.ReadAllBytes(path);
        if (bytes.Length < LeastHeader || !bytes.AsSpan(0, 4).SequenceEqual("ABF "u8))
        {
            throw new InvalidDataException($"{path} is no ABF 1 file");
        }

        if (Short(8) != EpisodicStimulation || Short(100) != 0 || Short(120) != Channels || UnitOf(0) != "pA" || UnitOf(1) != "mV")
        {
            throw new InvalidDataException($"{path} is not of episodes of 16-bit integers with a current in pA and a potential in mV");
        }
    }

    /// <summary>Writes it as NWB, its episodes as the sweeps 1, 2, ...</summary>
    public void Convert(string path)
    {
        var written = new DateTimeOffset(2015, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var nwb = NwbWriter.Create(path, new(Path.GetFileNameWithoutExtension(path), "current clamp", written, written, "a recorded cell"));
        for (var episode = 0; episode < Episodes; episode++)
        {
            nwb.Stimulus(episode + 1, SamplingRate, [.. Samples(episode, 0).Select(static pA => pA * 1e-12)], "measured current");
            nwb.Recorded(episode + 1, SamplingRate, [.. Samples(episode, 1).Select(static mV => mV * 1e-3)], "potential");
        }

        nwb.Commit();
    }

    private int Episodes => Integer(16);

    /// <summary>In Hz, of each channel.</summary>
    private double SamplingRate => 1e6 / (Single(122) * Channels);

    private IEnumerable<double> Samples(int episode, int channel)
    {
        var length = Integer(138) / Channels;
        var first = (Integer(40) * Block) + (2 * Channels * episode * length);
        var physical = PhysicalOf(channel);
        var telegraphed = Short(4512 + (2 * physical)) != 0 ? Single(4576 + (4 * physical)) : 1;
        var gain = Single(922 + (4 * physical)) * Single(1050 + (4 * physical)) * Single(730 + (4 * physical)) * telegraphed;
        var (scale, offset) = (Single(244) / Integer(252) / gain, Single(986 + (4 * physical)) - Single(1114 + (4 * physical)));
        return Enumerable.Range(0, length).Select(i => (Short(first + (2 * ((Channels * i) + channel))) * scale) + offset);
    }

    private int PhysicalOf(int channel) => Short(410 + (2 * channel));

    private string UnitOf(int channel) => Encoding.ASCII.GetString(bytes, 602 + (8 * PhysicalOf(channel)), 8).Trim();

    private short Short(int at) => BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at));

    private int Integer(int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));

    private double Single(int at) => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(at));
}
