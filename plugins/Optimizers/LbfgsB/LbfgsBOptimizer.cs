using BrainModular.Optimizers;
using BrainModular.Random;

namespace BrainModular.Plugins.Optimizers.LbfgsB;

/// <summary>
/// L-BFGS-B: minimises a smooth loss in a box by a limited-memory quasi-Newton method. Each iteration finds the generalized Cauchy point
/// of a quadratic model, minimises the model over the coordinates that are free there, and searches along the line to that point.
/// </summary>
/// <remarks>
/// Byrd, Lu, Nocedal and Zhu 1995, 10.1137/0916069; Morales and Nocedal 2011, 10.1145/2049662.2049669; line search of More and Thuente
/// 1994, 10.1145/192115.192132. Between Tell and Ask the whole search is plain data, so it is saved and resumed at any evaluation. A
/// candidate whose loss or gradient is not finite counts as too far: the line is searched again up to a quarter of that step.
/// </remarks>
public sealed class LbfgsBOptimizer : IOptimizer
{
    private const int StateVersion = 1;
    private const int LineSearchEvaluations = 20;
    private const double LongestStep = 1e10;
    private const double Rounding = 16 * Vector.Precision;

    private readonly int maxIterations;
    private readonly int maxEvaluations;
    private readonly double firstStep;
    private readonly double lossTolerance;
    private readonly double gradientTolerance;
    private readonly CompactHessian hessian;
    private readonly MoreThuente search = new();

    private Box box = new([], []);
    private double[] x = [], gradient = [], direction = [], target = [], trial = [];
    private double loss, slope;
    private bool started;
    private int iterations, evaluations, searchEvaluations, contradictions;

    /// <summary>An optimiser with the given settings.</summary>
    public LbfgsBOptimizer(Plugins.ISettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        hessian = new(settings.Integer("memory", 10, 1, 100, "how many past steps the quadratic model remembers"));
        maxIterations = settings.Integer("maxIterations", 1000, 1, int.MaxValue, "iterations, each of about one evaluation");
        maxEvaluations = settings.Integer("maxEvaluations", 15000, 1, int.MaxValue, "evaluations of loss and gradient");
        firstStep = settings.Number("firstStep", 1, 1e-9, 1e9, "longest step before anything is known of the curvature; along a steep gradient it would leap to a corner of the box");
        lossTolerance = settings.Number("ftol", 1e-15, 0, 1, "stops where an iteration lowers the loss f by less than ftol max(|f|, 1)");
        gradientTolerance = settings.Number("gtol", 1e-9, 0, 1e9, "stops where no component of the projected gradient exceeds this");
    }

    /// <summary>One that ends after so many iterations or where no component of the projected gradient exceeds a tolerance.</summary>
    internal LbfgsBOptimizer(int maxIterations, double gradientTolerance)
    {
        hessian = new(memory: 10);
        (this.maxIterations, maxEvaluations) = (maxIterations, 20 * maxIterations);
        (firstStep, lossTolerance, this.gradientTolerance) = (0.1, 1e-12, gradientTolerance);
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
        (gradient, direction, target) = (new double[x.Length], new double[x.Length], [.. x]);
        trial = [.. x];
        Best = [.. x];
        BestLoss = double.PositiveInfinity;
        (Status, Reason, started) = (OptimizerStatus.Running, "", false);
        (loss, slope, iterations, evaluations, searchEvaluations, contradictions) = (double.PositiveInfinity, 0, 0, 0, 0, 0);
        hessian.Forget(1);
    }

    /// <inheritdoc/>
    public IReadOnlyList<double[]> Ask() => Status == OptimizerStatus.Running ? [trial] : [];

    /// <inheritdoc/>
    public void Tell(IReadOnlyList<Evaluation> evaluations)
    {
        ArgumentNullException.ThrowIfNull(evaluations);
        var found = evaluations[0];
        var foundGradient = found.Gradient ?? throw new ArgumentException("L-BFGS-B needs the gradient", nameof(evaluations));
        var finite = double.IsFinite(found.Loss) && Array.TrueForAll(foundGradient, double.IsFinite);
        this.evaluations++;
        if (finite && found.Loss < BestLoss)
        {
            (Best, BestLoss) = ([.. trial], found.Loss);
        }

        if (!started)
        {
            Start(found.Loss, foundGradient, finite);
        }
        else
        {
            Search(found.Loss, foundGradient, finite);
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
        foreach (var array in (double[][])[x, gradient, direction, target, trial, Best])
        {
            writer.WriteArray(array);
        }

        writer.Write(loss);
        writer.Write(slope);
        writer.Write(BestLoss);
        writer.Write(started);
        writer.Write(iterations);
        writer.Write(evaluations);
        writer.Write(searchEvaluations);
        writer.Write(contradictions);
        writer.Write((int)Status);
        writer.Write(Reason);
        hessian.Save(writer);
        search.Save(writer);
    }

    /// <inheritdoc/>
    public void Restore(BinaryReader reader, IRandomStream random)
    {
        ArgumentNullException.ThrowIfNull(reader);
        StateStream.RequireVersion(reader, StateVersion, "l-bfgs-b");
        box = Box.Restore(reader);
        (x, gradient, direction) = (reader.ReadArray(), reader.ReadArray(), reader.ReadArray());
        (target, trial, Best) = (reader.ReadArray(), reader.ReadArray(), reader.ReadArray());
        (loss, slope, BestLoss) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        started = reader.ReadBoolean();
        (iterations, evaluations) = (reader.ReadInt32(), reader.ReadInt32());
        (searchEvaluations, contradictions) = (reader.ReadInt32(), reader.ReadInt32());
        (Status, Reason) = ((OptimizerStatus)reader.ReadInt32(), reader.ReadString());
        hessian.Restore(reader);
        search.Restore(reader);
    }

    private void Start(double value, double[] slopes, bool finite)
    {
        if (!finite)
        {
            Stop(OptimizerStatus.Failed, "the loss or its gradient is not finite at the start");
            return;
        }

        started = true;
        (loss, gradient) = (value, [.. slopes]);
        if (!StopAtFlatGradient())
        {
            Aim();
        }
    }

    /// <summary>Takes an evaluation on the line; where the search ends, the next iteration begins.</summary>
    private void Search(double value, double[] slopes, bool finite)
    {
        searchEvaluations++;
        contradictions += value > loss && Vector.Dot(slopes, direction) <= slope / 2 ? 1 : 0;
        if (finite && search.Tell(value, Vector.Dot(slopes, direction)))
        {
            Accept(value, slopes);
        }
        else if (searchEvaluations >= LineSearchEvaluations)
        {
            Retry();
        }
        else
        {
            if (!finite)
            {
                search.Begin(loss, slope, search.Step / 4, search.Step);
            }

            trial = OnLine(search.Step);
        }
    }

    private void Accept(double value, double[] slopes)
    {
        iterations++;
        var step = Vector.Difference(trial, x);
        var change = Vector.Difference(slopes, gradient);
        var (previous, descent) = (loss, -slope * search.Step);
        (x, loss, gradient) = ([.. trial], value, [.. slopes]);
        if (StopAtFlatGradient())
        {
            return;
        }

        if (previous - loss <= lossTolerance * Math.Max(Math.Max(Math.Abs(previous), Math.Abs(loss)), 1))
        {
            Stop(OptimizerStatus.Converged, "the loss no longer decreases");
        }
        else if (iterations >= maxIterations)
        {
            Stop(OptimizerStatus.Exhausted, $"reached {maxIterations} iterations");
        }
        else
        {
            hessian.Update(step, change, descent);
            Aim();
        }
    }

    /// <summary>Chooses the next direction and the first step along it.</summary>
    private void Aim()
    {
        while (true)
        {
            if (hessian.Order == 0)
            {
                hessian.Forget(Math.Max(1, Math.Sqrt(Vector.Dot(gradient, gradient)) / firstStep));
            }

            if (CauchyPoint.Find(x, gradient, box, hessian) is { } cauchy && SubspaceMinimum.Find(x, gradient, box, hessian, cauchy) is { } point)
            {
                (target, direction) = (point, Vector.Difference(point, x));
                slope = Vector.Dot(direction, gradient);
                if (slope < 0)
                {
                    BeginSearch();
                    return;
                }
            }

            if (hessian.Order == 0)
            {
                Stop(OptimizerStatus.Failed, "no direction of descent is left");
                return;
            }

            // Rounding has spoilt the remembered curvature: steepest descent, then a new memory.
            hessian.Forget(1);
        }
    }

    private void BeginSearch()
    {
        search.Begin(loss, slope, 1, Math.Min(Math.Max(1, box.LongestStep(x, direction)), LongestStep));
        (searchEvaluations, contradictions) = (0, 0);
        trial = OnLine(search.Step);
    }

    /// <summary>The line search found nothing: there is nothing to find, or steepest descent without memory is tried, or was and it is the end.</summary>
    private void Retry()
    {
        if (contradictions > searchEvaluations / 2)
        {
            Stop(OptimizerStatus.Failed, "the loss rises where its gradient says that it falls");
            return;
        }

        if (-slope * search.Step <= Rounding * Math.Max(Math.Abs(loss), 1))
        {
            Stop(OptimizerStatus.Converged, "the loss decreases by no more than its rounding");
            return;
        }

        if (hessian.Order == 0)
        {
            Stop(OptimizerStatus.Failed, "the line search found no lower loss along the negative gradient");
            return;
        }

        hessian.Forget(1);
        Aim();
    }

    private bool StopAtFlatGradient()
    {
        if (box.ProjectedGradientNorm(x, gradient) > gradientTolerance)
        {
            return false;
        }

        Stop(OptimizerStatus.Converged, "the projected gradient vanishes");
        return true;
    }

    /// <summary>The point at a step; at step 1 the target itself, so that bounds are met exactly.</summary>
    private double[] OnLine(double step)
    {
        var point = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            point[i] = step == 1 ? target[i] : box.Clamp(i, x[i] + (step * direction[i]));
        }

        return point;
    }

    private void Stop(OptimizerStatus status, string reason) => (Status, Reason) = (status, reason);
}
