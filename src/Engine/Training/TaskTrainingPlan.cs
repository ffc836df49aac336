using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Networks;
using BrainModular.Tasks;

namespace BrainModular.Engine.Training;

/// <summary>What a task's loss is.</summary>
public enum TaskLoss
{
    /// <summary>The cross-entropy of the readout's softmax with the target class, averaged over each trial's mask.</summary>
    CrossEntropy,

    /// <summary>The squared distance of the readout from the target, averaged over each trial's mask and the channels.</summary>
    MeanSquaredError,
}

/// <summary>How a network is trained on a task.</summary>
/// <param name="Program">The network, built for training and with <see cref="Readout"/> observed. Its first input gets the task's channels.</param>
/// <param name="Task">The task.</param>
/// <param name="Shape">The task's shape at the network's time step.</param>
/// <param name="Readout">The population that is read out: one unit for every class or target channel.</param>
/// <param name="Loss">What is minimised.</param>
/// <param name="Batch">How many trials a step of training has.</param>
public sealed record TaskTrainingPlan(NetworkProgram Program, ITask Task, TaskShape Shape, string Readout, TaskLoss Loss, int Batch)
{
    /// <summary>The state of <see cref="Readout"/> that is read out.</summary>
    public string ReadoutState { get; init; } = "y";

    /// <summary>How many trials run side by side in one chunk; results depend on it in the last bits, not on the threads.</summary>
    public int Lanes { get; init; } = 16;

    /// <summary>How many chunks run at a time.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Bytes that a chunk's stored states may take; beyond it about sqrt(steps) are stored, and the others run again.</summary>
    public long MemoryBudget { get; init; } = 1L << 30;

    /// <summary>Over how many steps the gradient is followed backwards; 0 for all.</summary>
    public int Window { get; init; }

    /// <summary>After how many steps weights change, by an online method; 0 for after whole trials.</summary>
    public int UpdateEvery { get; init; }

    /// <summary>Whether, by an online method, trials follow each other as one stream: the network is not set back to its initial states in between.</summary>
    public bool IsStream { get; init; }

    /// <summary>
    /// Whether, by an online method, trials choose by chance and only whether that was right is learnt from: traces and learning signals make the
    /// gradient of ln p of the choices, and at the end of a trial its reward less what is expected multiplies it. Targets are classes.
    /// </summary>
    public bool LearnsFromReward { get; init; }

    /// <summary>The key of the network's noise.</summary>
    public StreamKey Noise { get; init; }
}

/// <summary>What became of some trials.</summary>
/// <param name="Trials">How many.</param>
/// <param name="Loss">The mean loss.</param>
/// <param name="Accuracy">The fraction of right answers where targets are classes; of values, the part of the targets' variance that the readout accounts for.</param>
/// <param name="Rates">The mean rate of each spiking population, in Hz.</param>
public sealed record TrialResult(int Trials, double Loss, double Accuracy, IReadOnlyDictionary<string, double> Rates);
