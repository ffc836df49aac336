using BrainModular.Engine.Networks;

namespace BrainModular.Host.Runs;

/// <summary>A spike of a simulation.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Step">The step.</param>
/// <param name="Unit">The unit.</param>
internal readonly record struct StoredSpike(int Trial, int Step, int Unit);

/// <summary>
/// The spikes of one population, kept in a file of 12 bytes a spike while a simulation runs, so that they take no memory; what is kept in memory
/// is how many each unit has. The file goes with the store.
/// </summary>
internal sealed class SpikeStore : IDisposable
{
    private const int BufferLength = 1 << 16;

    private readonly string path;
    private FileStream? stream;
    private BinaryWriter? writer;

    /// <param name="path">The file; its folder is there.</param>
    /// <param name="units">How many units the population has.</param>
    public SpikeStore(string path, int units)
    {
        (this.path, CountOfUnit) = (path, new long[units]);
        EnvironmentFaults.Guard(path, () => stream = new(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, BufferLength));
        writer = new(stream!);
    }

    /// <summary>How many spikes there are.</summary>
    public long Count { get; private set; }

    /// <summary>How many spikes each unit has, over all trials.</summary>
    public long[] CountOfUnit { get; }

    /// <summary>Adds spikes.</summary>
    /// <param name="spikes">The spikes.</param>
    /// <param name="firstTrial">The trial of lane 0.</param>
    public void Add(ReadOnlySpan<RecordedSpike> spikes, int firstTrial)
    {
        Count += spikes.Length;
        try
        {
            foreach (var spike in spikes)
            {
                CountOfUnit[spike.Unit]++;
                writer!.Write(firstTrial + spike.Lane);
                writer.Write(spike.Step);
                writer.Write(spike.Unit);
            }
        }
        catch (IOException exception)
        {
            throw new Diagnostics.DiagnosticException(EnvironmentFaults.Of(exception, path)!, exception);
        }
    }

    /// <summary>The spikes as they were added.</summary>
    public IEnumerable<StoredSpike> Read()
    {
        EnvironmentFaults.Guard(path, writer!.Flush);
        stream!.Position = 0;
        var reader = new BinaryReader(stream);
        for (var i = 0L; i < Count; i++)
        {
            yield return new(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        }

        stream.Position = stream.Length;
    }

    public void Dispose()
    {
        // Whoever wrote to a full disk cannot flush; the file is given up either way.
        (writer, var file) = (null, stream);
        stream = null;
        if (file is not null)
        {
            file.SafeFileHandle.Dispose();
            File.Delete(path);
        }
    }
}
