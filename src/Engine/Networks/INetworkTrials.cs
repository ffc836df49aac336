namespace BrainModular.Engine.Networks;

/// <summary>What comes into a network from outside in one chunk of lanes, and what is read out of it.</summary>
public interface INetworkTrials
{
    /// <summary>The number of the first lane among all that share the network's noise.</summary>
    int FirstLane { get; }

    /// <summary>How many of the lanes count; the others only fill the chunk.</summary>
    int Trials { get; }

    /// <summary>How many trials the batch has whose mean the loss is.</summary>
    int BatchTrials { get; }

    /// <summary>What is read out.</summary>
    IReadOnlyList<INetworkReadout> Readouts { get; }

    /// <summary>What the gradient of the chunk is multiplied by. It is asked for when the chunk has been run.</summary>
    double GradientFactor => 1;

    /// <summary>Gives what comes in during a step. Different inputs may be asked for by different threads at a time, each input by one.</summary>
    /// <param name="input">The number of the input.</param>
    /// <param name="step">The step.</param>
    /// <param name="row">Gets the values, [channel][lane].</param>
    void Read(int input, int step, Span<float> row);
}

/// <summary>A loss of one state of one population. Steps are independent of each other, so that any can be asked for again.</summary>
public interface INetworkReadout
{
    /// <summary>The population.</summary>
    string Population { get; }

    /// <summary>The state.</summary>
    string State { get; }

    /// <summary>Whether a step counts; the others are neither observed nor have a gradient.</summary>
    bool Counts(int step);

    /// <summary>Adds a step's loss.</summary>
    /// <param name="step">The step.</param>
    /// <param name="values">The state at the step's end, [unit][lane].</param>
    void Observe(int step, ReadOnlySpan<double> values);

    /// <summary>Adds the derivative of a step's loss by the state.</summary>
    /// <param name="step">The step.</param>
    /// <param name="values">The state at the step's end, [unit][lane].</param>
    /// <param name="adjoint">Gets the derivative added, [unit][lane].</param>
    void Differentiate(int step, ReadOnlySpan<double> values, Span<double> adjoint);
}
