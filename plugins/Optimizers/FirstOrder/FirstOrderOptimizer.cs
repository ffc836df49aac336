using BrainModular.Optimizers;
using BrainModular.Random;

namespace BrainModular.Plugins.Optimizers.FirstOrder;

/// <summary>
/// Descent by one gradient a step: what its kinds share. The gradient is scaled down where its norm is above <c>clip</c> (Pascanu et al. 2013,
/// 10.48550/arXiv.1211.5063), the length of a step follows a schedule, and where a loss or gradient is not finite it goes back to the best point
/// and from there on takes steps half as long. Once it has stopped, Ask still gives where it has arrived. No step allocates memory.
/// </summary>
public abstract class FirstOrderOptimizer : IOptimizer
{
    private const int StateVersion = 2;
    private const int Setbacks = 20;

    private readonly string name;
    private readonly LearningRate learningRate;
    private readonly double clip;
    private readonly int maxIterations;
    private readonly double[][] moments;
    private readonly double[][] candidates = [[]];

    private Box box = new([], []);
    private int iteration, setbacks;

    private protected FirstOrderOptimizer(string name, int moments, ISettings settings)
    {
        this.name = name;
        learningRate = new(settings);
        clip = settings.Number("clip", 0, 0, 1e12, "the largest norm of a gradient, to which longer ones are scaled; 0 for none");
        maxIterations = settings.Integer("maxIterations", 1000, 1, int.MaxValue, "steps, each of one evaluation");
        this.moments = new double[moments][];
    }

    /// <inheritdoc/>
    public EvaluationNeeds Needs => EvaluationNeeds.Loss | EvaluationNeeds.Gradient;

    /// <inheritdoc/>
    public OptimizerStatus Status { get; private set; }

    /// <inheritdoc/>
    public string Reason { get; private set; } = "";

    /// <inheritdoc/>
    public double[] Best { get; private set; } = [];

    /// <inheritdoc/>
    public double BestLoss { get; private set; } = double.PositiveInfinity;

    private double[] X
    {
        get => candidates[0];
        set => candidates[0] = value;
    }

    /// <inheritdoc/>
    public void Begin(OptimizationProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        box = new([.. problem.Lower], [.. problem.Upper]);
        X = box.Project(problem.Start);
        for (var i = 0; i < moments.Length; i++)
        {
            moments[i] = new double[X.Length];
        }

        (Best, BestLoss) = ([.. X], double.PositiveInfinity);
        (Status, Reason) = (OptimizerStatus.Running, "");
        (iteration, setbacks) = (0, 0);
    }

    /// <inheritdoc/>
    public IReadOnlyList<double[]> Ask() => candidates;

    /// <inheritdoc/>
    public void Tell(IReadOnlyList<Evaluation> evaluations)
    {
        ArgumentNullException.ThrowIfNull(evaluations);
        var found = evaluations[0];
        var gradient = found.Gradient ?? throw new ArgumentException($"{name} needs the gradient", nameof(evaluations));
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, X.Length, nameof(evaluations));
        var norm = CoordinateSweep.Norm(gradient);
        if (double.IsFinite(found.Loss) && double.IsFinite(norm))
        {
            var step = iteration - setbacks;
            var isBest = found.Loss < BestLoss;
            Step(box, X, isBest ? Best : X, moments, gradient, step, Math.ScaleB(learningRate.At(step), -setbacks), clip > 0 && norm > clip ? clip / norm : 1);
            if (isBest)
            {
                // The step has overwritten the best point before; where it began is the best one now.
                (X, Best, BestLoss) = (Best, X, found.Loss);
            }
        }
        else if (double.IsPositiveInfinity(BestLoss) || ++setbacks > Setbacks)
        {
            (Status, Reason) = (OptimizerStatus.Failed, "the loss or its gradient is not finite");
        }
        else
        {
            Best.CopyTo(X, 0);
            Array.Clear(moments[0]);
        }

        iteration++;
        if (Status == OptimizerStatus.Running && iteration >= maxIterations)
        {
            (Status, Reason) = (OptimizerStatus.Exhausted, $"reached {maxIterations} iterations");
        }
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(StateVersion);
        box.Save(writer);
        writer.WriteArray(X);
        writer.WriteArray(Best);
        foreach (var moment in moments)
        {
            writer.WriteArray(moment);
        }

        writer.Write(BestLoss);
        writer.Write(iteration);
        writer.Write(setbacks);
        writer.Write((int)Status);
        writer.Write(Reason);
    }

    /// <inheritdoc/>
    public void Restore(BinaryReader reader, IRandomStream random)
    {
        ArgumentNullException.ThrowIfNull(reader);
        StateStream.RequireVersion(reader, StateVersion, name);
        box = Box.Restore(reader);
        (X, Best) = (reader.ReadArray(), reader.ReadArray());
        for (var i = 0; i < moments.Length; i++)
        {
            moments[i] = reader.ReadArray();
        }

        (BestLoss, iteration, setbacks) = (reader.ReadDouble(), reader.ReadInt32(), reader.ReadInt32());
        (Status, Reason) = ((OptimizerStatus)reader.ReadInt32(), reader.ReadString());
    }

    /// <summary>Takes one step.</summary>
    /// <param name="box">The bounds.</param>
    /// <param name="x">The coordinates.</param>
    /// <param name="next">Gets the coordinates after the step; may be the same.</param>
    /// <param name="moments">What is kept between steps, one number per coordinate each; 0 at first.</param>
    /// <param name="gradient">The gradient, as it was told.</param>
    /// <param name="step">How many steps were taken before.</param>
    /// <param name="rate">The length of the step.</param>
    /// <param name="scale">What the gradient is multiplied by.</param>
    private protected abstract void Step(Box box, double[] x, double[] next, double[][] moments, double[] gradient, int step, double rate, double scale);
}
