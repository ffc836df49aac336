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

    /// <summary>Adds the derivative of a step's loss by each state to the state's adjoint.</summary>
    public void Differentiate(INetworkTrials trials, PopulationRun<T> population, int step, int stepInSegment)
    {
        for (var r = 0; r < trials.Readouts.Count; r++)
        {
            var readout = trials.Readouts[r];
            if (readout.Population == population.Program.Definition.Name && readout.Counts(step))
            {
                Add(readout, population, step, stepInSegment, population.Adjoint(readout.State));
            }
        }
    }

    /// <summary>Adds the derivative of a step's loss by one state to a row; only the present states are kept.</summary>
    public void Differentiate(INetworkTrials trials, PopulationRun<T> population, string state, int step, T* row)
    {
        for (var r = 0; r < trials.Readouts.Count; r++)
        {
            var readout = trials.Readouts[r];
            if (readout.Population == population.Program.Definition.Name && readout.State == state && readout.Counts(step))
            {
                Add(readout, population, step, 0, row);
            }
        }
    }

    private void Add(INetworkReadout readout, PopulationRun<T> population, int step, int stepInSegment, T* row)
    {
        var added = adjoint.AsSpan(0, population.Elements);
        added.Clear();
        readout.Differentiate(step, Values(readout, population, stepInSegment), added);
        for (var i = 0; i < added.Length; i++)
        {
            row[i] += T.CreateTruncating(added[i]);
        }
    }

    /// <summary>Whether the loss reads a population in a step.</summary>
    public static bool Counts(INetworkTrials trials, PopulationRun<T> population, int step)
    {
        var counts = false;
        for (var r = 0; r < trials.Readouts.Count; r++)
        {
            counts |= trials.Readouts[r].Population == population.Program.Definition.Name && trials.Readouts[r].Counts(step);
        }

        return counts;
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
