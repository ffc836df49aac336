using System.Buffers.Binary;
using BrainModular.Diagnostics;

namespace BrainModular.Plugins.Tasks.Images;

/// <summary>
/// Images in IDX files (LeCun, Cortes and Burges, the MNIST database): a file of images, 3 dimensions of bytes, and one of labels, 1 dimension of bytes. The labels' file has the name of the
/// images' with <c>labels</c> for <c>images</c> and <c>idx1</c> for <c>idx3</c>.
/// </summary>
internal static class IdxImages
{
    private const int ByteImages = 0x0803;
    private const int ByteLabels = 0x0801;

    /// <summary>Whether the first bytes are those of an IDX file: two of 0, then the type of its values and the number of its dimensions.</summary>
    public static bool IsIdx(ReadOnlySpan<byte> bytes) => bytes.Length >= 4 && bytes[0] == 0 && bytes[1] == 0;

    public static ImageSet Read(string path, byte[] bytes)
    {
        var sizes = Header(path, bytes, ByteImages);
        var pixels = sizes[1] * sizes[2];
        var labelsPath = Path.Combine(
            Path.GetDirectoryName(path)!,
            Path.GetFileName(path).Replace("images", "labels", StringComparison.Ordinal).Replace("idx3", "idx1", StringComparison.Ordinal));
        var labels = ImageSet.Unpack(labelsPath);
        var labelled = Header(labelsPath, labels, ByteLabels)[0];
        if (labelled != sizes[0])
        {
            throw new DiagnosticException(
                "BM3203", $"there are {labelled} labels", new(labelsPath), $"{sizes[0]}, one for each image of {Path.GetFileName(path)}", "use files that belong together");
        }

        return ImageSet.Scale((int)pixels, [.. bytes.Skip(16).Select(static value => (float)value)], [.. labels.Skip(8).Select(static label => (int)label)]);
    }

    private static long[] Header(string path, byte[] bytes, int kind)
    {
        var dimensions = kind & 0xFF;
        var header = 4 + (4 * dimensions);
        if (bytes.Length < header || BinaryPrimitives.ReadInt32BigEndian(bytes) != kind)
        {
            throw new DiagnosticException(
                "BM3204", "the file is no IDX file of this kind", new(path), $"bytes in {dimensions} dimension{(dimensions == 1 ? "" : "s")}", "check the path");
        }

        var sizes = Enumerable.Range(0, dimensions).Select(i => (long)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4 + (4 * i)))).ToArray();
        var expected = sizes.Aggregate((UInt128)1, static (product, size) => product * (UInt128)size);
        return expected > 0 && expected == (UInt128)(bytes.Length - header)
            ? sizes
            : throw new DiagnosticException(
                "BM3204", $"the file holds {bytes.Length - header} values", new(path), $"{expected} values, as its header says, and more than none", "copy the file again");
    }
}
