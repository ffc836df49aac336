using System.Runtime.InteropServices;

namespace BrainModular.Host.Terminal;

/// <summary>
/// Ctrl-C and SIGTERM. As long as nothing is written that could be left half-done they end the process at once, whatever it is in; afterwards they are a cancellation, which the user is told of where it takes
/// its time, such as in a library's call. A second one ends the process at once, as the system does.
/// </summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>How long a cancellation may take before the user is told.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TextWriter error;
    private readonly Lock deciding = new();
    private readonly CancellationTokenSource source = new();
    private readonly Timer notice;
    private readonly PosixSignalRegistration[] registrations;
    private bool isWriting;

    /// <param name="error">Gets what a command that ends says last.</param>
    /// <param name="tell">Tells the user that a cancellation takes its time, beside what may be drawn on the terminal.</param>
    public Interruption(TextWriter error, Action<string> tell)
    {
        this.error = error;
        notice = new(_ => tell("stopping as soon as what runs now has ended; a second Ctrl-C or signal ends it at once"));
        registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel)];
    }

    public CancellationToken Token => source.Token;

    /// <summary>From now on files are written. Does not return where a signal ends the process.</summary>
    public void BeginWriting()
    {
        lock (deciding)
        {
            isWriting = true;
        }
    }

    public void Dispose()
    {
        foreach (var registration in registrations)
        {
            registration.Dispose();
        }

        notice.Dispose();
        source.Dispose();
    }

    private void Cancel(PosixSignalContext context)
    {
        // The process ends with the lock held, so that nothing is begun while it does.
        lock (deciding)
        {
            if (!isWriting)
            {
                Environment.Exit(FaultPrinter.Print(new OperationCanceledException(), error));
            }
        }

        context.Cancel = !source.IsCancellationRequested;
        notice.Change(Patience, Timeout.InfiniteTimeSpan);
        source.Cancel();
    }
}
