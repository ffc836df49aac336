namespace BrainModular.Random;

/// <summary>
/// A reproducible stream of random numbers, given by the host: the same seed and name give the same numbers on every machine.
/// Nothing else in a plugin may be random.
/// </summary>
public interface IRandomStream
{
    /// <summary>How many numbers were drawn; setting it continues from there.</summary>
    ulong Position { get; set; }

    /// <summary>A number uniform in (0, 1).</summary>
    double Uniform();

    /// <summary>A standard normal number.</summary>
    double Normal();

    /// <summary>An integer uniform in 0 .. bound - 1.</summary>
    int Integer(int bound);

    /// <summary>An independent stream.</summary>
    /// <param name="name">Its name; the same name gives the same stream.</param>
    IRandomStream Split(string name);
}
