using System.Numerics;
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

    private static T Sum<T>(Span<T> row)
        where T : unmanaged, INumberBase<T>
    {
        var sum = Vector<T>.Zero;
        var i = 0;
        for (; i + Vector<T>.Count <= row.Length; i += Vector<T>.Count)
        {
            // 0 x is 0 for every finite x, and not a number otherwise.
            sum += Vector<T>.Zero * new Vector<T>(row[i..]);
        }

        var total = Vector.Sum(sum);
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
            $"{population.Program.States[state]} of unit {element / lanes} of population {population.Program.Definition.Name} is {row[element]} at step {step}, in trial {element % lanes} of its chunk",
            expected: "finite values",
            cure: "use a smaller time step, smaller weights, a smaller learning rate or gradient clipping");
    }
}
