using System.Buffers.Binary;
using BrainModular.Formats.Nwb;

namespace BrainModular.Bench.Cells;

/// <summary>
/// A wave of single-precision numbers in Igor's binary format, version 5, as Wavemetrics' technical note 3 describes it: a header of 64 bytes, one of 320 bytes
/// for the wave, its numbers.
/// </summary>
internal static class IgorWave
{
    private const int WaveHeader = 64;
    private const int Numbers = 384;

    /// <summary>Writes pairs of waves as NWB: of each repeat the potential in V (channel 2) and the current in A (channel 3).</summary>
    /// <param name="folder">Where the waves lie.</param>
    /// <param name="repeats">The repeats' numbers, which become those of the sweeps.</param>
    /// <param name="path">The file to write.</param>
    public static void Convert(string folder, IEnumerable<int> repeats, string path)
    {
        var written = new DateTimeOffset(2013, 4, 17, 0, 0, 0, TimeSpan.Zero);
        using var nwb = NwbWriter.Create(path, new(Path.GetFileNameWithoutExtension(path), "current clamp", written, written, "a recorded cell"));
        foreach (var repeat in repeats)
        {
            nwb.Stimulus(repeat, SamplingRate, Read(Path.Combine(folder, $"Cell3_Ger1Test_ch3_{repeat}.ibw")), "fluctuating current");
            nwb.Recorded(repeat, SamplingRate, Read(Path.Combine(folder, $"Cell3_Ger1Test_ch2_{repeat}.ibw")), "potential");
        }

        nwb.Commit();
    }

    /// <summary>In Hz.</summary>
    private const double SamplingRate = 10_000;

    private static double[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (BinaryPrimitives.ReadInt16LittleEndian(bytes) != 5 || BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(WaveHeader + 16)) != 2)
        {
            throw new InvalidDataException($"{path} is no little-endian Igor wave, version 5, of single-precision numbers");
        }

        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(WaveHeader + 12));
        return [.. Enumerable.Range(0, count).Select(i => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(Numbers + (4 * i))))];
    }
}
