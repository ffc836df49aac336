namespace BrainModular.Engine.Tests.Networks;

/// <summary>A number and its derivatives.</summary>
/// <param name="Value">The number.</param>
/// <param name="By">Its derivatives by some variables.</param>
internal readonly record struct Dual(double Value, double[] By)
{
    public static implicit operator Dual(double value) => new(value, []);

    public static Dual operator +(Dual a, Dual b) => Of(a.Value + b.Value, a, 1, b, 1);

    public static Dual operator -(Dual a, Dual b) => Of(a.Value - b.Value, a, 1, b, -1);

    public static Dual operator *(Dual a, Dual b) => Of(a.Value * b.Value, a, b.Value, b, a.Value);

    public static Dual operator /(Dual a, double b) => a * (1 / b);

    /// <summary>The Heaviside function with the derivative of the logistic function of 4 x.</summary>
    public static Dual Spike(Dual x)
    {
        var s = 1 / (1 + Math.Exp(-4 * x.Value));
        return Of(x.Value >= 0 ? 1 : 0, x, 4 * s * (1 - s), 0, 0);
    }

    private static Dual Of(double value, Dual a, double byA, Dual b, double byB)
    {
        var by = new double[Math.Max(a.By.Length, b.By.Length)];
        for (var i = 0; i < by.Length; i++)
        {
            by[i] = (i < a.By.Length ? a.By[i] * byA : 0) + (i < b.By.Length ? b.By[i] * byB : 0);
        }

        return new(value, by);
    }
}
