using System.Text;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Networks.Online;
using Xunit;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>What a run that learns online holds, allocates and goes on from.</summary>
public sealed class OnlineBatchTests
{
    private const int Period = 50;

    public static TheoryData<OnlineRule, Feedback> Methods => new()
    {
        { OnlineRule.RealTimeRecurrent, Feedback.Symmetric },
        { OnlineRule.Diagonal, Feedback.Symmetric },
        { OnlineRule.Factored, Feedback.Symmetric },
        { OnlineRule.EligibilityPropagation, Feedback.Symmetric },
        { OnlineRule.EligibilityPropagation, Feedback.Random },
        { OnlineRule.EligibilityPropagation, Feedback.Adaptive },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void Memory_does_not_depend_on_how_long_it_learns(OnlineRule rule, Feedback feedback)
    {
        // The long run first: what is allocated between steps is less once the code has been optimised.
        var large = Measure(rule, feedback, 100_000);
        var small = Measure(rule, feedback, 100);
        Assert.Equal((small.Bytes, small.Allocated), (large.Bytes, large.Allocated));
        Assert.True(small.Bytes > 1000 && large.Spikes > 200 * small.Spikes, $"{small.Spikes} and {large.Spikes} spikes");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Nothing_is_allocated_in_the_loop(OnlineRule rule, Feedback feedback)
    {
        var program = Program(rule, feedback);
        var (coordinates, gradient) = (program.InitialCoordinates(), new double[program.Coordinates]);
        long Allocated(int steps)
        {
            using var batch = OnlineBatch.Open(program, new(4, 1, 1, new(3)));
            WrittenTrials[] trials = [WrittenTrials.Random(steps, 4, 4, seed: 5)];
            batch.Begin(coordinates);

            // As long as it takes until loops that have turned often are compiled anew, which allocates.
            for (var done = 0; done < 10_000; done += steps)
            {
                batch.Advance(coordinates, trials, 0, steps, isEnd: false, gradient);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            batch.Advance(coordinates, trials, 0, steps, isEnd: false, gradient);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.All(batch.SpikeCounts("E")[0], static s => Assert.True(s > 5));
            return allocated;
        }

        var (few, many) = (Allocated(40), Allocated(400));
        Assert.True(many <= few + 512, $"{few} bytes in 40 steps, {many} in 400");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_number_of_threads_changes_no_bit(OnlineRule rule, Feedback feedback)
    {
        double[] Gradient(int threads)
        {
            var program = Program(rule, feedback);
            using var batch = OnlineBatch.Open(program, new(4, 3, threads, new(3)));
            var gradient = new double[program.Coordinates];
            batch.Begin(program.InitialCoordinates());
            batch.Advance(program.InitialCoordinates(), [.. Enumerable.Range(0, 3).Select(static c => WrittenTrials.Random(Period, 4, 4, seed: c))], 0, Period, isEnd: true, gradient);
            Assert.All(batch.SpikeCounts("E"), static chunk => Assert.All(chunk, static s => Assert.True(s > 5)));
            return gradient;
        }

        var single = Gradient(1);
        Assert.Contains(single, static g => g != 0);
        Assert.Equal(single, Gradient(2));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Single_precision_comes_near_double(OnlineRule rule, Feedback feedback)
    {
        double[] Gradient(Precision precision)
        {
            var program = Program(rule, feedback, precision);
            using var batch = OnlineBatch.Open(program, new(4, 1, 1, new(3)));
            var gradient = new double[program.Coordinates];
            batch.Begin(program.InitialCoordinates());
            batch.Advance(program.InitialCoordinates(), [WrittenTrials.Random(Period, 4, 4, seed: 5)], 0, Period, isEnd: true, gradient);
            Assert.All(batch.SpikeCounts("E")[0], static s => Assert.True(s > 5));
            return gradient;
        }

        OnlineGradientTests.Equal(Gradient(Precision.Double), Gradient(Precision.Single), 1e-3);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Lanes_that_fill_vectors_have_the_gradient_of_chunks_that_do_not(OnlineRule rule, Feedback feedback)
    {
        const int Each = 4, Chunks = 4;
        var program = Program(rule, feedback);
        double[] Gradient(int lanes, params WrittenTrials[] chunks)
        {
            using var batch = OnlineBatch.Open(program, new(lanes, chunks.Length, 1, new(3)));
            var gradient = new double[program.Coordinates];
            batch.Begin(program.InitialCoordinates());
            batch.Advance(program.InitialCoordinates(), chunks, 0, Period, isEnd: true, gradient);
            Assert.All(batch.SpikeCounts("E"), static chunk => Assert.All(chunk, static s => Assert.True(s > 5)));
            return gradient;
        }

        WrittenTrials[] apart = [.. Enumerable.Range(0, Chunks).Select(static c => WrittenTrials.Random(Period, 4, Each, seed: c))];
        OnlineGradientTests.Equal(Gradient(Each, apart), Gradient(Each * Chunks, WrittenTrials.Beside(apart, 4, Each)), 1e-10);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_stream_that_was_saved_goes_on_to_the_same_bits(OnlineRule rule, Feedback feedback)
    {
        // Weights move after every piece, and one that is no multiple of a block of traces is saved in its middle.
        const int Piece = 7, Pieces = 12, Cut = 5;
        var program = Program(rule, feedback);
        using var whole = OnlineBatch.Open(program, new(3, 2, 1, new(3)));
        var coordinates = program.InitialCoordinates();
        whole.Begin(coordinates);
        using var saved = new MemoryStream();
        double[] at = [];
        List<double[]> gradients = [];
        for (var piece = 0; piece < Pieces; piece++)
        {
            if (piece == Cut)
            {
                using var writer = new BinaryWriter(saved, Encoding.UTF8, leaveOpen: true);
                whole.Save(writer);
                at = [.. coordinates];
            }

            gradients.Add(Advance(whole, coordinates, piece));
        }

        Assert.All(whole.SpikeCounts("E"), static chunk => Assert.All(chunk, static s => Assert.True(s > 5)));
        Assert.True(gradients.Skip(Cut).Count(static g => g.Any(static x => x != 0)) > 4);
        saved.Position = 0;
        using var resumed = OnlineBatch.Open(program, new(3, 2, 2, new(3)));
        resumed.Restore(new(saved), at);
        for (var piece = Cut; piece < Pieces; piece++)
        {
            Assert.Equal(gradients[piece], Advance(resumed, at, piece));
        }

        Assert.Equal(coordinates, at);
        Assert.Equal(whole.SpikeCounts("E"), resumed.SpikeCounts("E"));
        Assert.Equal(Saved(whole), Saved(resumed));

        static byte[] Saved(OnlineBatch batch)
        {
            using var stream = new MemoryStream();
            using (var writer = new BinaryWriter(stream))
            {
                batch.Save(writer);
            }

            return stream.ToArray();
        }

        static double[] Advance(OnlineBatch batch, double[] coordinates, int piece)
        {
            var gradient = new double[coordinates.Length];
            WrittenTrials[] trials = [.. Enumerable.Range(0, 2).Select(static c => WrittenTrials.Random(Piece * Pieces, 4, 3, seed: c))];
            batch.Advance(coordinates, trials, piece * Piece, Piece, isEnd: false, gradient);
            for (var i = 0; i < coordinates.Length; i++)
            {
                coordinates[i] -= 1e-4 * coordinates[i] * Math.Sign(gradient[i]);
            }

            return gradient;
        }
    }

    /// <summary>The memory held after many steps, and what the last of them allocated.</summary>
    private static (long Bytes, long Allocated, long Spikes) Measure(OnlineRule rule, Feedback feedback, int steps)
    {
        var program = Program(rule, feedback, Precision.Single);
        using var batch = OnlineBatch.Open(program, new(1, 1, 1, new(3)));
        var (coordinates, gradient) = (program.InitialCoordinates(), new double[program.Coordinates]);
        WrittenTrials[] trials = [WrittenTrials.Random(Period, 4, 1, seed: 5)];
        batch.Begin(coordinates);
        var allocated = 0L;
        for (var done = 0; done < steps; done += Period)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            batch.Advance(coordinates, trials, 0, Period, isEnd: false, gradient);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return (batch.Bytes, allocated, batch.SpikeCounts("E")[0][0]);
    }

    private static NetworkProgram Program(OnlineRule rule, Feedback feedback, Precision precision = Precision.Double) =>
        OnlineGradientTests.Program(WrittenNetwork.Recurrent(new(6), readoutDelay: 2), new(rule) { Feedback = feedback }, precision);
}
