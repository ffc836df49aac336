using BrainModular.Plugins;
using BrainModular.Plugins.Tasks;
using BrainModular.Plugins.Tasks.Images;
using BrainModular.Tasks;

[assembly: BrainModularPlugin(typeof(TasksPlugin))]

namespace BrainModular.Plugins.Tasks;

/// <summary>The built-in tasks.</summary>
public sealed class TasksPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(ICatalogBuilder catalog)
    {
        catalog.Add<ITask>(
            "evidence-accumulation", "More cues on the left or on the right, answered after a delay", static s => new EvidenceAccumulation(s));
        catalog.Add<ITask>(
            "delayed-match-to-sample", "Whether a test direction is the sample's, a delay later", static s => new DelayedMatchToSample(s));
        catalog.Add<ITask>(
            "delayed-response", "Where a cue was, a delay later", static s => new DelayedResponse(s));
        catalog.Add<ITask>(
            "parametric-working-memory", "Whether the first of two vibrations was the faster one", static s => new ParametricWorkingMemory(s));
        catalog.Add<ITask>(
            "perceptual-decision", "Whether random dots move to the left or to the right", static s => new PerceptualDecision(s));
        catalog.Add<ITask>(
            "context-dependent-decision", "The motion or the colour of dots, whichever the context asks for", static s => new ContextDependentDecision(s));
        catalog.Add<ITask>(
            "go-no-go", "A response to one stimulus, none to the other", static s => new GoNoGo(s));
        catalog.Add<ITask>(
            "reaching", "The hand's path from the centre to a target", static s => new Reaching(s));
        catalog.Add<ITask>(
            "artificial-grammar", "The next symbol of strings of the Reber grammar", static s => new ArtificialGrammar(s));
        catalog.Add<ITask>(
            "image-classification", "Images from a file, as rates, latencies or graded values", static s => new ImageClassification(s));
    }
}
