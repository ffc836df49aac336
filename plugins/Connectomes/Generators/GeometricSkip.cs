using BrainModular.Random;

namespace BrainModular.Plugins.Connectomes.Generators;

/// <summary>How many trials of equal probability fail before the next success.</summary>
internal static class GeometricSkip
{
    /// <summary>A geometric number, floor(ln(1 - u) / ln(1 - p)), cut at a limit.</summary>
    /// <param name="random">Where the uniform number u comes from; none is drawn where p is 0 or 1.</param>
    /// <param name="probability">p, the probability of success.</param>
    /// <param name="most">The limit.</param>
    public static long Next(IRandomStream random, double probability, long most) => probability switch
    {
        >= 1 => 0,
        <= 0 => most,
        // u and 1 - u are equally distributed; ln(1 - p) is -2 artanh(p / (2 - p)), which keeps its digits where p is small.
        _ => (long)Math.Min(Math.Log(random.Uniform()) / (-2 * Math.Atanh(probability / (2 - probability))), most),
    };
}
