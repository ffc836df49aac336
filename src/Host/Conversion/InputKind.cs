using BrainModular.Diagnostics;
using BrainModular.Formats;
using BrainModular.Formats.Igor;

namespace BrainModular.Host.Conversion;

/// <summary>Tells of what kind an input is, by how it begins.</summary>
internal static class InputKind
{
    private const int Length = 8;

    /// <summary>How a file begins.</summary>
    /// <exception cref="DiagnosticException">What <see cref="FileBegin.Read"/> throws; BM2901: it is of a kind that is not converted.</exception>
    public static byte[] Begin(string path)
    {
        var begin = FileBegin.Read(path, Length, "a recording");
        return begin is [0x89, (byte)'H', (byte)'D', (byte)'F', ..]
            ? throw new DiagnosticException("BM2901", "the file is HDF5 already", new Place(path, "byte 0"), "an Axon file, an Igor wave or a table in text", "give an NWB file to 'brain run' as it is")
            : begin;
    }

    /// <summary>Whether a file is to be read as an Igor wave: by its name, whatever it holds, or by how it begins.</summary>
    public static bool IsWave(string path, byte[] begin) => path.EndsWith(".ibw", StringComparison.OrdinalIgnoreCase) || IgorWave.Recognises(begin);
}
