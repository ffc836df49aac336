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
        foreach (var (name, numbers) in Draw(step, steps, random))
        {
            all[name] = numbers;
        }

        return all;
    }

    /// <summary>Draws the rows that a step reads.</summary>
    /// <param name="step">The step.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="random">The random stream of the trace, or of one of its elements.</param>
    public static IReadOnlyDictionary<string, double[]> Draw(IrFunction step, int steps, IRandomStream random) =>
        step.Inputs.Where(static i => i.Kind == IrInputKind.Noise).ToDictionary(static i => i.Name, i =>
        {
            var stream = random.Split(i.Name);
            var normal = i.Name.StartsWith("normal.", StringComparison.Ordinal);
            return (double[])[.. Enumerable.Range(0, steps).Select(_ => normal ? stream.Normal() : stream.Uniform())];
        });
}
