using BrainModular.Optimizers;
using BrainModular.Random;

namespace BrainModular.Plugins.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015, 10.48550/arXiv.1412.6980) with projection onto the bounds:
/// m &lt;- beta1 m + (1 - beta1) g, v &lt;- beta2 v + (1 - beta2) g^2,
/// x &lt;- P(x - learningRate m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)).
/// </summary>
/// <remarks>Where a loss or gradient is not finite it goes back to the best point and from there on takes steps half as long.</remarks>
public sealed class AdamOptimizer : IOptimizer
{
    private const int StateVersion = 1;
    private const int Setbacks = 20;

    private readonly double learningRate, beta1, beta2, epsilon;
    private readonly int maxIterations;

    private Box box = new([], []);
    private double[] x = [], m = [], v = [];
    private int iteration, setbacks;
    private double decay1, decay2;

    /// <summary>An optimiser with the given settings.</summary>
    public AdamOptimizer(Plugins.ISettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        learningRate = settings.Number("learningRate", 0.01, 1e-12, 1e6, "the length of a step in a scaled coordinate");
        beta1 = settings.Number("beta1", 0.9, 0, 1 - 1e-12, "how much of the mean gradient is kept from step to step");
        beta2 = settings.Number("beta2", 0.999, 0, 1 - 1e-12, "how much of the mean squared gradient is kept from step to step");
        epsilon = settings.Number("epsilon", 1e-8, 0, 1, "added to the root of the mean squared gradient");
        maxIterations = settings.Integer("maxIterations", 1000, 1, int.MaxValue, "steps, each of one evaluation");
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

    /// <inheritdoc/>
    public void Begin(OptimizationProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        box = new([.. problem.Lower], [.. problem.Upper]);
        x = box.Project(problem.Start);
        (m, v) = (new double[x.Length], new double[x.Length]);
        (Best, BestLoss) = ([.. x], double.PositiveInfinity);
        (Status, Reason) = (OptimizerStatus.Running, "");
        (iteration, setbacks, decay1, decay2) = (0, 0, 1, 1);
    }

    /// <inheritdoc/>
    public IReadOnlyList<double[]> Ask() => Status == OptimizerStatus.Running ? [x] : [];

    /// <inheritdoc/>
    public void Tell(IReadOnlyList<Evaluation> evaluations)
    {
        ArgumentNullException.ThrowIfNull(evaluations);
        var found = evaluations[0];
        var gradient = found.Gradient ?? throw new ArgumentException("Adam needs the gradient", nameof(evaluations));
        iteration++;
        if (double.IsFinite(found.Loss) && Array.TrueForAll(gradient, double.IsFinite))
        {
            if (found.Loss < BestLoss)
            {
                (Best, BestLoss) = ([.. x], found.Loss);
            }

            x = Step(gradient);
        }
        else if (double.IsPositiveInfinity(BestLoss) || ++setbacks > Setbacks)
        {
            (Status, Reason) = (OptimizerStatus.Failed, "the loss or its gradient is not finite");
        }
        else
        {
            (x, m) = ([.. Best], new double[x.Length]);
        }

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
        foreach (var array in (double[][])[x, m, v, Best])
        {
            writer.WriteArray(array);
        }

        writer.Write(BestLoss);
        writer.Write(decay1);
        writer.Write(decay2);
        writer.Write(iteration);
        writer.Write(setbacks);
        writer.Write((int)Status);
        writer.Write(Reason);
    }

    /// <inheritdoc/>
    public void Restore(BinaryReader reader, IRandomStream random)
    {
        ArgumentNullException.ThrowIfNull(reader);
        StateStream.RequireVersion(reader, StateVersion, "adam");
        box = Box.Restore(reader);
        (x, m, v, Best) = (reader.ReadArray(), reader.ReadArray(), reader.ReadArray(), reader.ReadArray());
        (BestLoss, decay1, decay2) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        (iteration, setbacks) = (reader.ReadInt32(), reader.ReadInt32());
        (Status, Reason) = ((OptimizerStatus)reader.ReadInt32(), reader.ReadString());
    }

    private double[] Step(double[] gradient)
    {
        decay1 *= beta1;
        decay2 *= beta2;
        var rate = Math.ScaleB(learningRate, -setbacks);
        var next = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            m[i] = (beta1 * m[i]) + ((1 - beta1) * gradient[i]);
            v[i] = (beta2 * v[i]) + ((1 - beta2) * gradient[i] * gradient[i]);
            next[i] = box.Clamp(i, x[i] - (rate * m[i] / (1 - decay1) / (Math.Sqrt(v[i] / (1 - decay2)) + epsilon)));
        }

        return next;
    }
}
