namespace BrainModular.Plugins.Optimizers.LbfgsB;

/// <summary>A step along the search direction with the value and slope found there.</summary>
internal readonly record struct StepPoint(double Step, double Value, double Slope)
{
    /// <summary>The same point of f(a) + tilt a.</summary>
    public StepPoint Tilted(double tilt) => new(Step, Value + (Step * tilt), Slope + tilt);

    public void Save(BinaryWriter writer)
    {
        writer.Write(Step);
        writer.Write(Value);
        writer.Write(Slope);
    }

    public static StepPoint Restore(BinaryReader reader) => new(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
}

/// <summary>
/// Section 4 of More and Thuente 1994: from the best step so far, the interval's other end and a trial step, the next step by cubic
/// and quadratic interpolation, and the new interval.
/// </summary>
internal static class TrialStep
{
    public static double Next(ref StepPoint best, ref StepPoint other, ref bool bracketed, StepPoint trial, double low, double high)
    {
        var opposite = trial.Slope * Math.Sign(best.Slope) < 0;
        double next;
        if (trial.Value > best.Value)
        {
            // Case 1, higher: a minimum is bracketed. The cubic step where it is closer to the best one, else half way to the quadratic.
            var cubic = CubicBelow(best, trial);
            var quadratic = best.Step + (best.Slope / (((best.Value - trial.Value) / (trial.Step - best.Step)) + best.Slope) / 2 * (trial.Step - best.Step));
            next = Math.Abs(cubic - best.Step) < Math.Abs(quadratic - best.Step) ? cubic : cubic + ((quadratic - cubic) / 2);
            bracketed = true;
        }
        else if (opposite)
        {
            // Case 2, lower and past the minimum: bracketed. The step farther from the trial.
            var cubic = CubicFrom(trial, best);
            var secant = Secant(best, trial);
            next = Math.Abs(cubic - trial.Step) > Math.Abs(secant - trial.Step) ? cubic : secant;
            bracketed = true;
        }
        else if (Math.Abs(trial.Slope) < Math.Abs(best.Slope))
        {
            next = Flattening(best, other, bracketed, trial, low, high);
        }
        else if (bracketed)
        {
            // Case 4, lower, the slope not decreasing: the cubic through the trial and the interval's other end.
            next = CubicFrom(trial, other);
        }
        else
        {
            next = trial.Step > best.Step ? high : low;
        }

        if (trial.Value > best.Value)
        {
            other = trial;
        }
        else
        {
            other = opposite ? best : other;
            best = trial;
        }

        return next;
    }

    /// <summary>Case 3, lower, same side, the slope decreasing: the cubic may have no minimum ahead, then it counts as far away.</summary>
    private static double Flattening(StepPoint best, StepPoint other, bool bracketed, StepPoint trial, double low, double high)
    {
        var theta = (3 * (best.Value - trial.Value) / (trial.Step - best.Step)) + best.Slope + trial.Slope;
        var scale = Scale(theta, best, trial);
        var root = Math.Max(0, ((theta / scale) * (theta / scale)) - (best.Slope / scale * (trial.Slope / scale)));
        var gamma = scale * Math.Sqrt(root) * (trial.Step > best.Step ? -1 : 1);
        var ratio = (gamma - trial.Slope + theta) / (gamma + (best.Slope - trial.Slope) + gamma);
        var cubic = ratio < 0 && gamma != 0 ? trial.Step + (ratio * (best.Step - trial.Step))
            : trial.Step > best.Step ? high : low;
        var secant = Secant(best, trial);
        var cubicIsCloser = Math.Abs(cubic - trial.Step) < Math.Abs(secant - trial.Step);
        if (!bracketed)
        {
            return Math.Min(Math.Max(cubicIsCloser ? secant : cubic, low), high);
        }

        var next = cubicIsCloser ? cubic : secant;
        var limit = trial.Step + (0.66 * (other.Step - trial.Step));
        return trial.Step > best.Step ? Math.Min(limit, next) : Math.Max(limit, next);
    }

    /// <summary>The minimiser of the cubic through two points, where the second one is higher.</summary>
    private static double CubicBelow(StepPoint best, StepPoint trial)
    {
        var theta = (3 * (best.Value - trial.Value) / (trial.Step - best.Step)) + best.Slope + trial.Slope;
        var scale = Scale(theta, best, trial);
        var gamma = Gamma(theta, scale, best, trial) * (trial.Step < best.Step ? -1 : 1);
        var ratio = (gamma - best.Slope + theta) / (gamma - best.Slope + gamma + trial.Slope);
        return best.Step + (ratio * (trial.Step - best.Step));
    }

    /// <summary>The minimiser of the cubic through two points, computed from the first one.</summary>
    private static double CubicFrom(StepPoint from, StepPoint to)
    {
        var theta = (3 * (from.Value - to.Value) / (to.Step - from.Step)) + to.Slope + from.Slope;
        var scale = Scale(theta, from, to);
        var gamma = Gamma(theta, scale, from, to) * (from.Step > to.Step ? -1 : 1);
        var ratio = (gamma - from.Slope + theta) / (gamma - from.Slope + gamma + to.Slope);
        return from.Step + (ratio * (to.Step - from.Step));
    }

    private static double Secant(StepPoint best, StepPoint trial) =>
        trial.Step + (trial.Slope / (trial.Slope - best.Slope) * (best.Step - trial.Step));

    private static double Scale(double theta, StepPoint a, StepPoint b) =>
        Math.Max(Math.Abs(theta), Math.Max(Math.Abs(a.Slope), Math.Abs(b.Slope)));

    private static double Gamma(double theta, double scale, StepPoint a, StepPoint b) =>
        scale * Math.Sqrt(Math.Max(0, ((theta / scale) * (theta / scale)) - (a.Slope / scale * (b.Slope / scale))));
}
