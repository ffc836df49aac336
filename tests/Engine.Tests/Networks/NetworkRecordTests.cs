using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using Xunit;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>What is recorded of a network that runs without training.</summary>
public sealed class NetworkRecordTests
{
    private const int Steps = 60;

    [Fact]
    public void All_steps_run_however_little_memory_a_training_would_have_for_its_states()
    {
        var program = new NetworkProgram(WrittenNetwork.Everything(new(1)), Precision.Single, new());
        var expected = Record(program, 1L << 30);
        Assert.Contains(expected.Spikes["E"], static s => s.Step > Steps / 2);
        var actual = Record(program, 0);
        Assert.Equal(expected.Traces[0][0], actual.Traces[0][0]);
        Assert.Equal(expected.Spikes["E"], actual.Spikes["E"]);
    }

    private static NetworkRecord Record(NetworkProgram program, long budget)
    {
        using var batch = NetworkBatch.Open(program, new(Steps, 1, 1) { MemoryBudget = budget });
        return batch.Record(program.InitialCoordinates(), WrittenTrials.Random(Steps, 4, 1, seed: 5), new([new("E", "V", [0, 4])]));
    }
}
