using BrainModular.Engine.Fitting;

namespace BrainModular.Bench.Cells;

/// <summary>Explained variance of a model and of the passive membrane, pooled over sweeps.</summary>
internal sealed record Figure(double Model, double Passive);

/// <summary>Fits a neuron to a recording's training sweeps but for one fold, and predicts that fold, once for each of them.</summary>
internal sealed class CrossValidation(string config, string data, int folds, int threads)
{
    /// <summary>Pooled over all training sweeps, each predicted by a fit that did not see it.</summary>
    public Figure Of(string neuron, IReadOnlyList<string> settings, CellRecording recording)
    {
        var (model, passive) = (new ExplainedVariance(), new ExplainedVariance());
        foreach (var sweep in Enumerable.Range(0, folds).SelectMany(fold => Predicted(neuron, settings, recording, fold)))
        {
            var mask = sweep.Sweep.SubthresholdMask();
            model.Add(sweep.Potential, sweep.Sweep.Potential, mask);
            passive.Add(sweep.PassivePotential, sweep.Sweep.Potential, mask);
        }

        return new(model.Value!.Value, passive.Value!.Value);
    }

    private IReadOnlyList<SweepAssessment> Predicted(string neuron, IReadOnlyList<string> settings, CellRecording recording, int fold)
    {
        var left = recording.Sweeps!.Where((_, i) => i % folds == fold);
        string[] set =
        [
            $"neuron.type={neuron}", .. settings, $"recording.path={Path.Combine(data, recording.Path)}",
            $"recording.sweeps.train={string.Join(',', recording.Sweeps!.Except(left))}", $"recording.sweeps.test={string.Join(',', left)}",
        ];
        return new CellFit(config, set, threads).Test.Sweeps;
    }
}
