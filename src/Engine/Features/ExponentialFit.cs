namespace BrainModular.Engine.Features;

/// <summary>The exponential of least squares, A + B exp(-t / tau): for each tau the best A and B are those of a straight line, so that tau alone is searched.</summary>
internal static class ExponentialFit
{
    private const int Places = 60;
    private const double Accuracy = 1e-7;

    /// <param name="time">Evenly spaced, in ms.</param>
    /// <param name="values">One for each.</param>
    /// <param name="growing">Whether B is to be at most 0; else at least 0.</param>
    /// <returns>tau in ms; null where no exponential of that sign with a time constant between half of a sample and 1000 times the length is better than a constant.</returns>
    public static double? TimeConstant(double[] time, double[] values, bool growing)
    {
        var (shortest, longest) = (0.5 * (time[1] - time[0]), 1000 * (time[^1] - time[0]));
        double At(int place) => shortest * Math.Pow(longest / shortest, (double)place / Places);
        double Residual(double tau) => ResidualOf(time, values, tau, growing);
        var best = Enumerable.Range(1, Places - 1).MinBy(place => Residual(At(place)));
        if (double.IsPositiveInfinity(Residual(At(best))) || best is 1 or Places - 1)
        {
            return null;
        }

        var golden = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (Math.Log(At(best - 1)), Math.Log(At(best + 1)));
        while (high - low > Accuracy)
        {
            var (a, b) = (high - (golden * (high - low)), low + (golden * (high - low)));
            (low, high) = Residual(Math.Exp(a)) < Residual(Math.Exp(b)) ? (low, b) : (a, high);
        }

        return Math.Exp((low + high) / 2);
    }

    private static double ResidualOf(double[] time, double[] values, double tau, bool growing)
    {
        double[] x = [.. time.Select(t => Math.Exp(-(t - time[0]) / tau))];
        var (slope, residual) = Series.Line(x, values);
        return slope > 0 == growing ? double.PositiveInfinity : residual;
    }
}
