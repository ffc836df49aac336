using BrainModular.Diagnostics;
using BrainModular.Optimizers;
using BrainModular.Random;

namespace BrainModular.Engine.Fitting.Uncertainty.Sampling;

/// <summary>How long a sampler runs.</summary>
/// <param name="Chains">How many chains run side by side.</param>
/// <param name="WarmUp">How many transitions of each are for step length and masses, and thrown away.</param>
/// <param name="Draws">How many are kept after them.</param>
/// <param name="Acceptance">The mean acceptance that the step length aims at.</param>
public sealed record SamplerLength(int Chains, int WarmUp, int Draws, double Acceptance);

/// <summary>
/// Several chains of <see cref="NoUTurnChain"/> in lanes. Warm-up finds one step length and one variance for each coordinate from all chains: the step length by dual averaging, the
/// variances over windows that double (Carpenter et al. 2017, 10.18637/jss.v076.i01). Between transitions the state can be saved, and a restored sampler goes on to the same bits.
/// </summary>
public sealed class NoUTurnSampler
{
    private const double FirstShare = 0.15;
    private const double LastShare = 0.1;
    private const int FirstWindow = 25;

    /// <summary>So many transitions one after the other, in which every chain's trajectory was cut off, show that no step length and no masses will be found for the density.</summary>
    private const int MostCutOff = 20;

    private readonly SamplerLength length;
    private readonly int dimensions;
    private readonly NoUTurnChain[] chains;
    private readonly DualAveraging steps;
    private readonly VarianceEstimate estimate;
    private readonly HashSet<int> windows;
    private readonly List<double[]>[] draws;
    private readonly int[] divergences;
    private readonly int[] cutOff;
    private double[] variances;
    private int done;
    private int cutOffInARow;

    /// <param name="dimensions">How many coordinates the density has; its scale along each should be of order 1.</param>
    /// <param name="length">How long it runs.</param>
    /// <param name="random">Its random stream.</param>
    public NoUTurnSampler(int dimensions, SamplerLength length, IRandomStream random)
    {
        (this.dimensions, this.length) = (dimensions, length);
        chains = [.. Enumerable.Range(0, length.Chains).Select(c => new NoUTurnChain(random.Split($"chain.{c}")))];
        draws = [.. chains.Select(static _ => new List<double[]>())];
        divergences = new int[length.Chains];
        cutOff = new int[length.Chains];
        steps = new(length.Acceptance, 0.5);
        estimate = new(dimensions);
        variances = [.. Enumerable.Repeat(1.0, dimensions)];
        windows = Windows(length.WarmUp);
    }

    /// <summary>[chain][draw][coordinate], without warm-up.</summary>
    public IReadOnlyList<IReadOnlyList<double[]>> Draws => draws;

    /// <summary>After warm-up, how many transitions of each chain left the density.</summary>
    public IReadOnlyList<int> Divergences => divergences;

    /// <summary>After warm-up, how many trajectories of each chain were cut off at the greatest length, 2^10 - 1 steps.</summary>
    public IReadOnlyList<int> CutOff => cutOff;

    /// <summary>How many transitions each chain has made, of warm-up and draws.</summary>
    public int Done => done;

    /// <summary>Runs to the end.</summary>
    /// <param name="starts">Where the chains begin.</param>
    /// <param name="density">Minus the logarithm of the density, and its gradient, of points side by side.</param>
    /// <param name="progress">Told after each transition; what it throws ends the run.</param>
    /// <exception cref="DiagnosticException">BM2819: trajectories of all chains are cut off, one transition after the other.</exception>
    public void Run(IReadOnlyList<double[]> starts, Func<IReadOnlyList<double[]>, IReadOnlyList<Evaluation>> density, Action progress)
    {
        if (done == 0)
        {
            foreach (var ((chain, start), found) in chains.Zip(starts).Zip(density(starts)))
            {
                chain.Place(start, found);
            }
        }

        while (done < length.WarmUp + length.Draws)
        {
            Move(density, done < length.WarmUp ? steps.Step : steps.Settled);
            Learn();
            done++;
            CheckLength();
            progress();
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(done);
        writer.Write(cutOffInARow);
        steps.Save(writer);
        estimate.Save(writer);
        Array.ForEach(variances, writer.Write);
        for (var c = 0; c < chains.Length; c++)
        {
            chains[c].Save(writer);
            writer.Write(divergences[c]);
            writer.Write(cutOff[c]);
            foreach (var draw in draws[c])
            {
                Array.ForEach(draw, writer.Write);
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote, for the same settings.</summary>
    public void Restore(BinaryReader reader)
    {
        double[] Read() => [.. Enumerable.Range(0, dimensions).Select(_ => reader.ReadDouble())];
        (done, cutOffInARow) = (reader.ReadInt32(), reader.ReadInt32());
        steps.Restore(reader);
        estimate.Restore(reader);
        variances = Read();
        for (var c = 0; c < chains.Length; c++)
        {
            chains[c].Restore(reader, dimensions);
            (divergences[c], cutOff[c]) = (reader.ReadInt32(), reader.ReadInt32());
            draws[c].Clear();
            draws[c].AddRange(Enumerable.Range(0, Math.Max(0, done - length.WarmUp)).Select(_ => Read()));
        }
    }

    /// <summary>The transitions of warm-up after which variances are taken: the ends of windows of which each is twice as long as the one before.</summary>
    private static HashSet<int> Windows(int warmUp)
    {
        var (end, last) = ((int)(FirstShare * warmUp), warmUp - (int)(LastShare * warmUp));
        var ends = new HashSet<int> { end };
        for (var window = FirstWindow; end < last; window *= 2)
        {
            // What is left after this one would be shorter than the next.
            end = end + (3 * window) > last ? last : end + window;
            ends.Add(end);
        }

        return ends;
    }

    /// <summary>
    /// One transition of every chain. All are evaluated side by side until the last has ended: a chain that has, asks for where it is, which costs a lane that is there anyway, where one point fewer
    /// would be another batch.
    /// </summary>
    private void Move(Func<IReadOnlyList<double[]>, IReadOnlyList<Evaluation>> density, double step)
    {
        var moves = chains.Select(c => c.Move(step, variances).GetEnumerator()).ToArray();
        var isMoving = moves.Select(static m => m.MoveNext()).ToArray();
        while (isMoving.Any(static m => m))
        {
            var found = density([.. chains.Select((c, i) => isMoving[i] ? moves[i].Current : c.Position)]);
            for (var i = 0; i < chains.Length; i++)
            {
                chains[i].Answer(found[i]);
                isMoving[i] = isMoving[i] && moves[i].MoveNext();
            }
        }
    }

    private void CheckLength()
    {
        cutOffInARow = chains.All(static c => c.IsCutOff) ? cutOffInARow + 1 : 0;
        if (cutOffInARow == MostCutOff)
        {
            throw new DiagnosticException(
                "BM2819", $"the sampler finds no way through the posterior: for {MostCutOff} transitions no chain's trajectory has turned back within {(1 << NoUTurnChain.DeepestTree) - 1} steps",
                expected: "a posterior whose width along each direction is about that of Laplace's approximation", cure: "let the fit come to rest first, give parameters that the recording does not determine values of their own, or take the uncertainty laplace");
        }
    }

    private void Learn()
    {
        if (done >= length.WarmUp)
        {
            for (var c = 0; c < chains.Length; c++)
            {
                draws[c].Add(chains[c].Position);
                divergences[c] += chains[c].Diverged ? 1 : 0;
                cutOff[c] += chains[c].IsCutOff ? 1 : 0;
            }

            return;
        }

        steps.Add(chains.Average(static c => c.Acceptance));
        foreach (var chain in chains)
        {
            estimate.Add(chain.Position);
        }

        if (windows.Contains(done + 1))
        {
            // What the chains passed on their way from where they began says nothing of the density's width.
            if (done + 1 > windows.Min())
            {
                variances = estimate.Variances;
            }

            estimate.Clear();
            steps.Restart();
        }
    }
}
