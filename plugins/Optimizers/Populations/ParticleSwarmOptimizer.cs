using BrainModular.Optimizers;

namespace BrainModular.Plugins.Optimizers.Populations;

/// <summary>
/// Particle swarm optimisation: each particle flies on with w = 1 / (2 ln 2) of its velocity, drawn by chance, up to c = 1/2 + ln 2 times
/// the distance in each coordinate, towards the best place that it met itself and the best that those who inform it met.
/// </summary>
/// <remarks>
/// Kennedy and Eberhart 1995, 10.1109/ICNN.1995.488968; w and c: Clerc and Kennedy 2002, 10.1109/4235.985692; who informs whom, and what
/// happens at the bounds: the standard swarm, Zambrano-Bigiarini, Clerc and Rojas 2013, 10.1109/CEC.2013.6557848. Each particle informs itself
/// and three others, drawn anew after a round in which the best loss did not fall. At a bound a particle stops, and half of its velocity is
/// turned round. The first particle is the start, the others are anywhere in the box.
/// </remarks>
internal sealed class ParticleSwarmOptimizer : GradientFreeOptimizer
{
    private const double Inertia = 0.7213475204444817;
    private const double Attraction = 1.1931471805599454;
    private const double Rebound = -0.5;
    private const int Informed = 3;

    private readonly int size;
    private readonly int maxGenerations;
    private readonly double tolerance;

    private double[][] velocities = [], bests = [];
    private double[] losses = [];
    private int[] informants = [];
    private double bestBefore;
    private int generation;

    /// <summary>An optimiser with the given settings.</summary>
    public ParticleSwarmOptimizer(Plugins.ISettings settings)
        : base("particle-swarm", 1)
    {
        size = settings.Integer("population", 40, 2, 100_000, "particles, all evaluated side by side");
        maxGenerations = settings.Integer("maxGenerations", 160, 1, int.MaxValue, "generations, each of one evaluation a particle");
        tolerance = settings.Number("ftol", 1e-9, 0, 1, "stops where the best losses f of all particles differ by less than ftol max(|f|, 1)");
    }

    private protected override IReadOnlyList<double[]> First(double[] start)
    {
        RequireBounds();
        (generation, bestBefore) = (0, double.PositiveInfinity);
        bests = [.. Enumerable.Range(0, size).Select(i => i == 0 ? [.. start] : Anywhere())];
        velocities = [.. bests.Select(x => x.Select((v, d) => Box.Lower[d] + (Random.Uniform() * Width(d)) - v).ToArray())];
        losses = [.. bests.Select(static _ => double.PositiveInfinity)];
        return [.. bests];
    }

    private protected override IReadOnlyList<double[]> Next(IReadOnlyList<double[]> told, double[] losses)
    {
        for (var i = 0; i < size; i++)
        {
            if (losses[i] < this.losses[i])
            {
                (bests[i], this.losses[i]) = (told[i], losses[i]);
            }
        }

        generation++;
        if (AreAlike(this.losses, tolerance))
        {
            return Stop(OptimizerStatus.Converged, "all particles met the same loss");
        }

        if (generation >= maxGenerations)
        {
            return Stop(OptimizerStatus.Exhausted, $"reached {maxGenerations} generations");
        }

        if (generation == 1 || BestLoss >= bestBefore)
        {
            informants = [.. Enumerable.Range(0, size * Informed).Select(_ => Random.Integer(size))];
        }

        bestBefore = BestLoss;
        return [.. told.Select((x, i) => Flown(i, x, bests[BestInformantOf(i)]))];
    }

    private protected override void SaveSearch(BinaryWriter writer)
    {
        writer.WriteArrays(velocities);
        writer.WriteArrays(bests);
        writer.WriteArray(losses);
        writer.Write(informants.Length);
        Array.ForEach(informants, writer.Write);
        writer.Write(bestBefore);
        writer.Write(generation);
    }

    private protected override void RestoreSearch(BinaryReader reader)
    {
        (velocities, bests, losses) = (reader.ReadArrays(), reader.ReadArrays(), reader.ReadArray());
        informants = new int[reader.ReadInt32()];
        for (var i = 0; i < informants.Length; i++)
        {
            informants[i] = reader.ReadInt32();
        }

        (bestBefore, generation) = (reader.ReadDouble(), reader.ReadInt32());
    }

    /// <summary>The particle with the smallest loss among the one itself and those that drew it.</summary>
    private int BestInformantOf(int particle)
    {
        var best = particle;
        for (var k = 0; k < informants.Length; k++)
        {
            if (informants[k] == particle && losses[k / Informed] < losses[best])
            {
                best = k / Informed;
            }
        }

        return best;
    }

    private double[] Flown(int particle, double[] x, double[] informed)
    {
        var (velocity, own) = (velocities[particle], bests[particle]);
        var moved = new double[x.Length];
        for (var d = 0; d < x.Length; d++)
        {
            velocity[d] = (Inertia * velocity[d]) + (Attraction * Random.Uniform() * (own[d] - x[d]));
            if (informed != own)
            {
                velocity[d] += Attraction * Random.Uniform() * (informed[d] - x[d]);
            }

            moved[d] = Box.Clamp(d, x[d] + velocity[d]);
            if (moved[d] != x[d] + velocity[d])
            {
                velocity[d] *= Rebound;
            }
        }

        return moved;
    }
}
