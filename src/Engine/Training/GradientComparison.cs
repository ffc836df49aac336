using BrainModular.Engine.Networks;
using BrainModular.Engine.Networks.Online;
using BrainModular.Random;

namespace BrainModular.Engine.Training;

/// <summary>How a gradient by a projection's weights agrees with that of backpropagation through time.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Weights">How many of its weights are trained.</param>
/// <param name="Cosine">The cosine of the angle between the two gradients; NaN where one of them is 0.</param>
/// <param name="NormRatio">The Euclidean length of the gradient over that of backpropagation; NaN where the latter is 0.</param>
public sealed record GradientAgreement(string Projection, int Weights, double Cosine, double NormRatio);

/// <summary>Finds the gradient of one batch of trials by several methods, at the same weights.</summary>
/// <remarks>
/// The loss is that of the readout alone: online methods have no regularisers, so that backpropagation is compared without them too. Gradients
/// are followed back over whole trials.
/// </remarks>
public sealed class GradientComparison
{
    private readonly TaskTrainingPlan plan;
    private readonly TaskTrials[] chunks;

    /// <param name="plan">What is trained; <see cref="TaskTrainingPlan.Batch"/> is the number of trials.</param>
    /// <param name="random">The training's random stream: the trials are those of its first batch.</param>
    /// <param name="cancel">Stops between chunks.</param>
    public GradientComparison(TaskTrainingPlan plan, IRandomStream random, CancellationToken cancel = default)
    {
        this.plan = plan = plan with { Program = With(plan.Program, null), LearnsFromReward = false };
        chunks = TaskTrials.Chunks(plan);
        TaskTrials.Generate(plan, chunks, plan.Task.For(Tasks.TrialUse.Training), plan.Batch, 0, random.Split(TaskTrials.BatchName(0)), cancel);
    }

    /// <summary>Readies a method for the network.</summary>
    /// <param name="method">The method; null for backpropagation through time.</param>
    /// <exception cref="Diagnostics.DiagnosticException">BM2520: the method cannot train this network.</exception>
    public MethodGradient Open(OnlineMethod? method) => new(method is null ? plan.Program : With(plan.Program, method), plan, chunks);

    /// <summary>The size of what real-time recurrent learning takes on in each step and trial: trained weights times states.</summary>
    public long Sensitivities => plan.Program.Coordinates * plan.Program.Trained.Sum(static p => (long)p.Count * p.Model.States.Count);

    /// <summary>Compares a gradient with backpropagation's, projection by projection.</summary>
    /// <param name="reference">The gradient by backpropagation through time.</param>
    /// <param name="gradient">The other one.</param>
    public IReadOnlyList<GradientAgreement> Agreement(double[] reference, double[] gradient)
    {
        var (found, first) = (new List<GradientAgreement>(), 0);
        foreach (var block in plan.Program.Blocks.Where(static b => b.Coordinates > 0))
        {
            var (r, g) = (reference[first..(first + block.Coordinates)], gradient[first..(first + block.Coordinates)]);
            var (length, referenceLength) = (Length(g), Length(r));
            var product = r.Zip(g, static (a, b) => a * b).Sum();
            found.Add(new(
                block.Definition.Name, block.Coordinates, length > 0 && referenceLength > 0 ? product / length / referenceLength : double.NaN,
                referenceLength > 0 ? length / referenceLength : double.NaN));
            first += block.Coordinates;
        }

        return found;
    }

    private static NetworkProgram With(NetworkProgram program, OnlineMethod? method) =>
        new(program.Definition, program.Precision, program.Options with { Online = method, Rates = null, Voltages = null });

    private static double Length(double[] vector) => Math.Sqrt(vector.Sum(static v => v * v));
}

/// <summary>One method's gradient of a batch of trials.</summary>
public sealed class MethodGradient : IDisposable
{
    private readonly NetworkBatch batch;
    private readonly TaskTrainingPlan plan;
    private readonly TaskTrials[] chunks;

    internal MethodGradient(NetworkProgram program, TaskTrainingPlan plan, TaskTrials[] chunks)
    {
        (this.plan, this.chunks, Gradient) = (plan, chunks, new double[program.Coordinates]);
        batch = NetworkBatch.Open(program, new(plan.Shape.Steps, plan.Lanes, plan.Threads) { MemoryBudget = plan.MemoryBudget, Noise = plan.Noise });
    }

    /// <summary>The derivative of the loss by each coordinate, of the last run.</summary>
    public double[] Gradient { get; }

    /// <summary>The mean loss of the trials in the last run.</summary>
    public double Loss { get; private set; }

    /// <summary>All memory that states, traces and gradients take.</summary>
    public long Bytes => batch.Bytes;

    /// <summary>Runs the trials. The first run allocates; a second one takes as long as any later one.</summary>
    /// <param name="coordinates">The network's coordinates.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <exception cref="Diagnostics.DiagnosticException">BM5201: a state is not finite.</exception>
    public void Run(double[] coordinates, CancellationToken cancel = default)
    {
        foreach (var chunk in chunks)
        {
            chunk.Score.Begin(chunk.Trials, plan.Batch);
        }

        batch.Run(coordinates, chunks, Gradient, cancel);
        Loss = chunks.Sum(static c => c.Score.Loss);
    }

    /// <summary>The mean rate of each spiking population in the last run, in Hz.</summary>
    public IReadOnlyDictionary<string, double> Rates() => TaskTrials.Rates(plan, plan.Batch, batch.SpikeCounts);

    public void Dispose() => batch.Dispose();
}
