using BrainModular.Engine.Learning;
using BrainModular.Optimizers;

namespace BrainModular.Engine.Fitting;

/// <summary>
/// The mean loss over all traces, and its gradient, for many candidates side by side. The work is cut into pieces of one trace and a
/// fixed number of candidates, which threads take whole; sums are taken in a fixed order, so the thread count does not change a bit.
/// </summary>
/// <param name="program">The compiled step with its loss; its parameters are the free ones, in their order.</param>
/// <param name="traces">The traces.</param>
/// <param name="free">The parameters to change.</param>
/// <param name="threads">How many threads may work.</param>
/// <param name="memoryBudget">Bytes that stored states may take in all.</param>
public sealed class LossEvaluator(
    TrainingProgram program, IReadOnlyList<Trace> traces, IReadOnlyList<FreeParameter> free, int threads, long memoryBudget = 1L << 31)
    : IDisposable
{
    private readonly List<Run?> runs = [];

    /// <summary>How many candidates a piece of work holds.</summary>
    public const int Block = 32;

    /// <summary>The sum of all samples' weights, by which the summed loss is divided.</summary>
    public double TotalWeight { get; set; } = 1;

    /// <summary>How many steps were simulated so far, over all traces and candidates.</summary>
    public long SimulatedSteps { get; set; }

    /// <summary>Evaluates candidates, given as coordinates.</summary>
    public IReadOnlyList<Evaluation> Evaluate(IReadOnlyList<double[]> candidates, bool withGradient)
    {
        var pieces = Pieces(candidates.Count, withGradient);
        Parallel.ForEach(pieces, new() { MaxDegreeOfParallelism = threads }, piece => piece.Run(free, candidates, withGradient));
        var losses = new double[candidates.Count];
        double[][] gradients = [.. candidates.Select(_ => new double[free.Count])];
        foreach (var piece in pieces)
        {
            for (var lane = 0; lane < piece.Lanes; lane++)
            {
                losses[piece.First + lane] += piece.Loss[lane] / TotalWeight;
                for (var p = 0; p < free.Count; p++)
                {
                    gradients[piece.First + lane][p] += piece.Gradient[p][lane] / TotalWeight;
                }
            }

            SimulatedSteps += (long)piece.Lanes * piece.Steps;
        }

        return [.. candidates.Select((c, i) => new Evaluation(losses[i], withGradient ? InCoordinates(c, gradients[i]) : null))];
    }

    public void Dispose()
    {
        runs.ForEach(static r => r?.Through.Dispose());
    }

    private double[] InCoordinates(double[] candidate, double[] gradient)
    {
        for (var p = 0; p < gradient.Length; p++)
        {
            gradient[p] *= free[p].Slope(candidate[p]);
        }

        return gradient;
    }

    private List<Piece> Pieces(int candidates, bool withGradient)
    {
        var blocks = Math.Max(1, (candidates + Block - 1) / Block);
        var pieces = new List<Piece>();
        for (var trace = 0; trace < traces.Count; trace++)
        {
            for (var block = 0; block < blocks; block++)
            {
                var lanes = Math.Min(Block, candidates - (block * Block));
                var through = RunFor(trace, block, lanes, withGradient ? memoryBudget / (blocks * traces.Count) : 0);
                pieces.Add(new(through, block * Block, lanes, free.Count, traces[trace].Steps));
            }
        }

        return pieces;
    }

    /// <summary>
    /// The memory of a run is kept for the next round; once fewer candidates are left, a smaller one takes its place. Without gradients a
    /// budget of 0 keeps it small enough for the processor's caches.
    /// </summary>
    private BackpropagationThroughTime RunFor(int trace, int block, int lanes, long budget)
    {
        var place = (block * traces.Count) + trace;
        while (runs.Count <= place)
        {
            runs.Add(null);
        }

        if (runs[place] is not { } run || run.Lanes != lanes || run.Stored != budget > 0)
        {
            runs[place]?.Through.Dispose();
            runs[place] = run = new(new(program, traces[trace], lanes, budget), lanes, budget > 0);
        }

        return run.Through;
    }

    private sealed record Run(BackpropagationThroughTime Through, int Lanes, bool Stored);

    private sealed record Piece(BackpropagationThroughTime Through, int First, int Lanes, int Parameters, int Steps)
    {
        public double[] Loss { get; } = new double[Lanes];

        public double[][] Gradient { get; } = [.. Enumerable.Range(0, Parameters).Select(_ => new double[Lanes])];

        public void Run(IReadOnlyList<FreeParameter> free, IReadOnlyList<double[]> candidates, bool withGradient)
        {
            var values = new double[free.Count][];
            for (var p = 0; p < values.Length; p++)
            {
                values[p] = new double[Lanes];
                for (var lane = 0; lane < Lanes; lane++)
                {
                    values[p][lane] = free[p].Value(candidates[First + lane][p]);
                }
            }

            Through.Run(values, Loss, withGradient ? Gradient : null);
        }
    }
}
