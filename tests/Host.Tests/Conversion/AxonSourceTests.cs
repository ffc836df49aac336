using System.Buffers.Binary;
using System.Text;
using BrainModular.Diagnostics;
using BrainModular.Formats.Axon;
using BrainModular.Host.Conversion;

namespace BrainModular.Host;

/// <summary>What is taken from Axon files: a real recording of four currents, whose header is changed.</summary>
public sealed class AxonSourceTests : IDisposable
{
    private const int Units = 602, UnitLength = 8;

    private readonly string root = Directory.CreateTempSubdirectory("brain-axon-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [SkippableTheory]
    [InlineData(null)]
    [InlineData("IN*")]
    public void Several_channels_that_could_be_the_stimulus_are_listed(string? stimulus)
    {
        using var file = Open(static bytes => Write(bytes, Units, UnitLength, "mV"));
        var fault = Fails(() => new AxonSource(file, new(Stimulus: stimulus)).Read());
        Assert.Equal(("BM2907", file.Path), (fault.Id, fault.Place.File));
        Assert.Contains("3 recorded channels could be the stimulus of 1 response: IN 1 in 'pA', IN 2 in 'pA', IN 3 in 'pA'", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("--stimulus", fault.Cure, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("IN 2", "IN 2")]
    [InlineData("Cmd 0", "Cmd 0")]
    [InlineData("none", null)]
    public void A_stimulus_that_is_named_is_taken(string stimulus, string? taken)
    {
        using var file = Open(static bytes => Write(bytes, Units, UnitLength, "mV"));
        Assert.Equal(taken, new AxonSource(file, new(Stimulus: stimulus)).Read().Sweeps[0].Stimulus?.Name);
    }

    [SkippableFact]
    public void A_response_is_no_stimulus()
    {
        using var file = Open(static bytes => Write(bytes, Units, UnitLength, "mV"));
        var fault = Fails(() => new AxonSource(file, new(Stimulus: "IN 0")).Read());
        Assert.Equal("BM2906", fault.Id);
        Assert.Contains("no channel but the responses", fault.Problem, StringComparison.Ordinal);
        Assert.StartsWith("one of IN 1, IN 2, IN 3, Cmd 0", fault.Expected, StringComparison.Ordinal);
    }

    /// <summary>Whatever a header says, a file is taken or refused with its cause.</summary>
    [SkippableTheory]
    [InlineData("File_axon_3.abf")]
    [InlineData("17o05027_ic_ramp.abf")]
    public void A_header_of_any_content_is_taken_or_refused(string name)
    {
        var whole = File.ReadAllBytes(RealData.Require("icephys-pyabf", "abfs", name));
        var random = new System.Random(5);
        int[] times = [10, 16, 20, 24, 92, 122, 130, 514, 526];
        var refused = 0;
        for (var trial = 0; trial < 200; trial++)
        {
            var bytes = (byte[])whole.Clone();
            for (var change = 0; change < 3; change++)
            {
                var at = random.Next(3) switch { 0 => times[random.Next(times.Length)], 1 => random.Next(4, 700), _ => random.Next(4, 6000) };
                BinaryPrimitives.WriteInt32LittleEndian(
                    bytes.AsSpan(at),
                    random.Next(5) switch { 0 => -1, 1 => int.MaxValue, 2 => BitConverter.SingleToInt32Bits(float.MaxValue), 3 => BitConverter.SingleToInt32Bits(float.PositiveInfinity), _ => random.Next() });
            }

            File.WriteAllBytes(Path.Combine(root, "any.abf"), bytes);
            try
            {
                using var file = AxonFile.Open(Path.Combine(root, "any.abf"));
                Assert.NotEmpty(new AxonSource(file, new()).Read().Sweeps);
            }
            catch (DiagnosticException fault)
            {
                refused++;
                Assert.All(fault.Diagnostics, static d => Assert.StartsWith("BM29", d.Id, StringComparison.Ordinal));
            }
        }

        Assert.InRange(refused, 1, 199);
    }

    private static void Write(byte[] bytes, int at, int length, string text) => Encoding.ASCII.GetBytes(text.PadRight(length)).CopyTo(bytes, at);

    private static Diagnostic Fails(Action action) => Assert.Single(Assert.Throws<DiagnosticException>(action).Diagnostics);

    private AxonFile Open(Action<byte[]> change)
    {
        var bytes = File.ReadAllBytes(RealData.Require("icephys-pyabf", "abfs", "pclamp11_4ch_abf1.abf"));
        change(bytes);
        File.WriteAllBytes(Path.Combine(root, "four.abf"), bytes);
        return AxonFile.Open(Path.Combine(root, "four.abf"));
    }
}
