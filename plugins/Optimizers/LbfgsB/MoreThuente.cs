namespace BrainModular.Plugins.Optimizers.LbfgsB;

/// <summary>
/// The line search of More and Thuente 1994 (10.1145/192115.192132), as ask and tell: it looks for a step a with sufficient decrease,
/// f(a) &lt;= f(0) + 1e-3 a f'(0), and small slope, |f'(a)| &lt;= 0.9 |f'(0)|.
/// </summary>
internal sealed class MoreThuente
{
    private const double Decrease = 1e-3;
    private const double Curvature = 0.9;
    private const double NarrowEnough = 0.1;

    private bool bracketed;
    private bool modified;
    private double value0, slope0, width, previousWidth, low, high, longest;
    private StepPoint best, other;

    /// <summary>The step to evaluate next, and after the search the step that was chosen.</summary>
    public double Step { get; private set; }

    /// <summary>Begins a search.</summary>
    /// <param name="value">f(0).</param>
    /// <param name="slope">f'(0), negative.</param>
    /// <param name="step">The first step to try.</param>
    /// <param name="longestStep">The longest step allowed.</param>
    public void Begin(double value, double slope, double step, double longestStep)
    {
        (value0, slope0, Step, longest) = (value, slope, step, longestStep);
        (bracketed, modified) = (false, true);
        best = other = new(0, value, slope);
        width = longestStep;
        previousWidth = 2 * width;
        (low, high) = (0, 5 * step);
    }

    /// <summary>Takes the value and slope at <see cref="Step"/>; true when the search ends there.</summary>
    public bool Tell(double value, double slope)
    {
        var allowed = value0 + (Step * Decrease * slope0);
        if (modified && value <= allowed && slope >= 0)
        {
            modified = false;
        }

        if (Ends(value, slope, allowed))
        {
            return true;
        }

        var next = modified && value <= best.Value && value > allowed ? ModifiedStep(value, slope) : PlainStep(value, slope);
        if (bracketed && Math.Abs(other.Step - best.Step) >= 0.66 * previousWidth)
        {
            next = best.Step + (0.5 * (other.Step - best.Step));
        }

        if (bracketed)
        {
            previousWidth = width;
            width = Math.Abs(other.Step - best.Step);
            (low, high) = (Math.Min(best.Step, other.Step), Math.Max(best.Step, other.Step));
        }
        else
        {
            (low, high) = (next + (1.1 * (next - best.Step)), next + (4 * (next - best.Step)));
        }

        Step = Math.Min(Math.Max(next, 0), longest);
        if (bracketed && (Step <= low || Step >= high || high - low <= NarrowEnough * high))
        {
            Step = best.Step;
        }

        return false;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(bracketed);
        writer.Write(modified);
        foreach (var value in (double[])[value0, slope0, width, previousWidth, low, high, longest, Step])
        {
            writer.Write(value);
        }

        best.Save(writer);
        other.Save(writer);
    }

    public void Restore(BinaryReader reader)
    {
        (bracketed, modified) = (reader.ReadBoolean(), reader.ReadBoolean());
        (value0, slope0, width, previousWidth) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        (low, high, longest, Step) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        (best, other) = (StepPoint.Restore(reader), StepPoint.Restore(reader));
    }

    private bool Ends(double value, double slope, double allowed)
    {
        var converged = value <= allowed && Math.Abs(slope) <= Curvature * -slope0;
        var atLongest = Step == longest && value <= allowed && slope <= Decrease * slope0;
        var narrow = bracketed && (Step <= low || Step >= high || high - low <= NarrowEnough * high);
        return converged || atLongest || narrow;
    }

    private double PlainStep(double value, double slope) =>
        TrialStep.Next(ref best, ref other, ref bracketed, new(Step, value, slope), low, high);

    /// <summary>A step from f(a) - f(0) - 1e-3 a f'(0), as long as no step has brought sufficient decrease with a slope of at least 0.</summary>
    private double ModifiedStep(double value, double slope)
    {
        var tilt = Decrease * slope0;
        best = best.Tilted(-tilt);
        other = other.Tilted(-tilt);
        var next = TrialStep.Next(ref best, ref other, ref bracketed, new StepPoint(Step, value, slope).Tilted(-tilt), low, high);
        best = best.Tilted(tilt);
        other = other.Tilted(tilt);
        return next;
    }
}
