using System.Buffers.Binary;
using System.Text;
using BrainModular.Diagnostics;
using BrainModular.Formats.Igor;

namespace BrainModular.Formats.Tests.Igor;

public sealed class IgorWaveTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Values that a separate program read from the bytes; the second file has the big-endian order of a Macintosh.</summary>
    [SkippableTheory]
    [InlineData("icephys-gif-pozzorini/Cell3_Ger1Test_ch2_1009.ibw", "V", 10000, 200000, -0.0612187497317791, -0.04475000128149986, -8716.564813253939, "2013-04-17T17:11:16")]
    [InlineData("icephys-bluepyefe/B6/B6_Ch3_IDRest_181.ibw", "mV", 4000, 12000, -69.09037780761719, -50.18505096435547, -663860.3451610059, "2000-06-05T16:33:50")]
    [InlineData("icephys-bluepyefe/B6/B6_Ch0_IDRest_181.ibw", "pA", 4000, 12000, -3.124847412109375, 106.24481201171875, 792236.3146972656, "2000-06-05T16:33:50")]
    public void Waves_of_version_5_are_read(string path, string unit, double rate, long count, double first, double middle, double sum, string created)
    {
        using var wave = IgorWave.Open(RealData.Require(path.Split('/')));
        Assert.Equal((unit, rate, count), (wave.Unit, Math.Round(wave.Rate, 9), wave.Count));
        Assert.Equal(DateTime.Parse(created, System.Globalization.CultureInfo.InvariantCulture), wave.Created);
        var numbers = wave.Numbers().ToArray();
        Assert.Equal((first, middle), (numbers[0], numbers[count / 2]));
        Assert.Equal(sum, numbers.Sum(), 1e-6);
        Assert.Matches("DATE#17/04/2013|TYPE:pulse", wave.Note);
        Assert.EndsWith(wave.Name.Split('_')[^1], Path.GetFileNameWithoutExtension(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, false, 0x02)]
    [InlineData(2, true, 0x02)]
    [InlineData(2, true, 0x04)]
    [InlineData(5, true, 0x10)]
    [InlineData(5, false, 0x20)]
    [InlineData(5, true, 0x08)]
    [InlineData(5, false, 0x48)]
    [InlineData(5, true, 0x50)]
    [InlineData(2, false, 0x60)]
    public void Every_version_order_and_type_of_numbers_is_read(int version, bool bigEndian, int type)
    {
        File.WriteAllBytes(folder["wave.ibw"], SmallWave.Bytes(version, bigEndian, type, [1, 2, 100]));
        using var wave = IgorWave.Open(folder["wave.ibw"]);
        Assert.Equal(("small", "mV", 2000.0, 3L, "a note\nof two lines"), (wave.Name, wave.Unit, wave.Rate, wave.Count, wave.Note));
        Assert.Equal(new DateTime(2001, 2, 3, 4, 5, 6), wave.Created);
        Assert.Equal([1, 2, 100], wave.Numbers().ToArray());
    }

    [Theory]
    [InlineData("BM2904", "version 3", 0, 3)]
    [InlineData("BM2901", "does not begin", 0, 9)]
    [InlineData("BM2905", "checksum", 70, 1)]
    public void A_wave_of_another_kind_or_with_damage_is_refused(string id, string problem, int at, byte value)
    {
        var bytes = SmallWave.Bytes(5, false, 2, [1, 2]);
        bytes[at] ^= (byte)(at == 0 ? bytes[0] ^ value : value);
        Assert.Contains(problem, Refused(id, bytes).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BM2904", "complex", 80, 3)]
    [InlineData("BM2904", "texts", 80, 0)]
    [InlineData("BM2903", "the type of numbers", 80, 0x40)]
    [InlineData("BM2903", "number of points", 76, -1)]
    [InlineData("BM2902", "9 points", 76, 9)]
    [InlineData("BM2904", "several dimensions", 136, 2)]
    [InlineData("BM2903", "interval", 148, 0)]
    [InlineData("BM2902", "note", 12, 1000)]
    public void A_header_that_cannot_be_is_refused_with_its_byte(string id, string problem, int at, int value)
    {
        var bytes = SmallWave.Bytes(5, false, 2, [1, 2]);
        if (at == 148)
        {
            bytes.AsSpan(at, 8).Clear();
        }
        else if (at == 80)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), (short)value);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        }

        SmallWave.Sign(bytes, 384, false);
        var fault = Refused(id, bytes);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
        Assert.Matches(@"^byte \d+$", fault.Place.Path!);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(390)]
    public void A_wave_that_was_cut_off_is_refused(int length) => Refused("BM2902", SmallWave.Bytes(5, true, 2, [1, 2])[..length]);

    private Diagnostic Refused(string id, byte[] bytes)
    {
        File.WriteAllBytes(folder["bad.ibw"], bytes);
        return DiagnosticAssert.Fails(id, () =>
        {
            using var wave = IgorWave.Open(folder["bad.ibw"]);
        });
    }
}

/// <summary>Makes small waves, field by field.</summary>
internal static class SmallWave
{
    private const string Note = "a note\rof two lines";

    public static byte[] Bytes(int version, bool bigEndian, int type, int[] numbers)
    {
        var (header, wave) = version == 2 ? (126, 16) : (384, 64);
        var size = type switch { 0x04 => 8, 0x02 or 0x20 or 0x60 => 4, 0x10 or 0x50 => 2, _ => 1 };
        var bytes = new byte[header + (size * numbers.Length) + (version == 2 ? 16 : 0) + Note.Length];
        void Put(int at, byte[] value)
        {
            if (bigEndian)
            {
                Array.Reverse(value);
            }

            value.CopyTo(bytes, at);
        }

        Put(0, BitConverter.GetBytes((short)version));
        var created = (uint)(new DateTime(2001, 2, 3, 4, 5, 6) - new DateTime(1904, 1, 1)).TotalSeconds;
        var (typeAt, countAt, createdAt, nameAt, scaleAt, unitAt, noteAt) = version == 2
            ? (wave, wave + 42, wave + 96, wave + 6, wave + 48, wave + 34, 6)
            : (wave + 16, wave + 12, wave + 4, wave + 28, wave + 84, wave + 148, 12);
        Put(typeAt, BitConverter.GetBytes((short)type));
        Put(countAt, BitConverter.GetBytes(numbers.Length));
        Put(createdAt, BitConverter.GetBytes(created));
        Put(scaleAt, BitConverter.GetBytes(0.5));
        Put(noteAt, BitConverter.GetBytes(Note.Length));
        Encoding.ASCII.GetBytes("small").CopyTo(bytes, nameAt);
        Encoding.ASCII.GetBytes("mV\0\0ms").CopyTo(bytes, unitAt);
        for (var i = 0; i < numbers.Length; i++)
        {
            Put(header + (size * i), type switch
            {
                0x02 => BitConverter.GetBytes((float)numbers[i]), 0x04 => BitConverter.GetBytes((double)numbers[i]), 0x20 or 0x60 => BitConverter.GetBytes(numbers[i]),
                0x10 or 0x50 => BitConverter.GetBytes((short)numbers[i]), _ => [(byte)numbers[i]],
            });
        }

        Encoding.ASCII.GetBytes(Note).CopyTo(bytes, bytes.Length - Note.Length);
        Sign(bytes, header, bigEndian);
        return bytes;
    }

    /// <summary>Makes the header's 16-bit numbers add up to 0.</summary>
    public static void Sign(byte[] bytes, int header, bool bigEndian)
    {
        var at = header == 126 ? 14 : 2;
        bytes.AsSpan(at, 2).Clear();
        var sum = 0;
        for (var i = 0; i < header; i += 2)
        {
            sum += bigEndian ? BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(i)) : BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(i));
        }

        var check = unchecked((short)-sum);
        if (bigEndian)
        {
            BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(at), check);
        }
        else
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), check);
        }
    }
}
