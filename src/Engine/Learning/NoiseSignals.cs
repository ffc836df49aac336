using BrainModular.Engine.Ir;
using BrainModular.Random;

namespace BrainModular.Engine.Learning;

/// <summary>
/// The random numbers of a trace, drawn beforehand as signals: every candidate sees the same ones, so that a loss is a smooth function of
/// parameters, and a backward pass has those of its forward pass.
/// </summary>
public static class NoiseSignals
{
    /// <summary>Draws the rows that a step reads, <c>normal.STREAM</c> and <c>uniform.STREAM</c>, and gives them beside the other signals.</summary>
    /// <param name="signals">The other signals.</param>
    /// <param name="step">The step.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="random">The trace's random stream.</param>
    public static IReadOnlyDictionary<string, double[]> Beside(
        IReadOnlyDictionary<string, double[]> signals, IrFunction step, int steps, IRandomStream random)
    {
        var all = signals.ToDictionary();
        foreach (var name in step.Inputs.Where(static i => i.Kind == IrInputKind.Noise).Select(static i => i.Name))
        {
            var stream = random.Split(name);
            var normal = name.StartsWith("normal.", StringComparison.Ordinal);
            all[name] = [.. Enumerable.Range(0, steps).Select(_ => normal ? stream.Normal() : stream.Uniform())];
        }

        return all;
    }
}
