using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Host.Configuration;
using BrainModular.Random;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition.Networks;

/// <summary>Delays in steps.</summary>
internal static class Delays
{
    private const double Tolerance = 1e-6;
    private const int MostDraws = 1000;

    /// <summary>Whether a number of steps is not whole.</summary>
    public static bool IsRounded(double steps) => Math.Abs(steps - Math.Round(steps)) > Tolerance * Math.Max(1, Math.Abs(steps));

    /// <summary>A delay in whole steps; that it was rounded is noted.</summary>
    /// <exception cref="DiagnosticException">BM2650: it is too long to be kept.</exception>
    public static int Steps(UnitParameter given, double timeStep, string projection, List<string> notes)
    {
        var delay = given.Numbers[0];
        var steps = delay.InEngineUnits / timeStep;
        if (steps > ushort.MaxValue)
        {
            throw new DiagnosticException(
                "BM2650", $"the delay of projection {projection} is {delay}", given.Place, string.Create(CultureInfo.InvariantCulture, $"at most {ushort.MaxValue * timeStep:R} ms, which are {ushort.MaxValue} time steps"),
                "correct it, or take another 'timeStep'");
        }

        if (IsRounded(steps))
        {
            notes.Add(FormattableString.Invariant($"projection {projection}: the delay of {delay} is rounded to {Math.Round(steps)} time steps of {timeStep:R} ms"));
        }

        return (int)Math.Round(steps);
    }

    /// <summary>Draws a delay for each connection, in whole steps; what is not at least one time step is drawn again.</summary>
    /// <exception cref="DiagnosticException">BM2650: there are hardly any such delays, or one is too long.</exception>
    public static ushort[] Draw(UnitParameter delay, int count, double timeStep, string projection, IRandomStream random)
    {
        var distribution = new Distribution(delay.Shape, delay.Numbers[0].InEngineUnits / timeStep, delay.Numbers[1].InEngineUnits / timeStep);
        var steps = new ushort[count];
        for (var i = 0; i < count; i++)
        {
            var (drawn, draws) = (0.0, 0);
            for (; drawn < 0.5 && draws < MostDraws; draws++)
            {
                drawn = distribution.Draw(random);
            }

            steps[i] = drawn >= 0.5 && drawn < ushort.MaxValue ? (ushort)Math.Round(drawn) : throw new DiagnosticException(
                "BM2650", string.Create(CultureInfo.InvariantCulture, $"delays of projection {projection} are as long as {drawn * timeStep:G4} ms"), delay.Place,
                string.Create(CultureInfo.InvariantCulture, $"delays that mostly are from {timeStep:R} to {ushort.MaxValue * timeStep:R} ms"), "correct the distribution, or take another 'timeStep'");
        }

        return steps;
    }
}
