using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BrainModular.Plugins.Optimizers.FirstOrder;

/// <summary>What a step does to four coordinates and their moments.</summary>
internal interface IStepRule
{
    /// <summary>Whether the second moment is used.</summary>
    static abstract bool UsesSecondMoment { get; }

    /// <summary>The step for four coordinates with their gradients.</summary>
    void Step(ref Vector256<double> x, ref Vector256<double> first, ref Vector256<double> second, Vector256<double> gradient);
}

/// <summary>Takes a rule over all coordinates, four at a time on every processor, so that the bits do not depend on its vectors.</summary>
internal static class CoordinateSweep
{
    /// <summary>Steps all coordinates and brings them back into the box; <paramref name="next"/>, which may be <paramref name="x"/>, gets them.</summary>
    public static void Run<TRule>(TRule rule, Box box, double[] x, double[] next, double[] first, double[] second, double[] gradient)
        where TRule : struct, IStepRule
    {
        ref var toX = ref MemoryMarshal.GetArrayDataReference(x);
        ref var toNext = ref MemoryMarshal.GetArrayDataReference(next);
        ref var toFirst = ref MemoryMarshal.GetArrayDataReference(first);
        ref var toSecond = ref MemoryMarshal.GetArrayDataReference(second);
        ref var toGradient = ref MemoryMarshal.GetArrayDataReference(gradient);
        var i = 0;
        for (; i <= x.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            var (a, m) = (Vector256.LoadUnsafe(ref toX, (nuint)i), Vector256.LoadUnsafe(ref toFirst, (nuint)i));
            var v = TRule.UsesSecondMoment ? Vector256.LoadUnsafe(ref toSecond, (nuint)i) : default;
            rule.Step(ref a, ref m, ref v, Vector256.LoadUnsafe(ref toGradient, (nuint)i));
            a.StoreUnsafe(ref toNext, (nuint)i);
            m.StoreUnsafe(ref toFirst, (nuint)i);
            if (TRule.UsesSecondMoment)
            {
                v.StoreUnsafe(ref toSecond, (nuint)i);
            }
        }

        for (; i < x.Length; i++)
        {
            var (a, m) = (Vector256.CreateScalar(x[i]), Vector256.CreateScalar(first[i]));
            var v = TRule.UsesSecondMoment ? Vector256.CreateScalar(second[i]) : default;
            rule.Step(ref a, ref m, ref v, Vector256.CreateScalar(gradient[i]));
            (next[i], first[i]) = (a.ToScalar(), m.ToScalar());
            if (TRule.UsesSecondMoment)
            {
                second[i] = v.ToScalar();
            }
        }

        box.Clamp(next);
    }

    /// <summary>The Euclidean norm; not finite where a component is not.</summary>
    public static double Norm(double[] gradient)
    {
        ref var start = ref MemoryMarshal.GetArrayDataReference(gradient);
        var sums = Vector256<double>.Zero;
        var i = 0;
        for (; i <= gradient.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            var g = Vector256.LoadUnsafe(ref start, (nuint)i);
            sums += g * g;
        }

        var sum = Vector256.Sum(sums);
        for (; i < gradient.Length; i++)
        {
            sum += gradient[i] * gradient[i];
        }

        return Math.Sqrt(sum);
    }
}
