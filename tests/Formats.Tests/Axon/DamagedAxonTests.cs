using System.Buffers.Binary;
using BrainModular.Diagnostics;
using BrainModular.Formats.Axon;

namespace BrainModular.Formats.Tests.Axon;

public sealed class DamagedAxonTests : IDisposable
{
    private const string First = "icephys-pyabf/abfs/File_axon_3.abf", Second = "icephys-pyabf/abfs/17o05027_ic_ramp.abf";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [SkippableTheory]
    [InlineData(First, 3)]
    [InlineData(First, 100)]
    [InlineData(First, 5000)]
    [InlineData(First, 400_000)]
    [InlineData(Second, 60)]
    [InlineData(Second, 600)]
    [InlineData(Second, 4000)]
    [InlineData(Second, 80_000)]
    public void A_file_that_was_cut_off_is_refused_with_the_byte(string path, int length)
    {
        var fault = DiagnosticAssert.Fails("BM2902", () => Read(Content(path)[..length]));
        Assert.Matches(@"^byte \d+$", fault.Place.Path!);
        Assert.Contains($"the file has {length} bytes", fault.Problem, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(First, 8, 9, "mode of acquisition")]
    [InlineData(First, 10, 206441, "number of samples")]
    [InlineData(First, 16, 7, "number of sweeps")]
    [InlineData(First, 40, 1, "block of the first sample")]
    [InlineData(First, 100, 2, "format of samples")]
    [InlineData(First, 120, 0, "number of channels")]
    [InlineData(First, 122, 0, "sampling interval")]
    [InlineData(First, 252, 0, "resolution")]
    [InlineData(First, 410, 99, "input of a channel")]
    [InlineData(Second, 12, 3, "number of sweeps")]
    [InlineData(Second, 30, 2, "format of samples")]
    [InlineData(Second, 96, 10, "section of Inputs")]
    [InlineData(Second, 512, 7, "mode of acquisition")]
    [InlineData(Second, 514, 0, "sampling interval")]
    [InlineData(Second, 1098, 99, "number of a text")]
    public void A_value_that_cannot_be_is_named_with_its_byte(string path, int at, int value, string name)
    {
        var bytes = Content(path);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), unchecked((short)value));
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at + 2), at is 8 or 30 or 100 or 120 or 410 or 512 ? BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at + 2)) : (short)(value >> 16));
        var fault = DiagnosticAssert.Fails("BM2903", () => Read(bytes));
        Assert.Contains(name, fault.Problem, StringComparison.Ordinal);
        Assert.NotNull(fault.Expected);
    }

    [SkippableTheory]
    [InlineData(First, 130, float.PositiveInfinity, "the unit of sweeps' times")]
    [InlineData(First, 130, float.NaN, "the unit of sweeps' times")]
    [InlineData(First, 130, -1f, "the unit of sweeps' times")]
    [InlineData(First, 130, 1e30f, "the start of sweep 2")]
    [InlineData(Second, 526, float.PositiveInfinity, "the unit of sweeps' times")]
    [InlineData(Second, 526, 1e30f, "the start of sweep 2")]
    public void A_start_that_no_time_can_hold_is_named_with_its_byte(string path, int at, float unit, string name)
    {
        var bytes = Content(path);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), unit);
        var fault = DiagnosticAssert.Fails("BM2903", () => Read(bytes));
        Assert.StartsWith(name, fault.Problem, StringComparison.Ordinal);
        Assert.Matches(@"^byte \d+$", fault.Place.Path!);
    }

    /// <summary>A file that has the samples and the times for all of its sweeps, which are too many to be true.</summary>
    [SkippableTheory]
    [InlineData(5, "the number of sweeps is 1048577")]
    [InlineData(1, "the number of sweeps' times is 1048577")]
    public void More_sweeps_than_can_be_are_refused(int mode, string problem)
    {
        const int sweeps = (1 << 20) + 1, channels = 2, size = sizeof(short);
        var bytes = Content(First);
        var dataAt = 512 * BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(40));
        var timesAt = (dataAt + (sweeps * channels * size) + 511) / 512;
        Array.Resize(ref bytes, (512 * timesAt) + (sweeps * 8));
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(8), (short)mode);
        foreach (var (at, value) in ((int, int)[])[(10, sweeps * channels), (16, sweeps), (92, timesAt), (96, sweeps)])
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        }

        for (var sweep = 0; sweep < sweeps; sweep++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan((512 * timesAt) + (8 * sweep) + 4), channels);
        }

        File.WriteAllBytes(folder["many.abf"], bytes);
        var fault = DiagnosticAssert.Fails("BM2903", () => AxonFile.Open(folder["many.abf"]).Dispose());
        Assert.Equal(problem, fault.Problem);
    }

    [Fact]
    public void Another_format_is_refused_by_its_begin()
    {
        var fault = DiagnosticAssert.Fails("BM2901", () => Read("RIFF, a sound"u8.ToArray()));
        Assert.Equal("byte 0", fault.Place.Path);
    }

    /// <summary>Whatever a header says, a file is read or refused, and its samples are no more than it has bytes.</summary>
    [SkippableTheory]
    [InlineData(First, 6144)]
    [InlineData(Second, 6144)]
    public void A_header_of_any_content_is_read_or_refused(string path, int header)
    {
        var whole = Content(path);
        var random = new System.Random(7);
        for (var trial = 0; trial < 100; trial++)
        {
            var bytes = (byte[])whole.Clone();
            for (var change = 0; change < 4; change++)
            {
                var at = random.Next(4, header - 4);
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(trial % 2 == 0 ? at : random.Next(4, 360)), random.Next(3) switch { 0 => -1, 1 => int.MaxValue, _ => random.Next() });
            }

            try
            {
                Assert.InRange(Read(bytes), 1, bytes.Length);
            }
            catch (DiagnosticException refused)
            {
                Assert.All(refused.Diagnostics, static d => Assert.StartsWith("BM29", d.Id, StringComparison.Ordinal));
            }
        }
    }

    private static byte[] Content(string path) => File.ReadAllBytes(RealData.Require(path.Split('/')));

    // Reads everything, and returns how many samples there are.
    private long Read(byte[] bytes)
    {
        File.WriteAllBytes(folder["damaged.abf"], bytes);
        using var file = AxonFile.Open(folder["damaged.abf"]);
        foreach (var sweep in file.Sweeps)
        {
            Assert.Equal(sweep.Count, file.Samples(sweep, 0).ToArray().Length);
            Assert.InRange(file.Start?.AddSeconds(sweep.Start) ?? default, file.Start ?? default, DateTime.MaxValue);
        }

        foreach (var command in file.Commands.Where(static c => c.IsKnown))
        {
            Assert.Equal(file.Sweeps[^1].Count, new AxonWaveformBuilder(command, file.Sweeps.Count - 1, file.Sweeps[^1].Count).Pieces().Sum(static p => (long)p.Length));
        }

        return file.Sweeps.Sum(static s => s.Count);
    }
}
