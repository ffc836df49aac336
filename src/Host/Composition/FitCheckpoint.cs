using BrainModular.Engine.Fitting;
using BrainModular.Host.Runs;

namespace BrainModular.Host.Composition;

/// <summary>The state of a fit's stage: that of the descents, and after their end that of what estimates uncertainties.</summary>
internal sealed class FitCheckpoint
{
    private const double SecondsPerCheckpoint = 5;
    private readonly System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
    private readonly string path;
    private readonly double earlier;
    private byte[] fit = [];
    private double saved;

    /// <param name="path">The stage's file: there when the run is a resumed one that had written it.</param>
    /// <param name="running">The fit, which goes on from it.</param>
    public FitCheckpoint(string path, RecordingFit running)
    {
        this.path = path;
        if (!File.Exists(path))
        {
            return;
        }

        using var reader = new BinaryReader(File.OpenRead(path));
        (earlier, Lines) = (reader.ReadDouble(), reader.ReadInt32());
        fit = reader.ReadBytes(reader.ReadInt32());
        Uncertainty = reader.ReadBytes(reader.ReadInt32());
        using var state = new BinaryReader(new MemoryStream(fit));
        running.Restore(state);
    }

    /// <summary>The lines of metrics that the stage has written.</summary>
    public int Lines { get; set; }

    /// <summary>What the uncertainty's estimate had saved; empty where it had not begun.</summary>
    public byte[] Uncertainty { get; private set; } = [];

    /// <summary>How long the stage has taken, in the run's earlier parts too.</summary>
    public double Seconds => earlier + watch.Elapsed.TotalSeconds;

    /// <summary>Writes the fit's state where that is due.</summary>
    /// <param name="running">The fit.</param>
    /// <param name="isDue">Whether it is due however short the time.</param>
    public void Save(RecordingFit running, bool isDue)
    {
        if (IsTime(isDue))
        {
            fit = Bytes(running.Save);
            Write();
        }
    }

    /// <summary>Writes the state of the uncertainty's estimate beside that of the fit, which has ended, where that is due.</summary>
    /// <param name="save">Writes its state.</param>
    /// <param name="isDue">Whether it is due however short the time.</param>
    public void Save(Action<BinaryWriter> save, bool isDue)
    {
        if (IsTime(isDue))
        {
            Uncertainty = Bytes(save);
            Write();
        }
    }

    private bool IsTime(bool isDue)
    {
        if (!isDue && watch.Elapsed.TotalSeconds - saved <= SecondsPerCheckpoint)
        {
            return false;
        }

        saved = watch.Elapsed.TotalSeconds;
        return true;
    }

    private void Write() => AtomicFile.Write(path, Bytes(writer =>
    {
        writer.Write(Seconds);
        writer.Write(Lines);
        writer.Write(fit.Length);
        writer.Write(fit);
        writer.Write(Uncertainty.Length);
        writer.Write(Uncertainty);
    }));

    private static byte[] Bytes(Action<BinaryWriter> save)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            save(writer);
        }

        return stream.ToArray();
    }
}
