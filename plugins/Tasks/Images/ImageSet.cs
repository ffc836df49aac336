using System.IO.Compression;
using BrainModular.Diagnostics;

namespace BrainModular.Plugins.Tasks.Images;

/// <summary>Labelled images from a file, with intensities from 0 to 1.</summary>
/// <param name="Pixels">How many pixels an image has.</param>
/// <param name="Intensities">[image][pixel]; 1 is the highest value in the file.</param>
/// <param name="Labels">The class of each image.</param>
internal sealed record ImageSet(int Pixels, float[] Intensities, int[] Labels)
{
    /// <summary>The largest label that a file may have.</summary>
    public const int HighestLabel = 9999;

    private static ReadOnlySpan<byte> Gzip => [0x1F, 0x8B];

    /// <summary>One more than the largest label.</summary>
    public int Classes => Labels.Max() + 1;

    /// <summary>
    /// Reads a file of images: text with one image a line, values separated by commas and the label last, or an IDX file, whose labels lie in a second file.
    /// Either may be packed with gzip. What a file is, its first bytes say.
    /// </summary>
    /// <exception cref="DiagnosticException">BM3201: it cannot be read; BM3202 to BM3204: it holds something else.</exception>
    public static ImageSet Read(string path)
    {
        var bytes = Unpack(path);
        return IdxImages.IsIdx(bytes) ? IdxImages.Read(path, bytes) : CsvImages.Read(path, bytes);
    }

    /// <summary>The bytes of a file, unpacked where it is packed.</summary>
    public static byte[] Unpack(string path)
    {
        if (Directory.Exists(path))
        {
            throw new DiagnosticException("BM3201", "the images cannot be read: this is a folder", new(path), "a file of images", "name a file in it");
        }

        try
        {
            var bytes = File.ReadAllBytes(path);
            if (!bytes.AsSpan().StartsWith(Gzip))
            {
                return bytes;
            }

            using var unpacked = new MemoryStream();
            using var packed = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            packed.CopyTo(unpacked);
            return unpacked.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DiagnosticException("BM3201", $"the images cannot be read: {exception.Message}", new(path), cure: "check the path and who may read it", inner: exception);
        }
        catch (InvalidDataException exception)
        {
            throw new DiagnosticException("BM3204", $"the packed file is damaged: {exception.Message}", new(path), cure: "copy the file again", inner: exception);
        }
    }

    /// <summary>Scales values so that the highest is 1.</summary>
    public static ImageSet Scale(int pixels, float[] values, int[] labels)
    {
        var highest = values.Max();
        for (var i = 0; i < values.Length && highest > 0; i++)
        {
            values[i] /= highest;
        }

        return new(pixels, values, labels);
    }
}
