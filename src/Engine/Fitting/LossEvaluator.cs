using System.Collections.Concurrent;
using System.Numerics;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Threads;
using BrainModular.Optimizers;

namespace BrainModular.Engine.Fitting;

/// <summary>
/// The mean loss over all traces, and its gradient, for many candidates side by side. The work is cut into pieces of one trace and a block
/// of candidates, which threads take whole; sums are taken in a fixed order, so neither the thread count nor the blocks change a bit.
/// </summary>
/// <param name="program">The compiled step with its loss.</param>
/// <param name="traces">The traces.</param>
/// <param name="free">The parameters to change.</param>
/// <param name="threads">How many threads may work.</param>
/// <param name="memoryBudget">Bytes that stored states may take in all: of more, those at the starts of segments are kept, which are run again.</param>
/// <param name="columns">For each trace, which coordinate each of the program's parameters is; null: the parameters are the coordinates, in their order.</param>
public sealed class LossEvaluator(
    TrainingProgram program, IReadOnlyList<Trace> traces, IReadOnlyList<FreeParameter> free, int threads, long memoryBudget = 1L << 28, IReadOnlyList<int[]>? columns = null)
    : IDisposable
{
    /// <summary>Where there are many candidates, blocks of more: a step of so many costs less for each.</summary>
    private const int LargestBlock = 128;

    private const int PiecesPerThread = 4;

    private readonly int parameters = program.Functions.Parameters.Count;
    private readonly ConcurrentDictionary<(int Trace, int Lanes, bool Stored), ConcurrentBag<BackpropagationThroughTime>> idle = [];

    /// <summary>How many candidates a piece of work holds at least, where there are so many.</summary>
    public const int Block = 32;

    /// <summary>The sum of all samples' weights, by which the summed loss is divided.</summary>
    public double TotalWeight { get; set; } = 1;

    /// <summary>How many steps were simulated so far, over all traces and candidates.</summary>
    public long SimulatedSteps { get; set; }

    /// <summary>The memory that is kept for the next round.</summary>
    public long Bytes => idle.Values.Sum(static r => r.Sum(static run => run.Bytes));

    /// <summary>Evaluates candidates, given as coordinates.</summary>
    public IReadOnlyList<Evaluation> Evaluate(IReadOnlyList<double[]> candidates, bool withGradient)
    {
        var pieces = Pieces(candidates.Count);
        Workers.ForEach(pieces.Count, threads, i => Run(pieces[i], candidates, withGradient));
        var losses = new double[candidates.Count];
        double[][] gradients = [.. candidates.Select(_ => new double[free.Count])];
        foreach (var piece in pieces)
        {
            for (var lane = 0; lane < piece.Lanes; lane++)
            {
                losses[piece.First + lane] += piece.Loss[lane] / TotalWeight;
                for (var p = 0; p < parameters; p++)
                {
                    gradients[piece.First + lane][Column(piece.Trace, p)] += piece.Gradient[p][lane] / TotalWeight;
                }
            }

            SimulatedSteps += (long)piece.Lanes * traces[piece.Trace].Steps;
        }

        return [.. candidates.Select((c, i) => new Evaluation(losses[i], withGradient ? InCoordinates(c, gradients[i]) : null))];
    }

    public void Dispose()
    {
        foreach (var run in idle.Values.SelectMany(static r => r))
        {
            run.Dispose();
        }
    }

    private double[] InCoordinates(double[] candidate, double[] gradient)
    {
        for (var p = 0; p < gradient.Length; p++)
        {
            gradient[p] *= free[p].Slope(candidate[p]);
        }

        return gradient;
    }

    private int Column(int trace, int parameter) => columns is null ? parameter : columns[trace][parameter];

    private List<Piece> Pieces(int candidates)
    {
        var block = LargestBlock;
        while (block > Block && traces.Count * ((candidates + block - 1) / block) < PiecesPerThread * threads)
        {
            block /= 2;
        }

        return [.. Enumerable.Range(0, traces.Count).SelectMany(trace => Enumerable.Range(0, candidates).Chunk(block).Select(b => new Piece(trace, b[0], b.Length, parameters)))];
    }

    private void Run(Piece piece, IReadOnlyList<double[]> candidates, bool withGradient)
    {
        var values = new double[parameters][];
        for (var p = 0; p < values.Length; p++)
        {
            var column = Column(piece.Trace, p);
            values[p] = [.. Enumerable.Range(piece.First, piece.Lanes).Select(c => free[column].Value(candidates[c][column]))];
        }

        // Memory is kept for the next round, in sizes that fit as fewer candidates are left. Without gradients no states are stored.
        var lanes = (int)BitOperations.RoundUpToPowerOf2((uint)piece.Lanes);
        var unused = idle.GetOrAdd((piece.Trace, lanes, withGradient), static _ => []);
        if (!unused.TryTake(out var run))
        {
            run = new(program, traces[piece.Trace], lanes, withGradient ? memoryBudget / (traces.Count * threads) : 0);
        }

        run.Run(values, piece.Loss, withGradient ? piece.Gradient : null);
        unused.Add(run);
    }

    private sealed record Piece(int Trace, int First, int Lanes, int Parameters)
    {
        public double[] Loss { get; } = new double[Lanes];

        public double[][] Gradient { get; } = [.. Enumerable.Range(0, Parameters).Select(_ => new double[Lanes])];
    }
}
