using System.Runtime.Intrinsics.X86;

namespace BrainModular.Engine.Threads;

/// <summary>How threads wait for each other that must not sleep, because to be woken takes longer than what they wait for.</summary>
internal static class Waiting
{
    /// <summary>How often a thread looks, some tens of microseconds in all, before it gives its processor away.</summary>
    private const int Looks = 2000;

    /// <summary>Lets a little time go by; to others that want the processor, when it takes long.</summary>
    /// <param name="looks">How often the thread has looked for what it waits for.</param>
    public static void Turn(int looks)
    {
        if (looks >= Looks)
        {
            Thread.Yield();
        }
        else if (X86Base.IsSupported)
        {
            X86Base.Pause();
        }
        else
        {
            Thread.SpinWait(1);
        }
    }
}
