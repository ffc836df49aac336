namespace BrainModular.Engine.Networks.Parts;

/// <summary>
/// Where threads wait for each other, many thousand times a second: whoever comes first turns in a loop, and gives its processor to other threads when that takes long, but does
/// not sleep, because to be woken takes longer than a step.
/// </summary>
/// <param name="threads">How many threads meet.</param>
internal sealed class Meeting(int threads)
{
    private int members = threads;
    private int missing = threads;
    private int number;

    /// <summary>Waits until all have come.</summary>
    public void Wait()
    {
        var before = Volatile.Read(ref number);
        if (!Arrive())
        {
            for (var spinner = default(SpinWait); Volatile.Read(ref number) == before;)
            {
                spinner.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    /// <summary>Lets all later meetings go on without the calling thread, this one included.</summary>
    public void Leave()
    {
        Interlocked.Decrement(ref members);
        Arrive();
    }

    /// <summary>Comes to the meeting; true for the last one, who opens the next.</summary>
    private bool Arrive()
    {
        if (Interlocked.Decrement(ref missing) > 0)
        {
            return false;
        }

        Volatile.Write(ref missing, Volatile.Read(ref members));
        Interlocked.Increment(ref number);
        return true;
    }
}
