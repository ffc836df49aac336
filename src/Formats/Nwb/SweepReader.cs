using BrainModular.Diagnostics;

namespace BrainModular.Formats.Nwb;

/// <summary>The samples of a sweep.</summary>
/// <param name="Start">The first sample's index in the sweep.</param>
/// <param name="Rate">Samples per second.</param>
/// <param name="Current">The current in A: injected in current clamp (zeros where the file holds no stimulus), recorded in voltage clamp.</param>
/// <param name="Potential">The potential in V: recorded in current clamp, held in voltage clamp (zeros where the file holds no stimulus).</param>
public sealed record NwbSweepSamples(long Start, double Rate, double[] Current, double[] Potential);

/// <summary>Reads a sweep and refuses what cannot be a recording of a cell.</summary>
internal sealed class SweepReader(string file, NwbSweep sweep)
{
    // No membrane reaches a volt and no pipette passes a milliampere; larger values mean a wrong unit or conversion.
    private const double LargestPotential = 1;
    private const double LargestCurrent = 1e-3;

    // No cell rests within a millivolt of zero, and no amplifier commands femtoamperes.
    private const double LeastPotential = 1e-3;
    private const double LeastCurrent = 1e-15;

    // Rates that differ by less than this shift the last of a million samples by a tenth of one.
    private const double RateTolerance = 1e-7;

    public NwbSweepSamples Read(long start, long count)
    {
        if (start < 0 || start > sweep.Count)
        {
            throw new DiagnosticException(
                "BM3012", $"sample {start} lies outside sweep {sweep.Number}", Place(sweep.Response.Series), $"0 to {sweep.Count}", "choose a sample of the sweep");
        }

        count = Math.Min(count, sweep.Count - start);
        var rate = Rate(sweep.Response.Series);
        if (sweep.Stimulus is { } stimulus && !(Math.Abs((Rate(stimulus.Series) / rate) - 1) <= RateTolerance))
        {
            throw new DiagnosticException(
                "BM3107", $"the stimulus {stimulus.Series.Path} has {Rate(stimulus.Series):G9} samples a second and the response {rate:G9}", Place(sweep.Response.Series),
                "the same rate of both", "resample one of them");
        }

        var recordsPotential = sweep.Clamp != NwbClamp.Voltage;
        var response = Values(sweep.Response, recordsPotential ? ClampQuantity.Potential : ClampQuantity.Current, start, count);
        var applied = sweep.Stimulus is null
            ? new double[count]
            : Values(sweep.Stimulus, recordsPotential ? ClampQuantity.Current : ClampQuantity.Potential, start, count);
        return recordsPotential ? new NwbSweepSamples(start, rate, applied, response) : new NwbSweepSamples(start, rate, response, applied);
    }

    private Place Place(NwbSeries series) => new(file, series.Path);

    private double Rate(NwbSeries series)
    {
        if (series.Timing is not { } timing)
        {
            throw new DiagnosticException(
                "BM3104", "the series gives neither a sampling rate, as a number, nor as many timestamps as samples", Place(series), "starting_time with a rate, or timestamps");
        }

        if (timing.HasTimestamps && timing.FirstIrregular(series.ReadTimes()) is { } index)
        {
            throw new DiagnosticException(timing.Irregular(Place(series), index));
        }

        return timing.Rate > 0 && double.IsFinite(timing.Rate) ? timing.Rate : throw new DiagnosticException(
            "BM3104", $"the sampling rate is {timing.Rate}", Place(series), "a positive number of samples a second");
    }

    private double[] Values(NwbStretch stretch, ClampQuantity quantity, long start, long count)
    {
        var series = stretch.Series;
        var (name, limit) = quantity == ClampQuantity.Potential ? ("volts", LargestPotential) : ("amperes", LargestCurrent);
        if (ClampUnit.Parse(series.Unit) is not { } unit || unit.Quantity != quantity)
        {
            throw new DiagnosticException(
                "BM3102", $"the unit of this {series.Object.Type} is '{series.Unit}'", Place(series), $"{name}, for {Role(series)}",
                "correct the unit attribute of the series' data, or leave out the sweep");
        }

        if (series.SamplesAreNotScalar)
        {
            throw new DiagnosticException("BM3024", $"the series' data has the shape {string.Join(" x ", series.Shape)}", Place(series), "one number per sample");
        }

        var values = series.Read(stretch.Start + start, count);
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i] *= unit.Factor;
            if (!(Math.Abs(value) <= limit))
            {
                throw Implausible(series, stretch.Start + start + i, value, name, limit);
            }
        }

        if (unit.Factor < 1 && Math.Abs((series.Conversion / unit.Factor) - 1) < 1e-6)
        {
            RefuseDoublePrefix(series, values, name, quantity == ClampQuantity.Potential ? LeastPotential : LeastCurrent);
        }

        return values;
    }

    // The conversion leads to the unit. One that leads on to volts, beside a unit of mV, leaves thousandths of what was recorded.
    private void RefuseDoublePrefix(NwbSeries series, double[] values, string name, double least)
    {
        var largest = values.Length == 0 ? 0 : values.Max(Math.Abs);
        if (largest > 0 && largest < least)
        {
            throw new DiagnosticException(
                "BM3103", $"with the unit '{series.Unit}' and the conversion {series.Conversion:G6} no sample is beyond {largest:G3} {name}", Place(series), $"more in {Role(series)}",
                $"where the conversion leads to {name}, let the unit be {name}; where it leads to {series.Unit}, correct it");
        }
    }

    private string Role(NwbSeries series) => series == sweep.Response.Series ? $"the response of sweep {sweep.Number}" : $"the stimulus of sweep {sweep.Number}";

    private DiagnosticException Implausible(NwbSeries series, long sample, double value, string unit, double limit) => double.IsFinite(value)
        ? new DiagnosticException(
            "BM3103", $"sample {sample} is {value:G6} {unit}", Place(series), $"at most {limit:G3} {unit} in {Role(series)}",
            $"check the series' unit ('{series.Unit}') and conversion ({series.Conversion:G6}): the file may hold thousandths")
        : new DiagnosticException(
            "BM3101", $"sample {sample} is {value}", Place(series), $"a finite number of {unit} in {Role(series)}", "leave out the sweep, or choose a window without the sample");
}
