using BrainModular.Random;

namespace BrainModular.Host.Configuration;

/// <summary>How numbers are spread.</summary>
internal enum DistributionShape
{
    /// <summary>All are the first number.</summary>
    Constant,

    /// <summary>From the first number to the second.</summary>
    Uniform,

    /// <summary>Around the first number with the second as standard deviation.</summary>
    Normal,

    /// <summary>Positive numbers whose mean is the first number and whose standard deviation the second; their logarithms are normal.</summary>
    LogNormal,
}

/// <summary>Numbers to draw.</summary>
/// <param name="Shape">How they are spread.</param>
/// <param name="First">The value, the lowest number, or the mean.</param>
/// <param name="Second">The highest number, or the standard deviation.</param>
internal readonly record struct Distribution(DistributionShape Shape, double First, double Second)
{
    /// <summary>What is wrong with the two numbers; null where nothing is.</summary>
    public string? Fault => Shape switch
    {
        DistributionShape.Uniform when First > Second => "the lower end lies above the upper one",
        DistributionShape.Normal or DistributionShape.LogNormal when Second < 0 => "the standard deviation is negative",
        DistributionShape.LogNormal when First <= 0 => "the mean is not positive",
        _ => null,
    };

    public double Draw(IRandomStream random)
    {
        switch (Shape)
        {
            case DistributionShape.Uniform:
                return First + ((Second - First) * random.Uniform());
            case DistributionShape.Normal:
                return First + (Second * random.Normal());
            case DistributionShape.LogNormal:
                var variance = Math.Log(1 + (Second * Second / (First * First)));
                return First * Math.Exp((Math.Sqrt(variance) * random.Normal()) - (variance / 2));
            default:
                return First;
        }
    }
}
