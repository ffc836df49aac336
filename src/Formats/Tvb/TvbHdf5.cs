using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Tvb;

/// <summary>
/// Reads a connectivity of The Virtual Brain from HDF5: datasets <c>weights</c> and <c>tract_lengths</c> [region, region], <c>centres</c> [region, 3], <c>region_labels</c> and, where there are,
/// <c>areas</c>, <c>cortical</c> and <c>hemispheres</c> [region].
/// </summary>
public static class TvbHdf5
{
    private const string Expected = "a connectivity of The Virtual Brain: weights, tract_lengths, centres and region_labels";

    /// <summary>Whether a file is HDF5.</summary>
    /// <exception cref="DiagnosticException">BM3001 missing, BM3002 a folder, BM3003 empty, BM6103 permission denied.</exception>
    public static bool Is(string path) => FileInspection.IsHdf5(path, Expected);

    /// <summary>Reads the file.</summary>
    /// <exception cref="DiagnosticException">What <see cref="Hdf5File.Open(string)"/> throws; BM3223 a number is not finite, BM3228 sizes that do not fit together, BM3241 a dataset is missing.</exception>
    public static TvbConnectivity Read(string path)
    {
        using var file = Hdf5File.Open(path);
        var shape = file.Find("weights") is null ? throw Missing(path, "weights") : file.Dataset("weights").Shape;
        var count = shape.Count == 2 ? shape[0] : 0;
        var weights = Rows(file, "weights", count, count) ?? throw Missing(path, "weights");
        var centres = Rows(file, "centres", count, 3) ?? throw Missing(path, "centres");
        if (file.Find("region_labels") is null)
        {
            throw Missing(path, "region_labels");
        }

        CheckSize(file, "region_labels", count, 1);
        return new(
            file.ReadTexts("region_labels"), centres, weights, Rows(file, "tract_lengths", count, count), Vector(file, "areas", count), Vector(file, "cortical", count), Vector(file, "hemispheres", count));
    }

    private static double[]? Vector(Hdf5File file, string name, long count) => Rows(file, name, count, 1)?.SelectMany(static row => row).ToArray();

    /// <summary>A dataset as rows of numbers; null where there is none.</summary>
    private static double[][]? Rows(Hdf5File file, string name, long count, long width)
    {
        if (file.Find(name) is null)
        {
            return null;
        }

        CheckSize(file, name, count, width);
        var numbers = file.ReadDoubles(name);
        if (Array.Find(numbers, static x => !double.IsFinite(x)) is var odd && odd != 0)
        {
            throw new DiagnosticException("BM3223", FormattableString.Invariant($"'{odd}' is no number"), new Place(file.Path, name), "finite numbers", "mend the file");
        }

        return [.. numbers.Chunk((int)width)];
    }

    private static void CheckSize(Hdf5File file, string name, long count, long width)
    {
        var shape = file.Dataset(name).Shape;
        if (count <= 0 || shape.Count == 0 || shape[0] != count || shape.Skip(1).Aggregate(1L, static (a, b) => a * b) != width)
        {
            throw new DiagnosticException(
                "BM3228", $"the dataset has the shape [{string.Join(", ", shape)}]", new Place(file.Path, name), count <= 0 ? "weights of as many rows as columns, at least one" : $"{count} rows of {width}",
                "mend the file, or copy it again");
        }
    }

    private static DiagnosticException Missing(string path, string name) => new("BM3241", $"there is no dataset {name}", new Place(path), Expected, "name a connectivity's file");
}
