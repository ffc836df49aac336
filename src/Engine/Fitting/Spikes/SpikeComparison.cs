namespace BrainModular.Engine.Fitting.Spikes;

/// <summary>The spikes of a model and of one recorded sweep beside each other, in the compared part.</summary>
/// <param name="Model">What the model's train is like; where its spikes are random, that of the first run.</param>
/// <param name="Recorded">What the recorded train is like.</param>
/// <param name="Gamma">The coincidence factor, the mean over the model's runs; null where neither has a spike.</param>
/// <param name="IsGuarded">Whether that is 0 in every run because the number of spikes is too far off (<see cref="SpikeTrains.IsGuarded"/>).</param>
/// <param name="VictorPurpura">The distance of Victor and Purpura, with the precision as its time scale.</param>
/// <param name="VanRossum">The squared distance of van Rossum, with the precision as its time constant.</param>
public sealed record SpikeComparison(
    SpikeStatistics Model, SpikeStatistics Recorded, double? Gamma, bool IsGuarded, double VictorPurpura, double VanRossum)
{
    /// <param name="of">The sweep and the model beside it.</param>
    /// <param name="precision">How far apart spikes still coincide, in ms.</param>
    public static SpikeComparison Of(SweepAssessment of, double precision)
    {
        var (sweep, recorded, model) = (of.Sweep, of.Sweep.ComparedSpikes, of.ComparedSpikes);
        return new(
            SpikeStatistics.Of(model, sweep),
            SpikeStatistics.Of(recorded, sweep),
            SpikeScores.GammaOf(of, precision),
            of.ComparedRealizations.All(m => SpikeTrains.IsGuarded(recorded, m, sweep.ComparedDuration, precision)),
            SpikeTrains.VictorPurpura(recorded, model, sweep.TimeStep, precision),
            SpikeTrains.VanRossum(recorded, model, sweep.TimeStep, precision));
    }
}
