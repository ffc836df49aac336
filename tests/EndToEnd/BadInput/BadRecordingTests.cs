using System.Text;

namespace BrainModular.EndToEnd.BadInput;

/// <summary>Faults of a recording's file: named with the file, the series in it and the sample, before anything is written.</summary>
public sealed class BadRecordingTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void A_missing_recording_is_named()
    {
        Refuses("BM3001", "absent.nwb", place["absent.nwb"], "(stages.fit.recording.path)", "bad.json:6:");
    }

    [Fact]
    public void A_truncated_file_is_said_to_be_truncated()
    {
        var whole = File.ReadAllBytes(place["cell.nwb"]);
        File.WriteAllBytes(place["cut.nwb"], whole[..(whole.Length * 6 / 10)]);
        Refuses("BM3005", "cut.nwb", place["cut.nwb"], "truncated", "expected: a complete HDF5 file");
    }

    [Theory]
    [InlineData("text.nwb", "BM3004", "this is a text")]
    [InlineData("empty.nwb", "BM3003", "")]
    [InlineData("picture.png", "BM3117", "\u0089PNG, or nearly")]
    public void A_file_of_another_format_is_refused(string name, string id, string content)
    {
        place.Write(name, content);
        Refuses(id, name, place[name], "expected: ");
    }

    [Fact]
    public void A_sweep_that_is_not_there_is_named_with_those_that_are()
    {
        var recording = """{ "path": "cell.nwb", "sweeps": { "train": "1", "test": "9" } }""";
        place.RefusesConfig(3, "BM3111", Workplace.Fit(recording: recording), place["cell.nwb"], "no sweep 9", "(stages.fit.recording.sweeps)", "sweeps 1-3");
    }

    [Fact]
    public void A_unit_of_the_wrong_dimension_is_refused()
    {
        Patch("amperage.nwb", "volts", "amps ");
        Refuses("BM3102", "amperage.nwb", place["amperage.nwb"], "'amps", "/acquisition/recorded_0001", "expected: volts", "unit attribute");
    }

    [Fact]
    public void Potentials_beyond_a_volt_are_taken_for_a_wrong_conversion()
    {
        TinyRecording.Write(place["millivolts.nwb"], static potential => Scale(potential, 1000));
        Refuses("BM3103", "millivolts.nwb", place["millivolts.nwb"], "sample 0 is -65 volts", "/acquisition/recorded_0001", "at most 1 volts", "conversion");
    }

    [Fact]
    public void A_sample_that_is_no_number_is_named()
    {
        TinyRecording.Write(place["hole.nwb"], static potential => potential[123] = double.NaN);
        Refuses("BM3101", "hole.nwb", place["hole.nwb"], "sample 123 is NaN", "/acquisition/recorded_0001", "expected: a finite number");
    }

    [Fact]
    public void A_window_without_the_bad_sample_can_be_used_as_the_cure_says()
    {
        TinyRecording.Write(place["hole.nwb"], static potential => potential[1123] = double.NaN);
        place.Write("good.json", Workplace.Fit(recording: """{ "path": "hole.nwb", "duration": "50 ms" }"""));
        place.Run("validate", "good.json").Succeeded();
    }

    [Fact]
    public void A_window_that_begins_after_the_end_is_refused() =>
        place.RefusesConfig(3, "BM3113", Workplace.Fit(recording: """{ "path": "cell.nwb", "start": "1 s" }"""), "lasts 60 ms", "bad.json:6:");

    [Theory]
    [InlineData("stages.fit.recording.duration=0.0001 ms", "0 ms of sweep 1")]
    [InlineData("stages.fit.recording.duration=0.05 ms", "0.05 ms of sweep 1")]
    [InlineData("stages.fit.timeStep=5 s", "60 ms of sweep 1 are too short for steps of 5000 ms")]
    public void A_window_of_less_than_two_steps_is_refused(string set, string problem)
    {
        place.Write("good.json", Workplace.Fit());
        place.Refuses(3, "BM3114", [problem, "expected: at least two steps", "'duration'"], "run", "good.json", "--set", set, "--out", "out");
    }

    private void Refuses(string id, string file, params string[] mentions) =>
        place.RefusesConfig(3, id, Workplace.Fit(recording: $$"""{ "path": "{{file}}" }"""), mentions);

    private void Patch(string name, string text, string other)
    {
        var bytes = File.ReadAllBytes(place["cell.nwb"]);
        var (wanted, given) = (Encoding.ASCII.GetBytes(text), Encoding.ASCII.GetBytes(other));
        var found = 0;
        for (var i = 0; i <= bytes.Length - wanted.Length; i++)
        {
            if (bytes.AsSpan(i, wanted.Length).SequenceEqual(wanted))
            {
                given.CopyTo(bytes, i);
                found++;
            }
        }

        Assert.True(found > 0, $"'{text}' is nowhere in the file");
        File.WriteAllBytes(place[name], bytes);
    }

    private static void Scale(double[] values, double factor)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= factor;
        }
    }
}
