using BrainModular.Diagnostics;

namespace BrainModular.Plugins.Optimizers;

/// <summary>Arrays in a saved optimiser state: a length, then the numbers bit by bit.</summary>
internal static class StateStream
{
    /// <summary>Refuses the state of another version of the optimiser.</summary>
    /// <exception cref="DiagnosticException">BM3901.</exception>
    public static void RequireVersion(BinaryReader reader, int version, string optimizer)
    {
        var found = reader.ReadInt32();
        if (found != version)
        {
            throw new DiagnosticException(
                "BM3901",
                $"the saved state of the optimiser {optimizer} has version {found}",
                expected: $"version {version}",
                cure: "start the run anew, or resume it with the version of BrainModular that wrote it");
        }
    }

    public static void WriteArray(this BinaryWriter writer, double[] values)
    {
        writer.Write(values.Length);
        foreach (var value in values)
        {
            writer.Write(value);
        }
    }

    public static double[] ReadArray(this BinaryReader reader)
    {
        var values = new double[reader.ReadInt32()];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadDouble();
        }

        return values;
    }

    public static void WriteArrays(this BinaryWriter writer, IReadOnlyList<double[]> arrays)
    {
        writer.Write(arrays.Count);
        foreach (var array in arrays)
        {
            writer.WriteArray(array);
        }
    }

    public static double[][] ReadArrays(this BinaryReader reader)
    {
        var arrays = new double[reader.ReadInt32()][];
        for (var i = 0; i < arrays.Length; i++)
        {
            arrays[i] = reader.ReadArray();
        }

        return arrays;
    }
}
