using BrainModular.Models;
using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;

namespace BrainModular.Engine.Tests.Training;

/// <summary>Channels 0 and 1, or 2 and 3, fire for a while; then it is asked which.</summary>
internal sealed class WhichChannel : ITask
{
    public TaskShape Shape(Quantity timeStep) => new(
        30, 4, PortKind.Event, [new("first", 0, 2), new("second", 2, 2)], 2, TargetKind.Class, ["first", "second"], [new("answer", 20, 10)]);

    public void Generate(TrialBatch batch, IRandomStream random)
    {
        Array.Clear(batch.Inputs);
        Array.Clear(batch.Mask);
        for (var trial = 0; trial < batch.Trials; trial++)
        {
            var answer = random.Integer(2);
            for (var step = 0; step < 30; step++)
            {
                batch.Targets[(step * batch.Trials) + trial] = answer;
                batch.Mask[(step * batch.Trials) + trial] = step >= 20 ? 1 : 0;
                for (var channel = 0; channel < 4; channel++)
                {
                    batch.Inputs[(((step * 4) + channel) * batch.Trials) + trial] = channel / 2 == answer && random.Uniform() < 0.5 ? 1 : 0;
                }
            }
        }
    }
}
