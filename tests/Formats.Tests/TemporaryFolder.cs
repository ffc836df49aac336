using System.IO.Compression;

namespace BrainModular.Formats.Tests;

/// <summary>A folder of its own for one test, deleted after it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("formats-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    /// <summary>Unpacks a fixture of another program's making and returns its path.</summary>
    public string Fixture(string name, string of = "Hdf5")
    {
        var target = this[name];
        using var source = new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, of, "Fixtures", name + ".gz")), CompressionMode.Decompress);
        using var file = File.Create(target);
        source.CopyTo(file);
        return target;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
