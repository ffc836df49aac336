using System.Globalization;
using System.Text.Json;
using BrainModular.Engine.Features;

namespace BrainModular.Engine.Tests.Features;

/// <summary>Every feature of every real trace, and of two made ones, beside what eFEL finds (efel-values.json, written by efel-values.py).</summary>
public sealed class EfelTests
{
    private static readonly JsonElement Entries = JsonDocument.Parse(File.ReadAllText(Path.Combine(RealData.Repository, "tests", "Engine.Tests", "Features", "efel-values.json"))).RootElement;

    private const string Activation = "activation_time_constant";
    private const string Deactivation = "deactivation_time_constant";

    /// <summary>
    /// What differs, and why. Exponentials in voltage clamp, of potentials that are none: eFEL's search stays at 1 ms, where it starts, or runs off; here there is none where no tau is better
    /// than all others. Potentials before a stimulus that begins before the trace: eFEL takes all of it; here there is none. A single interval: eFEL gives a slope; here it has none. A spike that
    /// does not end: eFEL gives sample 0; here it is left out. The fit of time_constant to a train of spikes has two minima.
    /// </summary>
    private static readonly Dictionary<string, string[]> Different = new()
    {
        ["allfeatures/testdata.txt"] = [Activation, Deactivation],
        ["allfeatures/testbacdata.txt"] = [Activation, Deactivation],
        ["allfeatures/testbap1data.txt"] = [Activation, Deactivation],
        ["allfeatures/testbap2data.txt"] = [Activation, Deactivation],
        ["allfeatures/testdbdata.txt"] = [Activation, Deactivation],
        ["allfeatures/testdb1data.txt"] = [Activation],
        ["allfeatures/testdb2data.txt"] = [Deactivation],
        ["allfeatures/testdb3data.txt"] = [Activation, Deactivation, "inactivation_time_constant"],
        ["basic/AP_begin_indices_95810005.abf.csv"] = [Activation, Deactivation],
        ["basic/current.txt"] = [Deactivation],
        ["basic/dendritic_AP.txt"] = [Deactivation],
        ["basic/min_AHP_values_single_peak.txt"] =
        [
            "AP_amplitude_from_voltagebase", "maximum_voltage_from_voltagebase", "sag_amplitude", "sag_ratio1", "sag_ratio2", "voltage_base", "voltage_deflection_vb_ssse",
            "depol_block", "depol_block_bool", Activation, Deactivation, "inactivation_time_constant",
        ],
        ["basic/sagtrace_1.txt"] = [Activation],
        ["basic/spike_outside_stim.txt"] = [Activation],
        ["basic/spiking_from_beginning_to_end.txt"] = ["AP_fall_indices"],
        ["basic/zero_ISI_log_slope_skip95824004.abf.csv"] = ["ISI_semilog_slope", Deactivation],
        ["made/bursts"] = [Activation, "time_constant"],
        ["made/resonance"] = [Deactivation],
    };

    public static TheoryData<string> Files => [.. Entries.EnumerateArray().Select(static e => e.GetProperty("file").GetString()!)];

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Every_feature_of_a_trace_is_what_eFEL_finds(string file)
    {
        var entry = Entries.EnumerateArray().Single(e => e.GetProperty("file").GetString() == file);
        var features = new FeatureSet(TraceOf(entry));
        var (faults, different) = (new List<string>(), new List<string>());
        foreach (var expected in entry.GetProperty("features").EnumerateObject())
        {
            Assert.True(FeatureCatalog.Find(expected.Name) is not null, expected.Name);
            if (!Agrees(features[expected.Name], expected.Value))
            {
                different.Add(expected.Name);
                faults.Add($"{expected.Name}: {Shown(features[expected.Name])} instead of {expected.Value.ToString()[..Math.Min(150, expected.Value.ToString().Length)]}");
            }
        }

        var reasons = Different.GetValueOrDefault(file, []);
        Assert.True(different.SequenceEqual(reasons.Order(StringComparer.Ordinal)), string.Join('\n', faults));
    }

    [Fact]
    public void Every_feature_is_known_to_eFEL_and_found_in_some_trace()
    {
        var found = Entries.EnumerateArray().SelectMany(static e => e.GetProperty("features").EnumerateObject()).Where(static f => f.Value.ValueKind != JsonValueKind.Null).Select(static f => f.Name).Distinct();
        Assert.Equal(found.Order(StringComparer.Ordinal), FeatureCatalog.All.Select(static f => f.Name).Order(StringComparer.Ordinal));
    }

    private static string Shown(double[]? values) =>
        values is null ? "none" : string.Join(", ", values.Take(12).Select(static v => v.ToString("g7", CultureInfo.InvariantCulture)));

    private static bool Agrees(double[]? values, JsonElement expected) => expected.ValueKind switch
    {
        JsonValueKind.Null => values is null,
        JsonValueKind.String => true,
        JsonValueKind.Object => values is not null && values.Length == expected.GetProperty("count").GetInt32() && Close(values.Sum(), expected.GetProperty("sum").GetDouble()),
        _ => values is not null && values.Length == expected.GetArrayLength() && values.Zip(expected.EnumerateArray(), static (v, e) => Close(v, e.GetDouble())).All(static c => c),
    };

    private static bool Close(double value, double expected) => Math.Abs(value - expected) <= 0.01 * Math.Abs(expected) + 1e-9;

    private static FeatureTrace TraceOf(JsonElement entry)
    {
        switch (entry.GetProperty("file").GetString())
        {
            case "made/bursts":
                return MadeTraces.Bursts();
            case "made/resonance":
                return MadeTraces.Resonance();
        }

        var data = Table(RealData.Require("icephys-efel-features", "testdata", entry.GetProperty("file").GetString()!));
        double[] Column(JsonElement number) => [.. data.Select(row => row[number.GetInt32()])];
        var (time, injected, amplitude) = (entry.GetProperty("time"), entry.GetProperty("current"), entry.GetProperty("stimulusCurrent"));

        // A time that is no column is the interval between samples.
        double[] times = time.GetRawText().Contains('.', StringComparison.Ordinal)
            ? [.. data.Select((_, i) => i * time.GetDouble())]
            : [.. Column(time).Select(t => t * entry.GetProperty("timeFactor").GetDouble())];
        return FeatureTrace.Of(
            times, Column(entry.GetProperty("potential")), injected.ValueKind == JsonValueKind.Null ? null : Column(injected), entry.GetProperty("start").GetDouble(), entry.GetProperty("end").GetDouble()) with
        {
            Amplitude = amplitude.ValueKind == JsonValueKind.Null ? null : amplitude.GetDouble(),
        };
    }

    private static IReadOnlyList<double[]> Table(string path) =>
        [.. File.ReadLines(path).Select(static line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(static v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray()).Where(static row => row.Length > 0)];
}
