using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>
/// S'(x) = 0: gradients are exact with the steps of spikes held fixed, and say nothing of how a parameter moves or makes spikes. For a
/// descent after a search, which leaves the spikes where they are; in smooth mode no neuron spikes.
/// </summary>
internal sealed class NoSurrogate : ISurrogate
{
    public double? Support => 0;

    public Expr Derivative(Expr x) => 0;

    public Expr Smooth(Expr x) => 0;
}
