using System.Diagnostics;
using System.Globalization;

namespace BrainModular.Host.Composition;

/// <summary>How quickly a training goes.</summary>
/// <param name="first">How many batches there were before.</param>
internal sealed class TrainingPace(int first)
{
    private readonly Stopwatch watch = Stopwatch.StartNew();

    /// <param name="batches">How many batches there are now.</param>
    /// <param name="all">How many there can be at most.</param>
    /// <returns>Batches per second, and the time left as a text.</returns>
    public (double PerSecond, string Left) Of(int batches, long all)
    {
        var perSecond = (batches - first) / watch.Elapsed.TotalSeconds;
        var left = (all - batches) / perSecond;
        return (perSecond, left switch
        {
            < 120 => string.Create(CultureInfo.InvariantCulture, $"{left:0} s"),
            < 7200 => string.Create(CultureInfo.InvariantCulture, $"{left / 60:0} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{left / 3600:0} h"),
        });
    }
}
