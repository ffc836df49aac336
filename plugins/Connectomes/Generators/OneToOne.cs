using BrainModular.Diagnostics;
using BrainModular.Plugins;
using BrainModular.Random;

namespace BrainModular.Plugins.Connectomes.Generators;

/// <summary><c>one-to-one</c>: source i is connected to target i, in two populations of one size (in a recurrent projection: to itself).</summary>
internal sealed class OneToOne(ISettings settings) : ConnectomeGenerator(settings)
{
    /// <exception cref="DiagnosticException">BM3212: the populations differ in size.</exception>
    protected override long? Count(Populations populations) => populations.Sources == populations.Targets
        ? populations.Sources
        : throw new DiagnosticException(
            "BM3212", $"one to one joins {populations.Sources} sources and {populations.Targets} targets", expected: "populations of one size",
            cure: "make them the same size, or choose other connections");

    protected override IEnumerable<Edge> Edges(Populations populations, IRandomStream random)
    {
        for (var unit = 0; unit < populations.Sources; unit++)
        {
            yield return new Edge(unit, unit);
        }
    }
}
