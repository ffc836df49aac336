using BrainModular.Formats.Axon;
using BrainModular.Formats.Nwb;

namespace BrainModular.Formats.Tests.Axon;

/// <summary>Real recordings of Clampex, and what others read from them.</summary>
public sealed class AxonFileTests
{
    /// <summary>Number, mean and standard deviation of the last channel's samples, as a separate program computed them from the bytes.</summary>
    [SkippableTheory]
    [InlineData("icephys-pyabf/abfs/171116sh_0013.abf", 13, 260000, -285.33464, 252.127805)]
    [InlineData("icephys-pyabf/abfs/171116sh_0014.abf", 50, 120000, -163.42519, 48.9486935)]
    [InlineData("icephys-pyabf/abfs/171116sh_0016.abf", 11, 220000, -54.3457654, 6.08465142)]
    [InlineData("icephys-pyabf/abfs/17o05027_ic_ramp.abf", 2, 40000, -41.0556398, 9.16112487)]
    [InlineData("icephys-pyabf/abfs/17o05028_ic_steps.abf", 16, 960000, -57.0815107, 26.2543229)]
    [InlineData("icephys-pyabf/abfs/18702001-cosTrain.abf", 3, 60000, 0.0918374227, 1.34814426)]
    [InlineData("icephys-pyabf/abfs/18808025.abf", 40, 480000, -20.3973069, 12.6919235)]
    [InlineData("icephys-pyabf/abfs/2020_06_16_0000.abf", 3, 89620, 0.543217632, 0.348702746)]
    [InlineData("icephys-pyabf/abfs/File_axon_3.abf", 5, 103220, -41.2838456, 6.56727756)]
    [InlineData("icephys-pyabf/abfs/File_axon_7.abf", 12, 19380, -65.3059815, 146.201452)]
    [InlineData("icephys-pyabf/abfs/pclamp11_4ch.abf", 10, 40000, -0.0106759491, 0.230548951)]
    [InlineData("icephys-pyabf/abfs/pclamp11_4ch_abf1.abf", 10, 40000, -0.0105195313, 0.23042758)]
    [InlineData("icephys-ferguson2015/PYR1.abf", 30, 600000, -47.9602558, 15.7284877)]
    [InlineData("icephys-ferguson2015/PYR4.abf", 30, 600000, -50.7741023, 12.0668929)]
    public void Samples_are_those_that_a_separate_program_reads(string path, int sweeps, int samples, double mean, double deviation)
    {
        using var file = AxonFile.Open(RealData.Require(path.Split('/')));
        Assert.Equal(sweeps, file.Sweeps.Count);
        double[] values = [.. file.Sweeps.SelectMany(sweep => Values(file, sweep, file.Channels.Count - 1))];
        Assert.Equal(samples, values.Length);
        var average = values.Average();
        Assert.Equal(mean, average, 1e-6 * Math.Max(1, Math.Abs(mean)));
        Assert.Equal(deviation, Math.Sqrt(values.Average(v => (v - average) * (v - average))), 1e-6 * deviation);
    }

    [SkippableTheory]
    [InlineData("171116sh_0013")]
    [InlineData("171116sh_0014")]
    [InlineData("171116sh_0016")]
    [InlineData("17o05027_ic_ramp")]
    [InlineData("17o05028_ic_steps")]
    [InlineData("18808025")]
    public void What_stands_in_a_published_header_is_read(string name)
    {
        var published = PublishedHeader.Read(RealData.Require("icephys-pyabf", "headers", $"{name}.md"));
        using var file = AxonFile.Open(RealData.Require("icephys-pyabf", "abfs", $"{name}.abf"));
        Assert.Equal(published.Number("dataRate"), file.Rate);
        Assert.Equal(published.Texts("adcNames"), file.Channels.Select(static c => c.Name));
        Assert.Equal(published.Texts("adcUnits"), file.Channels.Select(static c => c.Unit));
        Assert.Equal(published.Texts("dacNames")[0], file.Commands[0].Name);
        Assert.Equal(published.Texts("dacUnits")[0], file.Commands[0].Unit);
        Assert.Equal(published.Text("protocolPath"), file.Protocol);
        Assert.Equal(published.Time("abfDateTime"), file.Start);
        Assert.Equal(published.Number("sweepCount"), file.Sweeps.Count);
        Assert.Equal(published.Number("dataByteStart") + (2 * published.Number("dataPointCount")), new FileInfo(file.Path).Length, 1024.0);

        var first = Values(file, file.Sweeps[0], 0);
        var last = Values(file, file.Sweeps[^1], 0);
        Assert.Equal(published.Ends("data"), [.. first[..3], .. last[^3..]], Close);
        Assert.Equal(published.Ends("sweepY"), [.. first[..3], .. first[^3..]], Close);
        double[] starts = [.. file.Sweeps.Select(static s => s.Start)];
        Assert.Equal(published.Ends("sweepTimesSec"), published.Ends("sweepTimesSec").Length == starts.Length ? starts : [.. starts[..3], .. starts[^3..]], Close);

        double[] command = [.. new AxonWaveformBuilder(file.Commands[0], 0, file.Sweeps[0].Count).Pieces().SelectMany(static p => p)];
        Assert.Equal(published.Ends("sweepC"), [.. command[..3], .. command[^3..]], Close);
        foreach (var (from, to, level) in published.Steps())
        {
            Assert.All(command[from..to], value => Assert.Equal(level, value));
        }
    }

    /// <summary>The same cell was published as NWB with single precision.</summary>
    [SkippableFact]
    public void A_recording_that_was_published_as_nwb_too_has_the_same_samples_there()
    {
        using var file = AxonFile.Open(RealData.Require("icephys-ferguson2015", "PYR2.abf"));
        using var published = NwbFile.Open(RealData.Require("icephys-ferguson2015", "FergusonEtAl2015_PYR2.nwb"));
        Assert.Equal(published.Session.StartTime!.Value.DateTime, file.Start!.Value, TimeSpan.FromSeconds(1));
        foreach (var (mine, its) in file.Sweeps.Zip(published.Sweeps))
        {
            var samples = published.Read(its);
            Assert.Equal(samples.Current, Values(file, mine, 0).Select(static pA => pA * 1e-12), static (a, b) => Math.Abs(a - b) < 1e-16);
            Assert.Equal(samples.Potential, Values(file, mine, 1).Select(static mV => mV * 1e-3), static (a, b) => Math.Abs(a - b) < 1e-8);
        }
    }

    [SkippableFact]
    public void Sweeps_of_variable_length_lie_where_their_table_says()
    {
        using var file = AxonFile.Open(RealData.Require("icephys-pyabf", "abfs", "2020_06_16_0000.abf"));
        Assert.Equal([new AxonSweep(0, 3540, 1.4479), new(3540, 70040, 4.4979), new(73580, 16040, 14.7479)], file.Sweeps.Select(static s => s with { Start = Math.Round(s.Start, 6) }));
    }

    private static double[] Values(AxonFile file, AxonSweep sweep, int channel) =>
        [.. file.Samples(sweep, channel).ToArray().Select(raw => (raw * file.Channels[channel].Scale) + file.Channels[channel].Offset)];

    private static bool Close(double expected, double actual) => Math.Abs(expected - actual) < 1e-5 + (1e-6 * Math.Abs(expected));
}
