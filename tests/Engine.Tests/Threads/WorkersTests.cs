using BrainModular.Engine.Threads;
using Xunit;

namespace BrainModular.Engine.Tests.Threads;

/// <summary>Pieces of work on several threads: each once, faults as they are.</summary>
public sealed class WorkersTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(1000, 1)]
    [InlineData(1000, 2)]
    [InlineData(3, 64)]
    public void Each_piece_is_run_once(int count, int threads)
    {
        for (var round = 0; round < 200; round++)
        {
            var runs = new int[count];
            Workers.ForEach(count, threads, i => Interlocked.Increment(ref runs[i]));
            Assert.All(runs, static r => Assert.Equal(1, r));
        }
    }

    [Fact]
    public void As_many_pieces_run_at_a_time_as_there_are_processors()
    {
        var processors = Environment.ProcessorCount;
        using var all = new Barrier(processors);
        var met = new bool[processors];
        Workers.ForEach(processors, threads: processors + 1, i => met[i] = all.SignalAndWait(TimeSpan.FromMinutes(1)));
        Assert.All(met, Assert.True);
    }

    [Fact]
    public void Pieces_that_wait_for_each_other_have_a_thread_each()
    {
        var count = Environment.ProcessorCount + 3;
        for (var round = 0; round < 20; round++)
        {
            using var all = new Barrier(count);
            var met = new bool[count];
            Workers.Together(count, i => met[i] = all.SignalAndWait(TimeSpan.FromMinutes(1)));
            Assert.All(met, Assert.True);
        }
    }

    [Fact]
    public void Workers_that_sleep_are_woken()
    {
        var processors = Environment.ProcessorCount;
        using var all = new Barrier(processors);
        for (var round = 0; round < 20; round++)
        {
            Thread.Sleep(20);
            var met = new bool[processors];
            Workers.ForEach(processors, processors, i => met[i] = all.SignalAndWait(TimeSpan.FromMinutes(1)));
            Assert.All(met, Assert.True);
        }
    }

    [Fact]
    public void A_thread_that_waits_long_for_another_one_goes_on()
    {
        var caller = Environment.CurrentManagedThreadId;
        for (var round = 0; round < 10; round++)
        {
            using var both = new Barrier(2);
            var ended = 0;
            Workers.ForEach(2, Math.Min(2, Environment.ProcessorCount), _ =>
            {
                if (Environment.ProcessorCount > 1)
                {
                    both.SignalAndWait(TimeSpan.FromMinutes(1));
                }

                Thread.Sleep(Environment.CurrentManagedThreadId == caller ? 0 : 30);
                Interlocked.Increment(ref ended);
            });
            Assert.Equal(2, ended);
        }
    }

    [Fact]
    public void Works_of_several_threads_and_works_within_works_do_not_mix()
    {
        var sums = new long[6];
        Thread[] callers =
        [
            .. Enumerable.Range(0, sums.Length).Select(caller => new Thread(() =>
            {
                for (var round = 0; round < 300; round++)
                {
                    Workers.ForEach(4, threads: 3, _ => Workers.ForEach(5, threads: 2, inner => Interlocked.Add(ref sums[caller], inner)));
                }
            })),
        ];
        Array.ForEach(callers, static c => c.Start());
        Array.ForEach(callers, static c => c.Join());
        Assert.All(sums, static s => Assert.Equal(300 * 4 * 10, s));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_fault_comes_as_it_is_and_no_further_piece_is_begun(int threads)
    {
        var begun = 0;
        var fault = Assert.Throws<FormatException>(() => Workers.ForEach(100_000, threads, i =>
        {
            Interlocked.Increment(ref begun);
            throw new FormatException($"piece {i}");
        }));
        Assert.Equal("piece 0", fault.Message);
        Assert.InRange(begun, 1, threads);
        Workers.ForEach(1, threads, _ => begun = -1);
        Assert.Equal(-1, begun);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void It_can_be_cancelled_between_pieces(int threads)
    {
        using var cancel = new CancellationTokenSource();
        var begun = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Workers.ForEach(100_000, threads, i =>
        {
            switch (Interlocked.Increment(ref begun))
            {
                case < 5: break;
                case 5: cancel.Cancel(); break;
                default: cancel.Token.WaitHandle.WaitOne(); break;
            }
        }, cancel.Token));
        Assert.InRange(begun, 5, 4 + threads);
        Assert.ThrowsAny<OperationCanceledException>(() => Workers.ForEach(0, threads, static _ => { }, cancel.Token));
    }
}
