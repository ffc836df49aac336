namespace BrainModular.Engine.Networks;

/// <summary>Runs that threads take and give back, so that there are no more of them than threads.</summary>
/// <param name="create">Makes one more.</param>
internal sealed class RunPool<TRun>(Func<TRun> create) : IDisposable
    where TRun : IDisposable
{
    private readonly List<TRun> all = [];
    private readonly Stack<TRun> idle = [];

    /// <summary>All that were made.</summary>
    public IReadOnlyList<TRun> All => all;

    /// <summary>Takes one. What was interrupted and not given back is not used again.</summary>
    public TRun Rent()
    {
        lock (idle)
        {
            if (idle.TryPop(out var run))
            {
                return run;
            }
        }

        var made = create();
        lock (idle)
        {
            all.Add(made);
        }

        return made;
    }

    /// <summary>Gives one back.</summary>
    public void Return(TRun run)
    {
        lock (idle)
        {
            idle.Push(run);
        }
    }

    public void Dispose() => all.ForEach(static r => r.Dispose());
}
