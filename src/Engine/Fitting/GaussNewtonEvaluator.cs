using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Threads;
using BrainModular.Optimizers;

namespace BrainModular.Engine.Fitting;

/// <summary>
/// The mean loss over all traces, its gradient and Gauss and Newton's matrix, for many candidates side by side, where the loss is a sum of squares. As with
/// <see cref="LossEvaluator"/> the thread count does not change a bit.
/// </summary>
public sealed class GaussNewtonEvaluator : IDisposable
{
    private readonly SensitivityProgram program;
    private readonly IReadOnlyList<Trace> traces;
    private readonly IReadOnlyList<FreeParameter> free;
    private readonly int[] coordinates;
    private readonly int threads;
    private readonly Dictionary<(int Trace, int Block), (ForwardSensitivities Run, int Lanes)> runs = [];

    /// <param name="plan">The fit.</param>
    /// <param name="traces">The traces.</param>
    /// <param name="free">The parameters to change, in the order of coordinates.</param>
    /// <exception cref="Diagnostics.DiagnosticException">BM2714: the loss is no sum of squares.</exception>
    public GaussNewtonEvaluator(FitPlan plan, IReadOnlyList<Trace> traces, IReadOnlyList<FreeParameter> free)
    {
        (this.traces, this.free, threads) = (traces, free, plan.Threads);
        program = new(SensitivityFunctions.Derive(Step(plan)), plan.Train[0].TimeStep, plan.Precision, CompileOptions.Default);
        coordinates = [.. program.Functions.Parameters.Select(name => free.Index().First(f => f.Item.Name == name).Index)];
    }

    /// <summary>Refuses a fit whose loss is no sum of squares.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM2714.</exception>
    public static void Require(FitPlan plan) => Step(plan);

    /// <summary>Evaluates candidates, given as coordinates.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="totalWeight">The sum of all samples' weights, by which the summed loss is divided.</param>
    public IReadOnlyList<Evaluation> Evaluate(IReadOnlyList<double[]> candidates, double totalWeight)
    {
        var blocks = candidates.Index().Chunk(LossEvaluator.Block).ToList();
        var pieces = Enumerable.Range(0, traces.Count).SelectMany(trace => blocks.Select((block, number) => (Run: RunFor(trace, number, block.Length), Block: block))).ToList();
        var sums = new SquareSums[pieces.Count];
        Workers.ForEach(pieces.Count, threads, i => sums[i] = pieces[i].Run.Run(
            [.. coordinates.Select(c => pieces[i].Block.Select(candidate => free[c].Value(candidate.Item[c])).ToArray())]));
        var found = candidates.Select(_ => (Loss: 0.0, Gradient: new double[free.Count], Matrix: new double[free.Count, free.Count])).ToArray();
        foreach (var (piece, sum) in pieces.Zip(sums))
        {
            foreach (var (lane, (index, candidate)) in piece.Block.Index())
            {
                found[index].Loss += sum.Loss[lane] / totalWeight;
                Add(found[index].Gradient, found[index].Matrix, sum, lane, [.. candidate.Select((c, p) => free[p].Slope(c))], 2 / totalWeight);
            }
        }

        return [.. found.Select(static f => new Evaluation(f.Loss, f.Gradient, f.Matrix))];
    }

    public void Dispose()
    {
        foreach (var (run, _) in runs.Values)
        {
            run.Dispose();
        }
    }

    private static StepFunction Step(FitPlan plan) => StepFunction.BuildResiduals(
        plan.Model, plan.Loss, plan.Coupling is null ? null : FitPlan.StimulusPort(plan.Model), plan.StepOptions);

    private void Add(double[] gradient, double[,] matrix, SquareSums sum, int lane, double[] slopes, double factor)
    {
        for (var i = 0; i < coordinates.Length; i++)
        {
            var row = coordinates[i];
            gradient[row] += factor * slopes[row] * sum.Gradient[i][lane];
            for (var j = 0; j < coordinates.Length; j++)
            {
                matrix[row, coordinates[j]] += factor * slopes[row] * slopes[coordinates[j]] * sum.Products[i][j][lane];
            }
        }
    }

    /// <summary>The memory of a run is kept for the next round, as long as as many candidates are left.</summary>
    private ForwardSensitivities RunFor(int trace, int block, int lanes)
    {
        if (!runs.TryGetValue((trace, block), out var run) || run.Lanes != lanes)
        {
            run.Run?.Dispose();
            runs[(trace, block)] = run = (new(program, traces[trace], lanes), lanes);
        }

        return run.Run;
    }
}
