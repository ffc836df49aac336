namespace BrainModular.Engine.Fitting;

/// <summary>How far a fit is.</summary>
/// <param name="Round">Which round, from 0: the search for starts where there is one, then those of coupling and horizon.</param>
/// <param name="Rounds">How many there are.</param>
/// <param name="Iteration">Rounds of evaluations within it.</param>
/// <param name="Evaluations">Candidates evaluated in all.</param>
/// <param name="Running">How many starts still run.</param>
/// <param name="BestLoss">The smallest loss of this round.</param>
public sealed record FitProgress(int Round, int Rounds, int Iteration, int Evaluations, int Running, double BestLoss)
{
    /// <summary>How many steps were simulated so far, over all candidates and sweeps.</summary>
    public long SimulatedSteps { get; init; }

    /// <summary>Whether the model is held near the data or runs over parts of the sweeps, so that losses are not those of the fit.</summary>
    public bool IsPreliminary { get; init; }

    /// <summary>What each of the plan's losses is with the best candidate of this round, in engine units and before its weight; empty where there is one alone.</summary>
    public IReadOnlyList<double> Parts { get; init; } = [];
}
