using BrainModular.Engine.Threads;

namespace BrainModular.Engine.Networks.Parts;

/// <summary>
/// Where threads wait for each other, many thousand times a second: whoever comes first turns in a loop, and gives its processor to other threads when that takes long, but does
/// not sleep, because to be woken takes longer than a step. Each thread counts its meetings in a cache line of its own, which only it writes: the others' processors fetch it once a meeting.
/// </summary>
/// <param name="threads">How many threads meet.</param>
internal sealed class Meeting(int threads)
{
    /// <summary>Two cache lines: processors fetch them in pairs.</summary>
    private const int Apart = 16;

    private readonly long[] met = new long[(threads + 1) * Apart];

    /// <summary>Comes to the next meeting without waiting for the others: they see all that the calling thread has done up to now.</summary>
    /// <param name="thread">The number of the calling thread.</param>
    public void Come(int thread) => Volatile.Write(ref CountOf(thread), CountOf(thread) + 1);

    /// <summary>Waits until all have come where the calling thread came last, or have left.</summary>
    /// <param name="thread">Its number.</param>
    public void Wait(int thread)
    {
        var number = CountOf(thread);
        for (var other = 0; other < threads; other++)
        {
            for (var looks = 0; Volatile.Read(ref CountOf(other)) < number; looks++)
            {
                Waiting.Turn(looks);
            }
        }
    }

    /// <summary>Lets all later meetings go on without the calling thread, this one included.</summary>
    /// <param name="thread">Its number.</param>
    public void Leave(int thread) => Volatile.Write(ref CountOf(thread), long.MaxValue);

    /// <summary>The meetings of a thread; what lies before the first one keeps it apart from the array's length.</summary>
    private ref long CountOf(int thread) => ref met[(thread + 1) * Apart];
}
