using BrainModular.Symbolics;

namespace BrainModular.Host.Composition.Networks;

/// <summary>Delays in steps.</summary>
internal static class Delays
{
    private const double Tolerance = 1e-6;

    /// <summary>Whether a number of steps is not whole.</summary>
    public static bool IsRounded(double steps) => Math.Abs(steps - Math.Round(steps)) > Tolerance * Math.Max(1, Math.Abs(steps));

    /// <summary>A delay in whole steps; that it was rounded is noted.</summary>
    public static int Steps(Quantity delay, double timeStep, string projection, List<string> notes)
    {
        var steps = delay.InEngineUnits / timeStep;
        if (IsRounded(steps))
        {
            notes.Add(FormattableString.Invariant($"projection {projection}: the delay of {delay} is rounded to {Math.Round(steps)} time steps of {timeStep:R} ms"));
        }

        return (int)Math.Round(steps);
    }
}
