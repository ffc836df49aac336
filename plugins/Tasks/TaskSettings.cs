using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tasks;

/// <summary>The settings of a task that have bounds of a unit: what lies outside is kept as a fault, so that all are named together.</summary>
internal sealed class TaskSettings(ISettings settings)
{
    private readonly List<Diagnostic> faults = [];

    /// <summary>A duration in ms, longer than 0 unless the period may be left out.</summary>
    public double Duration(string key, Quantity defaultValue, string description, bool optional = false)
    {
        var value = settings.Quantity(key, defaultValue, description);
        if (optional ? !(value >= 0) : !(value > 0))
        {
            Refuse(key, $"{Text(value)} ms", optional ? "a duration of at least 0" : "a duration longer than 0");
        }

        return value;
    }

    /// <summary>A rate of spikes in 1/ms, at least 0.</summary>
    public double Rate(string key, Quantity defaultValue, string description)
    {
        var value = settings.Quantity(key, defaultValue, description);
        if (!(value >= 0))
        {
            Refuse(key, (value / Hz.ToEngine * Hz).ToString(), "a rate of at least 0");
        }

        return value;
    }

    /// <summary>Coherences from 0 to 1, given in percent with commas between them.</summary>
    public double[] Coherences(string key, string defaultValue, string description)
    {
        var text = settings.Text(key, defaultValue, description);
        List<double> coherences = [];
        foreach (var part in text.Split(','))
        {
            if (double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= 100)
            {
                coherences.Add(percent / 100);
            }
            else
            {
                Refuse(key, $"'{text}'", "numbers from 0 to 100 with commas between them");
                break;
            }
        }

        return [.. coherences];
    }

    /// <summary>Adds a fault of a setting.</summary>
    public void Refuse(string key, string value, string expected) =>
        faults.Add(new("BM2401", $"'{key}' is {value}", Expected: expected, Cure: "change the setting, or leave it out for its default"));

    /// <summary>Ends the reading of settings.</summary>
    /// <exception cref="DiagnosticException">BM2401: everything that is out of bounds.</exception>
    public void ThrowIfAny()
    {
        if (faults.Count > 0)
        {
            throw new DiagnosticException(faults);
        }
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
