namespace BrainModular.Examples.MakeRecording;

/// <summary>What the amplifier and the converter add.</summary>
internal static class Electrode
{
    /// <summary>The noise's standard deviation in mV.</summary>
    private const double Noise = 0.2;

    /// <summary>The converter's step in V: 16 bits for one volt.</summary>
    private const double Resolution = 1.0 / 65536;

    /// <summary>The potential as recorded, in V.</summary>
    /// <param name="potential">The true one in mV.</param>
    /// <param name="seed">Chooses the noise.</param>
    public static double[] Record(double[] potential, int seed)
    {
        // A seeded generator of this class gives the same numbers on every machine and in every version of .NET.
        var random = new System.Random(seed);
        return [.. potential.Select(v => Resolution * Math.Round((v + (Noise * Normal(random))) * 1e-3 / Resolution))];
    }

    private static double Normal(System.Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
