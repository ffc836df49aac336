namespace BrainModular.Formats.Arrays;

/// <summary>Numbers with a shape, row-major: the last axis is contiguous.</summary>
/// <param name="Shape">The length of each axis; none for a single number.</param>
/// <param name="Elements">As many numbers as the product of the lengths.</param>
/// <param name="IsSingle">Whether a file holds them as float32 instead of float64.</param>
public sealed record NumberArray(IReadOnlyList<long> Shape, double[] Elements, bool IsSingle = false)
{
    /// <summary>The shape as text, such as <c>[100, 1, 3]</c>.</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";

    /// <summary>The product of lengths, or -1 where it is more than an array can hold.</summary>
    internal static long Count(IEnumerable<long> shape)
    {
        Int128 count = 1;
        foreach (var length in shape)
        {
            count *= length;
            if (count > Array.MaxLength)
            {
                return -1;
            }
        }

        return (long)count;
    }
}
