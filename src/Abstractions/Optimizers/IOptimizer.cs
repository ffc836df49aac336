using BrainModular.Random;

namespace BrainModular.Optimizers;

/// <summary>What an optimiser needs to be told about a candidate.</summary>
[Flags]
public enum EvaluationNeeds
{
    /// <summary>The loss.</summary>
    Loss = 1,

    /// <summary>The gradient of the loss.</summary>
    Gradient = 2,

    /// <summary>The gradient, and Gauss and Newton's approximation of the Hessian, of a loss that is a sum of squares.</summary>
    GaussNewton = 4,
}

/// <summary>Whether an optimiser goes on.</summary>
public enum OptimizerStatus
{
    /// <summary>It has candidates to ask for.</summary>
    Running,

    /// <summary>It reached its tolerance.</summary>
    Converged,

    /// <summary>It used up its iterations or evaluations.</summary>
    Exhausted,

    /// <summary>It cannot improve, for the reason it gives.</summary>
    Failed,
}

/// <summary>What is to be minimised, in scaled coordinates of order 1.</summary>
/// <param name="Start">Where to start, one number per coordinate.</param>
/// <param name="Lower">Lower bounds; negative infinity where there is none.</param>
/// <param name="Upper">Upper bounds; positive infinity where there is none.</param>
/// <param name="Random">The optimiser's own random stream.</param>
public sealed record OptimizationProblem(double[] Start, double[] Lower, double[] Upper, IRandomStream Random);

/// <summary>What is known of one candidate.</summary>
/// <param name="Loss">The loss; NaN or infinite where the simulation failed.</param>
/// <param name="Gradient">The gradient, where it was needed.</param>
/// <param name="GaussNewton">2 J'J, [coordinate, coordinate], where it was needed: J is the Jacobian of the residuals, whose squares sum to the loss.</param>
public sealed record Evaluation(double Loss, double[]? Gradient = null, double[,]? GaussNewton = null);

/// <summary>
/// An optimiser as ask and tell: it proposes candidates, which are evaluated side by side in lanes, and is told what it needs of them.
/// One object runs one start; its state can be saved between a Tell and the next Ask and continues to the same bits.
/// </summary>
public interface IOptimizer
{
    /// <summary>What it needs of each candidate.</summary>
    EvaluationNeeds Needs { get; }

    /// <summary>Whether it goes on.</summary>
    OptimizerStatus Status { get; }

    /// <summary>Why it stopped, in a few words; empty while it runs.</summary>
    string Reason { get; }

    /// <summary>The best candidate so far.</summary>
    double[] Best { get; }

    /// <summary>The loss of <see cref="Best"/>; positive infinity before the first Tell.</summary>
    double BestLoss { get; }

    /// <summary>Starts on a problem.</summary>
    void Begin(OptimizationProblem problem);

    /// <summary>The next candidates, at least one while it is running; the arrays belong to the optimiser and stay as they are until Tell.</summary>
    IReadOnlyList<double[]> Ask();

    /// <summary>Takes what was found of the candidates of the last Ask, in their order.</summary>
    void Tell(IReadOnlyList<Evaluation> evaluations);

    /// <summary>Writes the whole state, the problem included.</summary>
    void Save(BinaryWriter writer);

    /// <summary>Reads what <see cref="Save"/> wrote; <see cref="Begin"/> is not called then, but the random stream is given.</summary>
    void Restore(BinaryReader reader, IRandomStream random);
}
