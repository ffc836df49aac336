using BrainModular.Connectomes;

namespace BrainModular.Host.Composition.Networks;

/// <summary>How many edges of each connectome are read: all of them for a network that runs, and for one that is only checked as many as show whether they can be read.</summary>
internal sealed class EdgeLimit
{
    private readonly long most;
    private readonly SortedSet<string> cut = [];

    private EdgeLimit(long most) => this.most = most;

    /// <summary>Reads all.</summary>
    public static EdgeLimit None => new(long.MaxValue);

    /// <summary>Reads a million of each projection, which takes less than a second.</summary>
    public static EdgeLimit ForChecks => new(1_000_000);

    /// <summary>What was left out, in words; empty where nothing was.</summary>
    public string LeftOut => cut.Count == 0 ? "" : FormattableString.Invariant($"only the first {most} connections of {string.Join(", ", cut)} were looked at: neither their number nor the memory that they take was checked");

    /// <summary>The first of the edges, in whole chunks.</summary>
    public IEnumerable<EdgeChunk> Of(string projection, IEnumerable<EdgeChunk> edges)
    {
        var read = 0L;
        foreach (var chunk in edges)
        {
            if (read >= most)
            {
                cut.Add(projection);
                yield break;
            }

            yield return chunk;
            read += chunk.Sources.Length;
        }
    }
}
