using BrainModular.Export.Networks;
using BrainModular.Formats.Arrays;

namespace BrainModular.Export.Inference;

/// <summary>Runs trials of a task through an exported network, so that its answers can be held beside the engine's.</summary>
public static class NetworkInference
{
    /// <summary>What inputs may take at a time, numbers: beyond it trials run in several goes.</summary>
    private const long NumbersAtOnce = 1 << 24;

    /// <summary>A readout of a network in all steps of some trials.</summary>
    /// <param name="model">The network's file, of a step or a sequence.</param>
    /// <param name="trials">The trials.</param>
    /// <param name="readout">The state that is read out.</param>
    /// <param name="cancel">Stops between groups of trials.</param>
    /// <returns>[step][unit][trial], as a task's targets are.</returns>
    /// <exception cref="Diagnostics.DiagnosticException">BM3611 to BM3613: the network has other inputs or outputs.</exception>
    public static float[] Readout(ExportedModel model, NetworkStimulus trials, NetworkReadout readout, CancellationToken cancel = default)
    {
        var perTrial = trials.Inputs.Values.Sum(static values => (long)values.Length) / trials.Trials;
        var atOnce = (int)Math.Clamp(NumbersAtOnce / Math.Max(1, perTrial), 1, trials.Trials);
        var output = NetworkNames.Readout(readout);
        float[]? all = null;
        for (var first = 0; first < trials.Trials; first += atOnce)
        {
            cancel.ThrowIfCancellationRequested();
            var count = Math.Min(atOnce, trials.Trials - first);
            var result = model.Run(Given(trials, first, count), [output], cancel)[output];
            var units = (int)result.Shape[2];
            all ??= new float[(long)trials.Steps * units * trials.Trials];
            for (var i = 0; i < result.Elements.Length; i++)
            {
                var (step, trial, unit) = (i / units / count, first + (i / units % count), i % units);
                all[(((long)step * units) + unit) * trials.Trials + trial] = (float)result.Elements[i];
            }
        }

        return all!;
    }

    /// <summary>Some trials as a file takes them.</summary>
    internal static Dictionary<string, GivenArray> Given(NetworkStimulus trials, int first, int count) => trials.Inputs.ToDictionary(
        static input => NetworkNames.Input(input.Key),
        input =>
        {
            var channels = input.Value.Length / trials.Steps / trials.Trials;
            return new GivenArray(new NumberArray([trials.Steps, count, channels], trials.AsRows(input.Key, trials.Steps, channels, first, count)));
        });
}
