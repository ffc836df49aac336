using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Symbolics;
using BrainModular.Testing.Fakes;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Gradients;

/// <summary>A built-in neuron whose gradients are checked, with what makes it fire.</summary>
/// <param name="Name">The name in the catalogue, and behind it settings that are not the defaults, as in <c>glif level=3</c>.</param>
/// <param name="Smooth">The mean current of the trace in smooth mode, in engine units.</param>
/// <param name="Hard">The mean current of the trace with hard spikes.</param>
/// <param name="TimeStep">The step in ms.</param>
/// <param name="Channels">Ion channels to insert.</param>
/// <param name="Width">The width of the surrogate in mV. Where a spike resets the potential by many times the width, gradients through it explode.</param>
internal sealed record NeuronCase(string Name, double Smooth = 1, double Hard = 0.6, double TimeStep = 0.05, double Width = 10, params string[] Channels)
{
    public static readonly IReadOnlyList<NeuronCase> All =
    [
        new("leaky-integrate-and-fire"),
        new("generalized-integrate-and-fire"),
        new("hodgkin-huxley", Hard: 1),
        new("hodgkin-huxley-1952", 1e-4, 2e-4),
        new("mihalas-niebur thresholdFloor=always", 4, 5),
        new("mihalas-niebur", 4, 5),
        new("glif", 0.5, 0.6, Width: 40),
        new("gif-pozzorini coupling=voltage slope=lowering", 1, 1.2, Width: 40),
        new("exponential-integrate-and-fire", 0.3, 0.3, Width: 40),
        new("adaptive-exponential-integrate-and-fire", 3, 4, 0.01, 30),
        new("quadratic-integrate-and-fire", 0.3, 0.3, Width: 100),
        new("izhikevich", 1, 1, Width: 100),
        new("izhikevich scheme=published", 1, 1, Width: 100),
        new("fitzhugh-nagumo", 0.3, 0.2, 0.2),
        new("morris-lecar", 0.15, 0.12, 0.3),
        new("minimal-cortical cell=low-threshold-spiking", 3, 5),
        new("conductance-based reversal=nernst temperature=6.3", 1, 4, 0.08, 10, "leak", "na-hodgkin-huxley", "k-hodgkin-huxley", "a-connor"),
        new("conductance-based", 1, 2, 0.05, 10, "leak", "na-traub-miles-slow", "kd-traub-miles", "m-yamada", "cal-reuveni", "cat-pospischil"),
        new("conductance-based calcium=pool", 1, 1.5, 0.05, 10, "leak", "na-traub-miles", "kd-traub-miles", "cal-reuveni", "cat-huguenard", "h-kole", "sk-koehler", "ahp-destexhe"),
    ];

    public static TheoryData<string> Names => [.. All.Select(static c => c.Name)];

    public static NeuronCase Of(string name) => All.First(c => c.Name == name);

    public ModelDefinition Model(ISurrogate surrogate)
    {
        var words = Name.Split(' ');
        (string, object)[] settings = [.. words.Skip(1).Select(static w => w.Split('=')).Select(static w => (w[0], Setting(w))), ("surrogateWidth", (Quantity)(Width * mV))];
        var catalog = RecordingCatalog.Of(new NeuronsPlugin());
        return ModelTracer.Trace(
            Name, catalog.Create<INeuronModel>(words[0], settings), surrogate, [.. Channels.Select(c => new InsertedChannel(c.Split('-')[0], catalog.Create<IIonChannel>(c)))]);
    }

    private static object Setting(string[] word) =>
        word[0] == "temperature" ? double.Parse(word[1], System.Globalization.CultureInfo.InvariantCulture) * degC : word[1];
}
