using System.Numerics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Networks;

/// <summary>The rows of one input in one chunk of lanes.</summary>
internal sealed unsafe class InputRun<T>(int number, int elements, Outbound<T>? outbound, Precision precision) : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly float[] values = new float[elements];
    private readonly RowBuffer row = new(1, elements, precision);

    public long Bytes => row.Bytes;

    /// <summary>Takes what comes in during a step.</summary>
    /// <param name="trials">What comes in.</param>
    /// <param name="trialStep">The number of the step among theirs.</param>
    /// <param name="step">Its number since the start of the run.</param>
    public void Read(INetworkTrials trials, int trialStep, int step)
    {
        if (outbound is null)
        {
            return;
        }

        var numbers = (T*)row.Row(0);
        if (typeof(T) == typeof(float))
        {
            trials.Read(number, trialStep, new Span<float>(numbers, values.Length));
        }
        else
        {
            trials.Read(number, trialStep, values);
            for (var i = 0; i < values.Length; i++)
            {
                numbers[i] = T.CreateTruncating(values[i]);
            }
        }

        outbound.Log.Keep(step, numbers);
    }

    public void Dispose() => row.Dispose();
}
