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
    private readonly CancellationTokenSource source = new();
    private readonly Timer notice;
    private readonly PosixSignalRegistration[] registrations;
    private volatile bool isWriting;

    /// <param name="error">Where the user is told.</param>
    /// <param name="isWriting">Whether files are written from now on.</param>
    public Interruption(TextWriter error, bool isWriting)
    {
        (this.error, this.isWriting) = (error, isWriting);
        notice = new(_ => error.WriteLine("stopping as soon as what runs now has ended; a second Ctrl-C or signal ends it at once"));
        registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel)];
    }

    public CancellationToken Token => source.Token;

    /// <summary>From now on files are written.</summary>
    public void BeginWriting() => isWriting = true;

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
        if (!isWriting)
        {
            Environment.Exit(FaultPrinter.Print(new OperationCanceledException(), error));
        }

        context.Cancel = !source.IsCancellationRequested;
        notice.Change(Patience, Timeout.InfiniteTimeSpan);
        source.Cancel();
    }
}
