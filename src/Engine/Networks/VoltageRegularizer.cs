using System.Numerics;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Networks;

/// <summary>
/// Adds <c>Weight (max(0, V - Upper)^2 + max(0, Lower - V)^2)</c> to the loss, averaged over the steps and units of each trained population that has a
/// membrane potential V, and over the trials of a batch. V is that at the end of a step, after a reset.
/// </summary>
/// <param name="Weight">Its weight, per mV^2.</param>
/// <param name="Lower">The lowest potential that costs nothing, in mV.</param>
/// <param name="Upper">The highest potential that costs nothing, in mV.</param>
public sealed record VoltageRegularizer(double Weight, double Lower, double Upper)
{
    internal const string State = "V";

    /// <summary>Whether units of a population have a membrane potential.</summary>
    public static bool Applies(PopulationDefinition population) => population.Model.States.Any(static s => s.Name == State && s.Dimension == Dimension.Voltage);

    /// <summary>Adds the derivative of what a step adds to the loss to the potential's adjoint.</summary>
    /// <returns>The loss of the step.</returns>
    internal unsafe double Differentiate<T>(PopulationRun<T> population, INetworkTrials trials, int lanes, int stepInSegment)
        where T : unmanaged, INumberBase<T>
    {
        if (!Applies(population.Program.Definition))
        {
            return 0;
        }

        var potential = population.After(population.StateIndex(State), stepInSegment);
        var adjoint = population.Adjoint(State);
        var (share, loss) = (Weight / ((double)(population.Elements / lanes) * population.Layout.Steps * trials.BatchTrials), 0.0);
        for (var i = 0; i < population.Elements; i++)
        {
            var v = double.CreateTruncating(potential[i]);
            var outside = v > Upper ? v - Upper : v < Lower ? v - Lower : 0;
            if (outside != 0 && i % lanes < trials.Trials)
            {
                loss += share * outside * outside;
                adjoint[i] += T.CreateTruncating(2 * share * outside);
            }
        }

        return loss;
    }
}
