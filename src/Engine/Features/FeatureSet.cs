namespace BrainModular.Engine.Features;

/// <summary>The features of one trace. Each is computed when it is first asked for, from others where it is defined by them.</summary>
/// <param name="trace">The trace.</param>
/// <param name="threshold">The potential in mV that a spike crosses.</param>
public sealed class FeatureSet(FeatureTrace trace, double threshold = FeatureSet.DefaultThreshold)
{
    /// <summary>The threshold of spikes where none is given, in mV.</summary>
    public const double DefaultThreshold = -20;

    private readonly Dictionary<string, double[]?> known = [];
    private double[]? slope;

    public FeatureTrace Trace => trace;

    /// <summary>The potential that a spike crosses, in mV.</summary>
    public double Threshold => threshold;

    /// <summary>A feature's values, of which it may have one for each spike; null where the trace has not got it, or not with finite values, or where the trace has resets for spikes and the feature is one of their shape.</summary>
    /// <param name="name">One of <see cref="FeatureCatalog.All"/>.</param>
    public double[]? this[string name]
    {
        get
        {
            if (!known.TryGetValue(name, out var values))
            {
                values = trace.HasResets && FeatureCatalog.IsShape(name) ? null : FeatureCatalog.Find(name)!.Of(this);
                known[name] = values = values is { Length: > 0 } && values.All(double.IsFinite) ? values : null;
            }

            return values;
        }
    }

    /// <summary>The mean of a feature's values; null where the trace has not got it.</summary>
    public double? Mean(string name) => this[name]?.Average();

    /// <summary>The standard deviation of a feature's values, with n - 1; null where the trace has fewer than two of them.</summary>
    public double? Deviation(string name)
    {
        if (this[name] is not { Length: > 1 } values)
        {
            return null;
        }

        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }

    internal double[] V => trace.Potential;

    internal double[] T => trace.Time;

    /// <summary>dV/dt in mV/ms at each sample: central differences, one-sided at the ends.</summary>
    internal double[] Slope => slope ??= Series.Ratio(Series.Central(V), Series.Central(T));

    /// <summary>A feature that consists of samples' numbers.</summary>
    internal int[]? Indices(string name) => this[name] is { } values ? [.. values.Select(static v => (int)v)] : null;
}
