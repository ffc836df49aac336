using BrainModular.Formats.Nwb;

namespace BrainModular.Formats.Tests.Nwb;

public sealed class SeriesTests : IDisposable
{
    private const string Response = "/acquisition/a";
    private const string Stimulus = "/stimulus/presentation/a";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(5e-11, true)]
    [InlineData(0, false)]
    public void A_bias_current_is_named(double bias, bool named)
    {
        using var nwb = new SmallNwb(_folder["bias.nwb"]);
        nwb.Pair("r1", "s1");
        nwb.Writer.Dataset("/acquisition/r1/bias_current", bias);
        using var file = nwb.Open();
        Assert.Equal(bias, file.Sweeps[0].Response.Series.BiasCurrent);
        Assert.Equal(named, file.Warnings.Any(static w => w.Id == "BM3030" && w.Problem.Contains("50 pA", StringComparison.Ordinal)));
    }

    [Fact]
    public void Conversion_offset_and_prefixed_units_give_volts_and_amperes()
    {
        Check(
            nwb =>
            {
                nwb.Series(Response, "CurrentClampSeries", new short[] { -7000, 2000 }, "mV", 1, conversion: 0.01, offset: -5);
                nwb.Series(Stimulus, "CurrentClampStimulusSeries", new[] { 100f, 0f }, "picoamperes", 1);
            },
            file =>
            {
                var samples = file.Read(file.Sweep(1));
                Assert.Equal([-0.075, 0.015], samples.Potential.Select(value => Math.Round(value, 12)));
                Assert.Equal([1e-10, 0], samples.Current.Select(value => Math.Round(value, 15)));
            });
    }

    [Fact]
    public void Channels_have_conversions_of_their_own()
    {
        Check(
            nwb =>
            {
                nwb.BareSeries("/acquisition/e", "ElectricalSeries");
                nwb.Writer.Dataset("/acquisition/e/data", new[] { 1, 1, 2, 2 }, [2, 2]);
                nwb.Writer.Attribute("/acquisition/e/data", "conversion", 0.5);
                nwb.Writer.Dataset("/acquisition/e/channel_conversion", new[] { 1.0, 10.0 });
            },
            file => Assert.Equal([1.0, 10.0], Assert.Single(file.Series).Read(1, 1)));
    }

    [Fact]
    public void Even_timestamps_give_a_rate()
    {
        Check(Timestamps(Enumerable.Range(0, 1000).Select(i => (double)(float)(5 + (i * 5e-5))).ToArray()), file =>
        {
            Assert.Equal(20000, file.Sweep(1).Rate, 1.0);
            Assert.Equal(1000, file.Read(file.Sweep(1)).Potential.Length);
        });
    }

    [Fact]
    public void Uneven_timestamps_are_refused_with_the_sample()
    {
        var times = Enumerable.Range(0, 1000).Select(i => i * 5e-5).ToArray();
        times[345] += 2e-6;
        Check(Timestamps(times), file =>
        {
            var diagnostic = DiagnosticAssert.Fails("BM3104", () => file.Read(file.Sweep(1)));
            Assert.Contains("sample 345", diagnostic.Problem, StringComparison.Ordinal);
            Assert.Equal(times, file.Series[0].ReadTimes());
        });
    }

    [Fact]
    public void Data_and_times_may_be_links_to_another_series()
    {
        File.Copy(WriteOther(), _folder["beside.nwb"]);
        Check(
            nwb =>
            {
                nwb.Series(Response, "CurrentClampSeries", new[] { -0.07, -0.06 }, "volts", 1);
                nwb.BareSeries("/acquisition/b", "CurrentClampSeries", 2);
                nwb.Writer.SoftLink("/acquisition/b/data", Response + "/data");
                nwb.Writer.HardLink("/acquisition/b/starting_time", Response + "/starting_time");
                nwb.BareSeries("/acquisition/c", "CurrentClampSeries", 3);
                nwb.Writer.ExternalLink("/acquisition/c/data", "beside.nwb", Response + "/data");
                nwb.Rate("/acquisition/c", 1000);
                nwb.Writer.ExternalLink("/acquisition/d", "beside.nwb", Response);
            },
            file =>
            {
                Assert.Equal([-0.07, -0.06], file.Read(file.Sweep(2)).Potential);
                Assert.Equal([-0.05, -0.04], file.Read(file.Sweep(3)).Potential);
                Assert.Equal([-0.05, -0.04], file.Read(file.Sweep(9)).Potential);
            });
    }

    [Theory]
    [InlineData("amperes", "BM3102")]
    [InlineData("", "BM3102")]
    [InlineData("seconds", "BM3102")]
    [InlineData("V", null)]
    [InlineData("Volt", null)]
    [InlineData("µV", null)]
    [InlineData("mv", null)]
    [InlineData("MV", "BM3102")]
    public void The_unit_must_be_one_of_potential(string unit, string? id)
    {
        Check(nwb => nwb.Series(Response, "CurrentClampSeries", new[] { -0.07 }, unit, 1), file =>
        {
            if (id is null)
            {
                Assert.Single(file.Read(file.Sweep(1)).Potential);
                return;
            }

            var diagnostic = DiagnosticAssert.Fails(id, () => file.Read(file.Sweep(1)));
            Assert.Equal((file.Path, Response), (diagnostic.Place.File, diagnostic.Place.Path));
            Assert.Contains($"'{unit}'", diagnostic.Problem, StringComparison.Ordinal);
            Assert.NotNull(diagnostic.Cure);
        });
    }

    [Theory]
    [InlineData(-70.0, "BM3103", "-70")]
    [InlineData(double.NaN, "BM3101", "NaN")]
    [InlineData(double.PositiveInfinity, "BM3101", "Infinity")]
    public void A_sample_that_cannot_be_is_named(double value, string id, string text)
    {
        var data = Enumerable.Repeat(-0.07, 50).ToArray();
        data[33] = value;
        Check(nwb => nwb.Series(Response, "CurrentClampSeries", data, "volts", 1), file =>
        {
            var diagnostic = DiagnosticAssert.Fails(id, () => file.Read(file.Sweep(1)));
            Assert.Contains("sample 33", diagnostic.Problem, StringComparison.Ordinal);
            Assert.Contains(text, diagnostic.Problem, StringComparison.Ordinal);
            Assert.Equal(Response, diagnostic.Place.Path);
            Assert.Equal(3, diagnostic.ExitCode);

            // The window decides: what is not read is not judged, and the index stays the series' own.
            Assert.Equal(33, file.Read(file.Sweep(1), 0, 33).Potential.Length);
            Assert.Contains("sample 33", DiagnosticAssert.Fails(id, () => file.Read(file.Sweep(1), 30, 10)).Problem, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_stimulus_at_another_rate_is_refused_and_a_shorter_one_ends_the_sweep()
    {
        Check(
            nwb =>
            {
                nwb.Series(Response, "CurrentClampSeries", new double[10], "volts", 1);
                nwb.Series(Stimulus, "CurrentClampStimulusSeries", new double[8], "amperes", 1);
                nwb.Series("/acquisition/b", "CurrentClampSeries", new double[10], "volts", 2);
                nwb.Series("/stimulus/presentation/b", "CurrentClampStimulusSeries", new double[10], "amperes", 2, rate: 999);
            },
            file =>
            {
                Assert.Equal("BM3107", Assert.Single(file.Warnings).Id);
                Assert.Equal(8, file.Read(file.Sweep(1)).Potential.Length);
                DiagnosticAssert.Fails("BM3107", () => file.Read(file.Sweep(2)));
                DiagnosticAssert.Fails("BM3012", () => file.Read(file.Sweep(1), 9));
            });
    }

    [Fact]
    public void A_series_without_data_times_or_samples_is_warned_about()
    {
        Check(
            nwb =>
            {
                nwb.BareSeries("/acquisition/nothing", "CurrentClampSeries", 1);
                nwb.Series("/acquisition/empty", "IZeroClampSeries", Array.Empty<double>(), "volts", 2);
                nwb.BareSeries("/acquisition/timeless", "IZeroClampSeries", 3);
                nwb.Data("/acquisition/timeless", new double[3], "volts");
                nwb.BareSeries("/acquisition/text", "IZeroClampSeries", 4);
                nwb.Data("/acquisition/text", new[] { "a" }, "volts");
                nwb.Writer.SoftLink("/acquisition/dangling", "/nowhere");
            },
            file =>
            {
                Assert.Equal(["BM3023", "BM3024", "BM3024", "BM3024", "BM3106"], file.Warnings.Select(warning => warning.Id).Order());
                DiagnosticAssert.Fails("BM3104", () => file.Read(file.Sweep(1)));
                Assert.Empty(file.Read(file.Sweep(2)).Potential);
                DiagnosticAssert.Fails("BM3104", () => file.Read(file.Sweep(3)));
                DiagnosticAssert.Fails("BM3024", () => file.Series.Single(series => series.Object.Name == "text").Read());
            });
    }

    private static Action<SmallNwb> Timestamps(double[] times) => nwb =>
    {
        nwb.BareSeries(Response, "IZeroClampSeries", 1);
        nwb.Data(Response, new double[times.Length], "volts");
        nwb.Writer.Dataset(Response + "/timestamps", times);
    };

    private string WriteOther()
    {
        using var other = new SmallNwb(_folder["other.nwb"]);
        other.Series(Response, "CurrentClampSeries", new[] { -0.05, -0.04 }, "volts", 9);
        other.Open().Dispose();
        return _folder["other.nwb"];
    }

    private void Check(Action<SmallNwb> write, Action<NwbFile> check)
    {
        using var nwb = new SmallNwb(_folder["small.nwb"]);
        write(nwb);
        using var file = nwb.Open();
        check(file);
    }
}
