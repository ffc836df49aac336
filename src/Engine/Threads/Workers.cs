using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace BrainModular.Engine.Threads;

/// <summary>
/// Runs the pieces of a work on the calling thread and on others, which the process keeps. One that has finished goes on looking for work for some milliseconds before it sleeps: a thread
/// that is woken often starts on the processor of the one that woke it, and waits there for longer than a training step of a small network takes.
/// </summary>
public static class Workers
{
    private static readonly Stack<Worker> idle = [];

    /// <summary>Runs each piece once, in no order, and returns when all have ended. After a fault, or when it is cancelled, no further piece is begun.</summary>
    /// <param name="count">How many pieces there are.</param>
    /// <param name="threads">How many threads may work; of more than there are processors or pieces, the others have nothing to do.</param>
    /// <param name="run">Runs a piece, by its number.</param>
    /// <param name="cancel">Stops between pieces.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="Exception">What a piece threw, as it is; of several, that of the first piece.</exception>
    public static void ForEach(int count, int threads, Action<int> run, CancellationToken cancel = default)
    {
        Run(new(count, run, cancel), Math.Min(Math.Min(count, threads), Environment.ProcessorCount));
    }

    /// <summary>Runs pieces that wait for each other: each on a thread of its own, however many processors there are.</summary>
    /// <param name="count">How many pieces there are.</param>
    /// <param name="run">Runs a piece, by its number. It throws nothing, since others would wait for it.</param>
    public static void Together(int count, Action<int> run) => Run(new(count, run, default), count);

    private static void Run(Work work, int threads)
    {
        var workers = Rent(threads - 1);
        foreach (var worker in workers)
        {
            worker.Offer(work);
        }

        work.Run();
        foreach (var worker in workers)
        {
            worker.Leave(work);
        }

        Return(workers);
        work.ThrowFault();
    }

    private static Worker[] Rent(int count)
    {
        if (count <= 0)
        {
            return [];
        }

        var rented = new Worker[count];
        lock (idle)
        {
            for (var i = 0; i < count; i++)
            {
                rented[i] = idle.TryPop(out var worker) ? worker : new();
            }
        }

        return rented;
    }

    private static void Return(Worker[] workers)
    {
        if (workers.Length > 0)
        {
            lock (idle)
            {
                foreach (var worker in workers)
                {
                    idle.Push(worker);
                }
            }
        }
    }

    /// <summary>Pieces, of which threads take one after another.</summary>
    private sealed class Work(int count, Action<int> run, CancellationToken cancel)
    {
        private readonly Lock faulty = new();
        private ExceptionDispatchInfo? fault;
        private int taken;
        private int faultyPiece = int.MaxValue;

        public void Run()
        {
            for (var piece = Take(); piece < count; piece = Take())
            {
                try
                {
                    cancel.ThrowIfCancellationRequested();
                    run(piece);
                }
                catch (Exception exception)
                {
                    Fail(piece, exception);
                }
            }
        }

        public void ThrowFault()
        {
            fault?.Throw();
            cancel.ThrowIfCancellationRequested();
        }

        private int Take() => Volatile.Read(ref fault) is null ? Interlocked.Increment(ref taken) - 1 : count;

        private void Fail(int piece, Exception exception)
        {
            lock (faulty)
            {
                if (piece < faultyPiece)
                {
                    (faultyPiece, fault) = (piece, ExceptionDispatchInfo.Capture(exception));
                }
            }
        }
    }

    /// <summary>A thread that works for others, for one at a time.</summary>
    private sealed class Worker
    {
        /// <summary>How often it looks for work before it sleeps, or the thread that works with it for its end: about three milliseconds, where no other thread wants the processor.</summary>
        private const int Looks = 6000;

        private readonly object gate = new();
        private Work? offered;
        private Work? finished;
        private int sleeps;
        private bool isWoken, isAwaited;

        public Worker() => new Thread(Live) { IsBackground = true, Name = "worker" }.UnsafeStart();

        public void Offer(Work work)
        {
            Interlocked.Exchange(ref offered, work);
            if (Interlocked.Exchange(ref sleeps, 0) == 1)
            {
                lock (gate)
                {
                    isWoken = true;
                    Monitor.PulseAll(gate);
                }
            }
        }

        /// <summary>Takes the work back, or waits until what was taken of it has ended.</summary>
        public void Leave(Work work)
        {
            if (Interlocked.CompareExchange(ref offered, null, work) != work)
            {
                for (var looks = 0; Volatile.Read(ref finished) != work; looks++)
                {
                    if (looks < Looks)
                    {
                        Waiting.Turn(looks);
                    }
                    else
                    {
                        Await(work);
                    }
                }
            }

            Volatile.Write(ref finished, null);
        }

        private void Live()
        {
            while (true)
            {
                RunNext();
            }
        }

        // A method of its own: what has ended is not held while the worker waits for more.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private void RunNext()
        {
            var work = Next();
            work.Run();
            Interlocked.Exchange(ref finished, work);
            if (Volatile.Read(ref isAwaited))
            {
                lock (gate)
                {
                    Monitor.PulseAll(gate);
                }
            }
        }

        /// <summary>Sleeps until the work has ended; the fence makes the worker see that it is awaited, or this thread that the work has ended.</summary>
        private void Await(Work work)
        {
            lock (gate)
            {
                Volatile.Write(ref isAwaited, true);
                Interlocked.MemoryBarrier();
                while (Volatile.Read(ref finished) != work)
                {
                    Monitor.Wait(gate);
                }

                Volatile.Write(ref isAwaited, false);
            }
        }

        private Work Next()
        {
            for (var looks = 0; ; looks++)
            {
                if (Volatile.Read(ref offered) is not null && Interlocked.Exchange(ref offered, null) is { } work)
                {
                    return work;
                }

                if (looks < Looks)
                {
                    Waiting.Turn(looks);
                }
                else
                {
                    Sleep();
                    looks = 0;
                }
            }
        }

        /// <summary>Sleeps until there may be work. What was offered before it said that it sleeps, the offering thread could not know of.</summary>
        private void Sleep()
        {
            Interlocked.Exchange(ref sleeps, 1);
            if (Volatile.Read(ref offered) is null || Interlocked.Exchange(ref sleeps, 0) == 0)
            {
                lock (gate)
                {
                    while (!isWoken)
                    {
                        Monitor.Wait(gate);
                    }

                    isWoken = false;
                }
            }
        }
    }
}
