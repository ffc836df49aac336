using System.Runtime.InteropServices;
using System.Text;
using BrainModular.Diagnostics;
using BrainModular.Formats.Arrays;

namespace BrainModular.Formats.Axon;

/// <summary>
/// An Axon Binary File, version 1 or 2, of any mode of acquisition: recorded channels as 16-bit integers or 32-bit numbers, interleaved, and the protocol whose
/// epochs tell the command that the digitiser gave out.
/// </summary>
public sealed class AxonFile : IDisposable
{
    private const string Expected = "an Axon Binary File (ABF 1 or ABF 2)";
    private const int PieceLength = 1 << 16;

    private readonly BinaryFile file;
    private readonly AxonHeader header;

    private AxonFile(BinaryFile file)
    {
        this.file = file;
        header = SignatureOf(file) switch
        {
            "ABF " => AxonHeader1.Read(file),
            "ABF2" => AxonHeader2.Read(file),
            _ => throw new DiagnosticException("BM2901", "the file does not begin as an Axon Binary File does", file.At(0), "'ABF ' or 'ABF2'", "name a recording of Clampex or AxoScope"),
        };
    }

    /// <summary>The file.</summary>
    public string Path => file.Path;

    /// <summary>The format's version, such as 1.83 or 2.6.</summary>
    public double Version => header.Version;

    /// <summary>When the recording began, by the recording computer's clock; null where the file does not say.</summary>
    public DateTime? Start => header.Start;

    /// <summary>Samples of each channel per s.</summary>
    public double Rate => header.Rate;

    /// <summary>The recorded channels.</summary>
    public IReadOnlyList<AxonChannel> Channels => header.Channels;

    /// <summary>The digitiser's outputs.</summary>
    public IReadOnlyList<AxonCommand> Commands => header.Commands;

    /// <summary>The sweeps.</summary>
    public IReadOnlyList<AxonSweep> Sweeps => header.Sweeps;

    /// <summary>The path of the protocol; empty where the file does not say.</summary>
    public string Protocol => header.Protocol;

    /// <summary>The user's comment; empty where there is none.</summary>
    public string Comment => header.Comment;

    /// <summary>Whether a file begins as one of this format does.</summary>
    public static bool Recognises(ReadOnlySpan<byte> begin) => begin.StartsWith("ABF "u8) || begin.StartsWith("ABF2"u8);

    /// <summary>Opens a file; its samples are read when they are asked for.</summary>
    /// <exception cref="DiagnosticException">
    /// BM3001 missing, BM3002 a folder, BM3003 empty, BM6103 permission denied, BM6105 not usable, BM2901 not of the format, BM2902 cut off, BM2903 a value that cannot be.
    /// </exception>
    public static AxonFile Open(string path)
    {
        var file = new BinaryFile(path, Expected);
        try
        {
            return new AxonFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A sweep's samples of a channel as they are stored: to be multiplied with the channel's scale, then to have its offset added.</summary>
    /// <param name="sweep">One of <see cref="Sweeps"/>.</param>
    /// <param name="channel">The index of one of <see cref="Channels"/>.</param>
    public NumberStream Samples(AxonSweep sweep, int channel) =>
        header.IsSingle ? new NumberStream<float>(sweep.Count, Pieces<float>(sweep, channel)) : new NumberStream<short>(sweep.Count, Pieces<short>(sweep, channel));

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    private static string SignatureOf(BinaryFile file) => Encoding.ASCII.GetString(file.Bytes(0, 4));

    private IEnumerable<T[]> Pieces<T>(AxonSweep sweep, int channel)
        where T : unmanaged
    {
        var size = Marshal.SizeOf<T>();
        for (var at = 0L; at < sweep.Count; at += PieceLength)
        {
            var length = (int)Math.Min(PieceLength, sweep.Count - at);
            var interleaved = new T[length * Channels.Count];
            file.Fill(header.DataAt + (size * (sweep.First + (at * Channels.Count))), MemoryMarshal.AsBytes(interleaved.AsSpan()));
            var piece = new T[length];
            for (var i = 0; i < length; i++)
            {
                piece[i] = interleaved[(i * Channels.Count) + channel];
            }

            yield return piece;
        }
    }
}
