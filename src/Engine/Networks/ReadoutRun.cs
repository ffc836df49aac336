using System.Numerics;

namespace BrainModular.Engine.Networks;

/// <summary>Hands a population's state to what reads it out, in float64.</summary>
internal sealed unsafe class ReadoutRun<T>(int elements)
    where T : unmanaged, INumberBase<T>
{
    private readonly double[] values = new double[elements];
    private readonly double[] adjoint = new double[elements];

    public void Observe(INetworkTrials trials, PopulationRun<T> population, int step, int stepInSegment)
    {
        for (var r = 0; r < trials.Readouts.Count; r++)
        {
            var readout = trials.Readouts[r];
            if (readout.Population == population.Program.Definition.Name && readout.Counts(step))
            {
                readout.Observe(step, Values(readout, population, stepInSegment));
            }
        }
    }

    public void Differentiate(INetworkTrials trials, PopulationRun<T> population, int step, int stepInSegment)
    {
        for (var r = 0; r < trials.Readouts.Count; r++)
        {
            var readout = trials.Readouts[r];
            if (readout.Population == population.Program.Definition.Name && readout.Counts(step))
            {
                var added = adjoint.AsSpan(0, population.Elements);
                added.Clear();
                readout.Differentiate(step, Values(readout, population, stepInSegment), added);
                var row = population.Adjoint(readout.State);
                for (var i = 0; i < added.Length; i++)
                {
                    row[i] += T.CreateTruncating(added[i]);
                }
            }
        }
    }

    private Span<double> Values(INetworkReadout readout, PopulationRun<T> population, int stepInSegment)
    {
        var row = population.After(population.StateIndex(readout.State), stepInSegment);
        var read = values.AsSpan(0, population.Elements);
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = double.CreateTruncating(row[i]);
        }

        return read;
    }
}
