using BrainModular.Diagnostics;
using BrainModular.Engine.Tracing;

namespace BrainModular.Engine.Steps;

/// <summary>Which spike of a model recorded ones can stand for.</summary>
public static class RecordedSpikes
{
    /// <summary>The spike that resets the model.</summary>
    /// <exception cref="DiagnosticException">BM2312: no state of the model jumps at a spike of its own, so recorded ones would change nothing.</exception>
    public static SpikeOutput In(ModelDefinition model)
    {
        var spike = model.Spikes.FirstOrDefault(static s => s.Name == "spike");
        return spike is not null && model.States.Any(s => s.Next is { } next && Subexpressions.Any(next, e => ReferenceEquals(e, spike.Value)))
            ? spike
            : throw new DiagnosticException(
                "BM2312",
                $"{model.Name} has no state that jumps at its spike, so recorded spikes cannot stand for its own",
                expected: "an integrate-and-fire model, with a reset",
                cure: "use the spikes of the model, or another model");
    }
}
