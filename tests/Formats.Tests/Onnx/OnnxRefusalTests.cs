using BrainModular.Diagnostics;
using BrainModular.Formats.Onnx;
using BrainModular.Formats.Onnx.Wire;
using Google.Protobuf;

namespace BrainModular.Formats.Tests.Onnx;

public sealed class OnnxRefusalTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_cut_off_anywhere_is_refused_with_its_name()
    {
        OnnxFile.Write(Models.WithEverything(), folder.File("whole.onnx"));
        var whole = File.ReadAllBytes(folder.File("whole.onnx"));
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder.File("cut.onnx"), whole[..length]);

            var error = Assert.Throws<DiagnosticException>(() => OnnxFile.Read(folder.File("cut.onnx")));

            Assert.All(error.Diagnostics, fault =>
            {
                Assert.StartsWith("BM35", fault.Id, StringComparison.Ordinal);
                Assert.Equal(folder.File("cut.onnx"), fault.Place.File);
                Assert.NotNull(fault.Expected);
                Assert.NotNull(fault.Cure);
            });
        }
    }

    [Fact]
    public void Random_damage_is_refused_or_read_but_never_crashes()
    {
        OnnxFile.Write(Models.WithEverything(), folder.File("whole.onnx"));
        var whole = File.ReadAllBytes(folder.File("whole.onnx"));
        var random = new System.Random(1);
        var refused = 0;
        for (var trial = 0; trial < 500; trial++)
        {
            var damaged = whole.ToArray();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(folder.File("damaged.onnx"), damaged);
            refused += Record.Exception(() => OnnxFile.Read(folder.File("damaged.onnx"))) switch
            {
                null => 0,
                DiagnosticException => 1,
                var other => throw new InvalidOperationException($"trial {trial}", other),
            };
        }

        Assert.InRange(refused, 100, 499);
    }

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("sub/../../secret.bin")]
    [InlineData("/etc/hostname")]
    [InlineData("link.bin")]
    [InlineData("linked/secret.bin")]
    [InlineData("")]
    public void Weights_outside_the_models_folder_are_refused(string location)
    {
        var inner = Directory.CreateDirectory(folder.File("models")).FullName;
        File.WriteAllBytes(folder.File("secret.bin"), new byte[16]);
        File.CreateSymbolicLink(Path.Combine(inner, "link.bin"), folder.File("secret.bin"));
        Directory.CreateSymbolicLink(Path.Combine(inner, "linked"), folder.Path);

        var fault = RefuseExternal(Path.Combine(inner, "m.onnx"), ("location", location));

        Assert.Equal("BM3504", fault.Id);
        Assert.Contains("outside the model's folder", fault.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("offset", "-8")]
    [InlineData("offset", "1")]
    [InlineData("offset", "9223372036854775807")]
    [InlineData("offset", "99999999999999999999")]
    [InlineData("offset", "four")]
    [InlineData("length", "12")]
    [InlineData("location", "absent.bin")]
    public void Weights_that_do_not_lie_where_the_file_says_are_refused(string key, string value)
    {
        File.WriteAllBytes(folder.File("w.bin"), new byte[16]);

        var fault = RefuseExternal(folder.File("m.onnx"), ("location", "w.bin"), (key, value));

        Assert.Equal("BM3504", fault.Id);
        Assert.Equal("graph.initializer[0]", fault.Place.Path);
    }

    [Fact]
    public void Weights_in_a_folder_below_the_models_are_read()
    {
        Directory.CreateDirectory(folder.File("weights"));
        File.WriteAllBytes(folder.File("weights/w.bin"), [0, 0, 0, 0, .. new byte[12], 0, 0, 128, 63]);
        WriteWithExternal(folder.File("m.onnx"), ("location", "weights/w.bin"), ("offset", "4"));

        Assert.Equal([0f, 0f, 0f, 1f], OnnxFile.Read(folder.File("m.onnx")).Graph.Initializers[0].Elements<float>().ToArray());
    }

    [Fact]
    public void Sizes_that_promise_more_than_the_file_holds_are_refused_before_anything_is_allocated()
    {
        var proto = ModelOfOneTensor();
        proto.Graph.Initializer[0].Dims[0] = 1L << 40;
        File.WriteAllBytes(folder.File("m.onnx"), proto.ToByteArray());

        var error = Assert.Throws<DiagnosticException>(() => OnnxFile.Read(folder.File("m.onnx")));

        Assert.Contains("1099511627776", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, error.Diagnostics[0].ExitCode);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(2)]
    public void Another_version_of_the_representation_is_refused(long version)
    {
        var proto = ModelOfOneTensor();
        proto.IrVersion = version;
        File.WriteAllBytes(folder.File("m.onnx"), proto.ToByteArray());

        Assert.Equal("BM3502", Assert.Throws<DiagnosticException>(() => OnnxFile.Read(folder.File("m.onnx"))).Diagnostics[0].Id);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Equal("BM3500", Assert.Throws<DiagnosticException>(() => OnnxFile.Read(folder.File("absent.onnx"))).Diagnostics[0].Id);

    private Diagnostic RefuseExternal(string path, params (string Key, string Value)[] entries)
    {
        WriteWithExternal(path, entries);
        return Assert.Throws<DiagnosticException>(() => OnnxFile.Read(path)).Diagnostics[0];
    }

    private static void WriteWithExternal(string path, params (string Key, string Value)[] entries)
    {
        var proto = ModelOfOneTensor();
        var tensor = proto.Graph.Initializer[0];
        tensor.ClearRawData();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(entries.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        File.WriteAllBytes(path, proto.ToByteArray());
    }

    private static ModelProto ModelOfOneTensor() =>
        new OnnxEncoder(weights: null).Model(Models.WithTensors(OnnxTensor.Of("t", [4], new float[4])));
}
