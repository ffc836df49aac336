using BrainModular.Optimizers;

namespace BrainModular.Engine.Fitting;

/// <summary>Makes of each candidate those whose mean loss stands for its own (<see cref="Jitter"/>); without jitter that is itself.</summary>
internal sealed class JitteredLoss
{
    private readonly FreeParameter[] free;
    private readonly double[] offsets;
    private readonly int index;
    private readonly double scale = 1;

    /// <param name="free">The parameters to change, in the order of coordinates.</param>
    /// <param name="jitter">The jitter; null: none.</param>
    public JitteredLoss(IReadOnlyList<FreeParameter> free, Jitter? jitter)
    {
        (this.free, offsets, Widened) = ([.. free], [0], free);
        index = jitter is null ? -1 : Array.FindIndex(this.free, f => f.Name == jitter.Parameter);
        if (index < 0)
        {
            return;
        }

        var (own, width, points) = (free[index], jitter!.HalfWidth, jitter.Points);
        var widened = own with { Lower = own.Lower - width, Upper = own.Upper + width };
        Widened = [.. free.Select((f, i) => i == index ? widened : f)];
        offsets = [.. Enumerable.Range(0, points).Select(k => points == 1 ? 0 : width * ((2.0 * k / (points - 1)) - 1))];
        scale = (own.Upper - own.Lower) / (widened.Upper - widened.Lower);
    }

    /// <summary>The parameters as what is evaluated has them: the jittered one's bounds are wider.</summary>
    public IReadOnlyList<FreeParameter> Widened { get; }

    /// <summary>What is evaluated, in coordinates of <see cref="Widened"/>: so many for each candidate, one after another.</summary>
    public IReadOnlyList<double[]> Spread(IReadOnlyList<double[]> candidates) => index < 0 ? candidates : [.. candidates.SelectMany(c => offsets.Select(o => Moved(c, o)))];

    /// <summary>A candidate itself, in coordinates of <see cref="Widened"/>.</summary>
    public double[] Centre(double[] candidate) => index < 0 ? candidate : Moved(candidate, 0);

    /// <summary>The means of what <see cref="Spread"/> gave, with slopes by the candidates' own coordinates.</summary>
    public IReadOnlyList<Evaluation> Mean(IReadOnlyList<Evaluation> spread) => index < 0 ? spread : [.. spread.Chunk(offsets.Length).Select(Mean)];

    private Evaluation Mean(Evaluation[] around)
    {
        var loss = around.Average(static e => e.Loss);
        double[]? gradient = around[0].Gradient is null ? null : [.. free.Select((_, p) => around.Average(e => e.Gradient![p]) * Scale(p))];
        var matrix = around[0].GaussNewton is null ? null : new double[free.Length, free.Length];
        for (var i = 0; i < free.Length && matrix is not null; i++)
        {
            for (var j = 0; j < free.Length; j++)
            {
                matrix[i, j] = around.Average(e => e.GaussNewton![i, j]) * Scale(i) * Scale(j);
            }
        }

        return new(loss, gradient, matrix);
    }

    private double Scale(int parameter) => parameter == index ? scale : 1;

    private double[] Moved(double[] candidate, double offset)
    {
        double[] moved = [.. candidate];
        moved[index] = Widened[index].Coordinate(free[index].Value(candidate[index]) + offset);
        return moved;
    }
}
