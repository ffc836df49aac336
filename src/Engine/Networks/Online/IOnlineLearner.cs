using System.Numerics;

namespace BrainModular.Engine.Networks.Online;

/// <summary>What an online method does after each step of a running chunk.</summary>
internal interface IOnlineLearner<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    /// <summary>All memory held, without that of the run.</summary>
    long Bytes { get; }

    /// <summary>Forgets everything: the run starts anew.</summary>
    void Begin();

    /// <summary>Learns from a step that was just run.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="trials">What is read out.</param>
    /// <param name="gradient">Gets the gradient by weights added, now or in later calls.</param>
    /// <param name="step">The step, counted from the start of the run.</param>
    /// <param name="trialStep">Its number among the trials' own.</param>
    void Learn(NetworkWeights<T> weights, INetworkTrials trials, NetworkWeights<T> gradient, int step, int trialStep);

    /// <summary>Adds to the gradient all that is known by now.</summary>
    /// <param name="trials">What is read out.</param>
    /// <param name="gradient">Gets it added.</param>
    /// <param name="steps">How many steps were run.</param>
    /// <param name="isEnd">Whether no further steps follow.</param>
    void Settle(INetworkTrials trials, NetworkWeights<T> gradient, int steps, bool isEnd);

    /// <summary>All numbers that learning goes on from, in order.</summary>
    /// <param name="each">Gets each piece of memory.</param>
    void Visit(MemoryVisitor each);
}

/// <summary>Reads or writes a piece of memory in place.</summary>
internal delegate void MemoryVisitor(Span<byte> memory);
