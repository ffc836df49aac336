using BrainModular.Formats.Nwb;

namespace BrainModular.Formats.Tests.Nwb;

/// <summary>Which samples of a response and its stimulus belong together, and what numbers they are.</summary>
public sealed class ExtentTests : IDisposable
{
    private const string Response = "/acquisition/a";
    private const string Stimulus = "/stimulus/presentation/a";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_stimulus_that_is_stored_for_a_part_of_the_response_drives_that_part()
    {
        Check(
            nwb =>
            {
                nwb.Series(Response, "CurrentClampSeries", Potentials(10), "volts", 1, start: 5);
                nwb.Series(Stimulus, "CurrentClampStimulusSeries", new[] { 1e-10, 2e-10, 3e-10 }, "amperes", 1, start: 5.004);
            },
            file =>
            {
                Assert.Equal(Potentials(10)[4..7], file.Read(file.Sweep(1)).Potential);
                Assert.Equal([1e-10, 2e-10, 3e-10], file.Read(file.Sweep(1)).Current);
                Assert.Equal("BM3107", Assert.Single(file.Warnings).Id);
            });
    }

    [Fact]
    public void A_response_that_lies_within_its_stimulus_gets_the_current_of_its_time()
    {
        Check(
            nwb =>
            {
                nwb.Series(Response, "CurrentClampSeries", Potentials(3), "volts", 1, start: 5.002);
                nwb.Series(Stimulus, "CurrentClampStimulusSeries", Enumerable.Range(0, 10).Select(i => i * 1e-10).ToArray(), "amperes", 1, start: 5);
            },
            file => Assert.Equal([2 * 1e-10, 3 * 1e-10, 4 * 1e-10], file.Read(file.Sweep(1)).Current));
    }

    [Fact]
    public void Series_of_one_length_are_taken_sample_by_sample_whatever_their_starting_times()
    {
        Check(
            nwb =>
            {
                nwb.Series(Response, "CurrentClampSeries", Potentials(3), "volts", 1, start: 70);
                nwb.Series(Stimulus, "CurrentClampStimulusSeries", new[] { 1e-10, 2e-10, 3e-10 }, "amperes", 1);
            },
            file => Assert.Equal([1e-10, 2e-10, 3e-10], file.Read(file.Sweep(1)).Current));
    }

    [Theory]
    [InlineData(70.001, 1)]
    [InlineData(69.998, 1)]
    [InlineData(70.0003, 0)]
    [InlineData(70.003, 0)]
    public void Series_of_one_length_that_overlap_in_part_are_warned_about(double start, int warnings)
    {
        Check(
            nwb =>
            {
                nwb.Series(Response, "CurrentClampSeries", Potentials(3), "volts", 1, start: 70);
                nwb.Series(Stimulus, "CurrentClampStimulusSeries", new[] { 1e-10, 2e-10, 3e-10 }, "amperes", 1, start: start);
            },
            file =>
            {
                Assert.Equal([1e-10, 2e-10, 3e-10], file.Read(file.Sweep(1)).Current);
                Assert.Equal(warnings, file.Warnings.Count(warning => warning.Id == "BM3107"));
            });
    }

    [Theory]
    [InlineData(double.NaN, 1, 39)]
    [InlineData(double.NaN, 25, 15)]
    [InlineData(0.0, 25, 15)]
    [InlineData(0.0, 3, 40)]
    [InlineData(0.0, 40, 40)]
    public void What_was_never_acquired_is_no_part_of_the_sweep(double value, int missing, int left)
    {
        var data = Potentials(40);
        data.AsSpan(^missing..).Fill(value);
        Check(
            nwb =>
            {
                nwb.Series(Response, "CurrentClampSeries", data, "volts", 1);
                nwb.Series(Stimulus, "CurrentClampStimulusSeries", new double[40], "amperes", 1);
            },
            file =>
            {
                Assert.Equal(data[..left], file.Read(file.Sweep(1)).Potential);
                Assert.Equal(left < 40 ? ["BM3108"] : [], file.Warnings.Select(warning => warning.Id));
            });
    }

    [Fact]
    public void A_conversion_that_leads_past_the_unit_is_refused()
    {
        Check(
            nwb => nwb.Series(Response, "CurrentClampSeries", new[] { -70.0, -65.0 }, "mV", 1, conversion: 1e-3),
            file => Assert.Contains("'mV'", DiagnosticAssert.Fails("BM3103", () => file.Read(file.Sweep(1))).Problem, StringComparison.Ordinal));
        Check(
            nwb => nwb.Series(Response, "CurrentClampSeries", new[] { -70000.0, -65000.0 }, "mV", 1, conversion: 1e-3),
            file => Assert.Equal([-0.07, -0.065], file.Read(file.Sweep(1)).Potential.Select(value => Math.Round(value, 9))));
    }

    [Fact]
    public void A_conversion_that_is_no_number_is_refused()
    {
        foreach (var write in new Action<SmallNwb>[] { nwb => nwb.Writer.Attribute(Response + "/data", "conversion", "0.001"), nwb => nwb.Writer.Attribute(Response + "/data", "conversion", 0.0) })
        {
            Check(
                nwb =>
                {
                    nwb.BareSeries(Response, "IZeroClampSeries", 1);
                    nwb.Writer.Dataset(Response + "/data", Potentials(3));
                    nwb.Writer.Attribute(Response + "/data", "unit", "volts");
                    write(nwb);
                    nwb.Rate(Response, 1000);
                },
                file => DiagnosticAssert.Fails("BM3028", () => file.Read(file.Sweep(1))));
        }
    }

    [Theory]
    [InlineData(10.0, 1)]
    [InlineData(1000.0, 0)]
    public void A_rate_that_shows_no_spike_is_warned_about(double rate, int warnings)
    {
        Check(
            nwb => nwb.Series(Response, "IZeroClampSeries", Potentials(3), "volts", 1, rate: rate),
            file => Assert.Equal(warnings, file.Warnings.Count(warning => warning.Id == "BM3109")));
    }

    private static double[] Potentials(int count) => [.. Enumerable.Range(0, count).Select(i => (i - 70) * 1e-3)];

    private void Check(Action<SmallNwb> write, Action<NwbFile> check)
    {
        using var nwb = new SmallNwb(_folder["small.nwb"]);
        write(nwb);
        using var file = nwb.Open();
        check(file);
    }
}
