using System.Numerics;
using System.Runtime.Intrinsics;
using BrainModular.Diagnostics;

namespace BrainModular.Engine.Networks;

/// <summary>Stops a run at the first state that is not a finite number, and names it.</summary>
internal static unsafe class FiniteCheck
{
    private const int StepsPerCheck = 16;

    /// <summary>Checks the states at the end of a step, every few steps: what is not finite stays so, or ends in what it drives.</summary>
    public static void Run<T>(PopulationRun<T>[] populations, int step, int stepInSegment, int lanes)
        where T : unmanaged, INumberBase<T>
    {
        if ((step + 1) % StepsPerCheck != 0)
        {
            return;
        }

        foreach (var population in populations)
        {
            for (var s = 0; s < population.Program.States.Count; s++)
            {
                var row = new Span<T>(population.After(s, stepInSegment), population.Elements);
                if (!T.IsFinite(Sum(row)))
                {
                    Name(population, s, row, step, lanes);
                }
            }
        }
    }

    private static T Sum<T>(ReadOnlySpan<T> row)
        where T : unmanaged, INumberBase<T>
    {
        // 0 x is 0 for every finite x, and not a number otherwise; several sums, so that one need not wait for the other.
        var (a, b, c, d) = (Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
        var i = 0;
        for (var size = Vector512<T>.Count; i + (4 * size) <= row.Length; i += 4 * size)
        {
            a += Vector512<T>.Zero * Vector512.Create<T>(row[i..]);
            b += Vector512<T>.Zero * Vector512.Create<T>(row[(i + size)..]);
            c += Vector512<T>.Zero * Vector512.Create<T>(row[(i + (2 * size))..]);
            d += Vector512<T>.Zero * Vector512.Create<T>(row[(i + (3 * size))..]);
        }

        var total = Vector512.Sum(a + b + (c + d));
        for (; i < row.Length; i++)
        {
            total += T.Zero * row[i];
        }

        return total;
    }

    private static void Name<T>(PopulationRun<T> population, int state, Span<T> row, int step, int lanes)
        where T : unmanaged, INumberBase<T>
    {
        var element = 0;
        while (T.IsFinite(row[element]))
        {
            element++;
        }

        throw new DiagnosticException(
            "BM5201",
            $"{population.Program.States[state]} of unit {population.Units.First + (element / lanes)} of population {population.Program.Definition.Name} is {row[element]} at step {step}, in trial {element % lanes} of its chunk",
            expected: "finite values",
            cure: "use a smaller time step, smaller weights, a smaller learning rate or gradient clipping");
    }
}
