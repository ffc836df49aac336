using BrainModular.Optimizers;
using BrainModular.Plugins.Optimizers.LbfgsB;
using BrainModular.Random;

namespace BrainModular.Plugins.Optimizers.LeastSquares;

/// <summary>
/// Levenberg and Marquardt's method: minimises a sum of squares r'r in a box. Each step minimises within the box the quadratic f + 2 r'J s + s' (J'J + mu D) s. D is the largest
/// diagonal of J'J so far, which makes steps independent of the coordinates' scales. The damping mu goes to 0 where the quadratic foretells the loss, and steps become Gauss and Newton's.
/// </summary>
/// <remarks>
/// Levenberg 1944, 10.1090/qam/10666; Marquardt 1963, 10.1137/0111030; D after More 1978, 10.1007/BFb0067700; mu after Nielsen 1999, "Damping parameter in Marquardt's method",
/// IMM-REP-1999-05. A candidate whose loss or derivatives are not finite counts as one with a higher loss.
/// </remarks>
internal sealed class LevenbergMarquardtOptimizer : IOptimizer
{
    private const int StateVersion = 1;
    private const double Rounding = 16 * Vector.Precision;
    private const double LeastGain = 1e-4;
    private const double FirstGrowth = 2;

    private readonly int maxIterations;
    private readonly int maxEvaluations;
    private readonly double firstDamping;
    private readonly double lossTolerance;
    private readonly double gradientTolerance;

    private Box box = new([], []);
    private double[] x = [], gradient = [], scale = [], trial = [];
    private double[,] matrix = new double[0, 0];
    private double loss, damping, growth, foretold;
    private bool started;
    private int iterations, evaluations;

    /// <summary>An optimiser with the given settings.</summary>
    public LevenbergMarquardtOptimizer(Plugins.ISettings settings)
    {
        maxIterations = settings.Integer("maxIterations", 200, 1, int.MaxValue, "iterations, each of which lowers the loss");
        maxEvaluations = settings.Integer("maxEvaluations", 1000, 1, int.MaxValue, "evaluations of loss, gradient and J'J");
        firstDamping = settings.Number("damping", 1e-3, 0, 1e9, "mu of the first step; 0 is Gauss and Newton's");
        lossTolerance = settings.Number("ftol", 1e-15, 0, 1, "stops where an iteration lowers the loss f by less than ftol max(|f|, 1)");
        gradientTolerance = settings.Number("gtol", 1e-9, 0, 1e9, "stops where no component of the projected gradient exceeds this");
    }

    /// <inheritdoc/>
    public EvaluationNeeds Needs => EvaluationNeeds.Loss | EvaluationNeeds.Gradient | EvaluationNeeds.GaussNewton;

    /// <inheritdoc/>
    public OptimizerStatus Status { get; private set; }

    /// <inheritdoc/>
    public string Reason { get; private set; } = "";

    /// <inheritdoc/>
    public double[] Best => x;

    /// <inheritdoc/>
    public double BestLoss { get; private set; } = double.PositiveInfinity;

    /// <inheritdoc/>
    public void Begin(OptimizationProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        box = new([.. problem.Lower], [.. problem.Upper]);
        x = box.Project(problem.Start);
        (trial, scale, damping, growth) = ([.. x], new double[x.Length], firstDamping, FirstGrowth);
    }

    /// <inheritdoc/>
    public IReadOnlyList<double[]> Ask() => Status == OptimizerStatus.Running ? [trial] : [];

    /// <inheritdoc/>
    public void Tell(IReadOnlyList<Evaluation> evaluations)
    {
        ArgumentNullException.ThrowIfNull(evaluations);
        var found = evaluations[0];
        var finite = double.IsFinite(found.Loss) && Array.TrueForAll(found.Gradient!, double.IsFinite) && found.GaussNewton!.Cast<double>().All(double.IsFinite);
        this.evaluations++;
        if (!started && !finite)
        {
            Stop(OptimizerStatus.Failed, "the loss or its derivatives are not finite at the start");
        }
        else if (!started)
        {
            started = true;
            Take(found);
            Continue(double.PositiveInfinity);
        }
        else if (finite && found.Loss < loss && loss - found.Loss >= LeastGain * foretold)
        {
            // Nielsen: from a third, where the gain is what was foretold, to no change at half of it, to twice.
            var before = loss;
            damping *= Math.Max(1.0 / 3, 1 - Math.Pow((2 * (loss - found.Loss) / foretold) - 1, 3));
            growth = FirstGrowth;
            iterations++;
            Take(found);
            Continue(before - loss);
        }
        else
        {
            StepBack();
        }

        if (Status == OptimizerStatus.Running && this.evaluations >= maxEvaluations)
        {
            Stop(OptimizerStatus.Exhausted, $"reached {maxEvaluations} evaluations");
        }
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(StateVersion);
        box.Save(writer);
        foreach (var array in (double[][])[x, gradient, scale, trial, [.. matrix.Cast<double>()]])
        {
            writer.WriteArray(array);
        }

        foreach (var number in (double[])[loss, damping, growth, foretold, BestLoss])
        {
            writer.Write(number);
        }

        writer.Write(started);
        writer.Write(iterations);
        writer.Write(evaluations);
        writer.Write((int)Status);
        writer.Write(Reason);
    }

    /// <inheritdoc/>
    public void Restore(BinaryReader reader, IRandomStream random)
    {
        ArgumentNullException.ThrowIfNull(reader);
        StateStream.RequireVersion(reader, StateVersion, "levenberg-marquardt");
        box = Box.Restore(reader);
        (x, gradient, scale, trial) = (reader.ReadArray(), reader.ReadArray(), reader.ReadArray(), reader.ReadArray());
        var (entries, n) = (reader.ReadArray(), gradient.Length);
        matrix = new double[n, n];
        Buffer.BlockCopy(entries, 0, matrix, 0, entries.Length * sizeof(double));
        (loss, damping, growth, foretold, BestLoss) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        (started, iterations, evaluations) = (reader.ReadBoolean(), reader.ReadInt32(), reader.ReadInt32());
        (Status, Reason) = ((OptimizerStatus)reader.ReadInt32(), reader.ReadString());
    }

    /// <summary>Takes the trial as the best point so far.</summary>
    private void Take(Evaluation found)
    {
        (x, loss, BestLoss, gradient, matrix) = ([.. trial], found.Loss, found.Loss, [.. found.Gradient!], (double[,])found.GaussNewton!.Clone());
        for (var i = 0; i < scale.Length; i++)
        {
            scale[i] = Math.Max(scale[i], matrix[i, i]);
        }
    }

    private void Continue(double gain)
    {
        if (box.ProjectedGradientNorm(x, gradient) <= gradientTolerance)
        {
            Stop(OptimizerStatus.Converged, "the projected gradient vanishes");
        }
        else if (gain <= lossTolerance * Math.Max(Math.Abs(loss), 1))
        {
            Stop(OptimizerStatus.Converged, "the loss no longer decreases");
        }
        else if (iterations >= maxIterations)
        {
            Stop(OptimizerStatus.Exhausted, $"reached {maxIterations} iterations");
        }
        else
        {
            Aim();
        }
    }

    /// <summary>The step was too long: the damping grows, faster each time.</summary>
    private void StepBack()
    {
        DampMore();
        Aim();
    }

    private void DampMore()
    {
        damping = damping == 0 ? 1e-3 : damping * growth;
        growth *= 2;
    }

    /// <summary>Chooses the next candidate.</summary>
    private void Aim()
    {
        var (lower, upper) = (Vector.Difference(box.Lower, x), Vector.Difference(box.Upper, x));
        double[]? step;
        while ((step = BoxQuadratic.Minimum(gradient, Damped(), lower, upper)) is null)
        {
            DampMore();
        }

        foretold = 0;
        for (var i = 0; i < step.Length; i++)
        {
            // Half of the gradient's part is what the quadratic's own curvature takes away again.
            foretold -= step[i] * (gradient[i] + BoxQuadratic.Slope(gradient, matrix, step, i)) / 2;
        }

        if (!(foretold > Rounding * Math.Abs(loss)))
        {
            Stop(OptimizerStatus.Converged, "no step lowers the loss by more than its rounding");
        }
        else
        {
            // At a bound exactly the bound.
            trial = [.. x.Select((value, i) => step[i] == lower[i] ? box.Lower[i] : step[i] == upper[i] ? box.Upper[i] : box.Clamp(i, value + step[i]))];
        }
    }

    private double[,] Damped()
    {
        var damped = (double[,])matrix.Clone();
        for (var i = 0; i < scale.Length; i++)
        {
            // Where the loss does not depend on a coordinate, any scale keeps it where it is.
            damped[i, i] += damping * (scale[i] > 0 ? scale[i] : 1);
        }

        return damped;
    }

    private void Stop(OptimizerStatus status, string reason) => (Status, Reason) = (status, reason);
}
