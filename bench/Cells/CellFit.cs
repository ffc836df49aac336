using BrainModular.Engine.Fitting;
using BrainModular.Host.Composition;

namespace BrainModular.Bench.Cells;

/// <summary>A configuration's fit stage with some of its keys set, fitted as a run of the command fits it.</summary>
internal sealed class CellFit
{
    private readonly ComposedFit fit;
    private readonly FitAssessor assessor;

    /// <param name="config">The configuration.</param>
    /// <param name="set">Keys of its stage <c>fit</c>, as KEY=VALUE.</param>
    /// <param name="threads">How many threads may work.</param>
    public CellFit(string config, IEnumerable<string> set, int threads)
    {
        fit = Experiment.Load(config, [$"threads={threads}", .. set.Select(static s => $"stages.fit.{s}")], []).Stages.OfType<FitStage>().Single().Fit;
        using var running = new RecordingFit(fit.Plan);
        assessor = new(fit.Plan, running.Run(static _ => { }).Best.Values);
    }

    public Assessment Train => assessor.Assess(fit.Recording.Train);

    public Assessment Test => assessor.Assess(fit.Recording.Test);
}
