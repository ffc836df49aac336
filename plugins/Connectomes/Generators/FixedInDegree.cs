using BrainModular.Diagnostics;
using BrainModular.Plugins;
using BrainModular.Random;

namespace BrainModular.Plugins.Connectomes.Generators;

/// <summary>
/// <c>fixed-in-degree</c>: each target receives from exactly k different sources, every set of k being equally likely. The set is drawn by
/// Floyd's method (Bentley and Floyd 1987, DOI 10.1145/30401.315746): k draws and memory for k, however many sources there are.
/// Settings: <c>inDegree</c> (10); <c>allowSelf</c> (false), whether a unit may be connected to itself.
/// </summary>
internal sealed class FixedInDegree(ISettings settings) : ConnectomeGenerator(settings)
{
    private readonly int inDegree = settings.Integer("inDegree", 10, 0, int.MaxValue, "from how many sources each target receives");
    private readonly bool allowSelf = settings.Flag("allowSelf", false, "whether a unit may be connected to itself");

    /// <exception cref="DiagnosticException">BM3211: there are fewer sources than the in-degree.</exception>
    protected override long? Count(Populations populations)
    {
        var eligible = Eligible(populations);
        return inDegree <= eligible ? (long)inDegree * populations.Targets : throw new DiagnosticException(
            "BM3211", $"each target is to receive from {inDegree} different sources, but only {eligible} can connect to it",
            expected: $"an inDegree of at most {eligible}", cure: "lower inDegree or enlarge the source population");
    }

    protected override IEnumerable<Edge> Edges(Populations populations, IRandomStream random)
    {
        var eligible = Eligible(populations);
        var chosen = new HashSet<int>(inDegree);
        var sources = new int[inDegree];
        for (var target = 0; target < populations.Targets; target++)
        {
            chosen.Clear();
            for (var last = eligible - inDegree; last < eligible; last++)
            {
                var drawn = random.Integer(last + 1);
                chosen.Add(chosen.Contains(drawn) ? last : drawn);
            }

            // A set's order is its implementation's affair: sources are given in their own.
            chosen.CopyTo(sources);
            Array.Sort(sources);
            foreach (var source in sources)
            {
                yield return new Edge(eligible < populations.Sources && source >= target ? source + 1 : source, target);
            }
        }
    }

    private int Eligible(Populations populations) => populations.Recurrent && !allowSelf ? populations.Sources - 1 : populations.Sources;
}
