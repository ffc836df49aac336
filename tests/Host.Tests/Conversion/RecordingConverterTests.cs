using BrainModular.Diagnostics;
using BrainModular.Host.Conversion;

namespace BrainModular.Host;

public sealed class RecordingConverterTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("brain-convert-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void An_input_that_cannot_be_read_is_named()
    {
        File.WriteAllText(Named("empty.abf"), "");
        Directory.CreateDirectory(Named("folder"));
        Refuses("BM3001", Named("absent.abf"), Named("absent.abf"));
        Refuses("BM3002", Named("folder"), Named("folder"));
        Refuses("BM3003", Named("empty.abf"), Named("empty.abf"));
    }

    private string Named(string name) => Path.Combine(root, name);

    private void Refuses(string id, string file, params string[] inputs)
    {
        var fault = Assert.Single(Assert.Throws<DiagnosticException>(() => Convert(new(), inputs)).Diagnostics);
        Assert.Equal((id, file), (fault.Id, fault.Place.File));
        Assert.NotNull(fault.Cure);
        Assert.False(File.Exists(Named("out.nwb")));
    }

    private void Convert(ConversionOptions options, params string[] inputs) => RecordingConverter.Convert(inputs, Named("out.nwb"), options, DateTimeOffset.UnixEpoch, default);
}
