using BrainModular.Diagnostics;
using BrainModular.Formats.Onnx;

namespace BrainModular.Formats.Tests.Onnx;

public sealed class OnnxRoundTripTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_model_with_functions_subgraphs_and_metadata_is_read_back_as_it_was_written()
    {
        var model = Models.WithEverything();

        var back = WriteAndRead(model);

        Assert.Equivalent(model with { Graph = WithoutData(model.Graph) }, back with { Graph = WithoutData(back.Graph) }, strict: true);
        Assert.Equal(model.Graph.Initializers[0].Data.ToArray(), back.Graph.Initializers[0].Data.ToArray());
        Assert.Equal("{\"V\":\"mV\"}", back.FindMetadata("brainmodular.units"));
    }

    [Fact]
    public void Writing_a_read_model_again_gives_the_same_bytes()
    {
        OnnxFile.Write(Models.WithEverything(), folder.File("first.onnx"));
        OnnxFile.Write(OnnxFile.Read(folder.File("first.onnx")), folder.File("second.onnx"));

        Assert.Equal(File.ReadAllBytes(folder.File("first.onnx")), File.ReadAllBytes(folder.File("second.onnx")));
    }

    [Fact]
    public void Attributes_that_are_zero_stand_in_the_file_and_come_back()
    {
        var attributes = new OnnxAttribute[]
        {
            new OnnxAttribute.Float("f", 0f), new OnnxAttribute.Float("g", -0f), new OnnxAttribute.Int("i", 0), new OnnxAttribute.Int("j", long.MinValue),
            new OnnxAttribute.Text("s", ""), new OnnxAttribute.Text("t", "tau μ"), new OnnxAttribute.Floats("fs", [0f, 1.5f]),
            new OnnxAttribute.Ints("is", [0, -1, long.MaxValue]), new OnnxAttribute.Texts("ss", ["", "b"]),
        };

        var back = WriteAndRead(Models.WithAttributes(attributes)).Graph.Nodes[0].Attributes;

        Assert.Equivalent(attributes, back, strict: true);
        Assert.True(float.IsNegative(Assert.IsType<OnnxAttribute.Float>(back[1]).Value));

        // Field 2 (f, 32 bit), 3 (i, number) and 4 (s, bytes) with the value zero, as a reader that goes by fields and not by type needs them.
        var bytes = Convert.ToHexString(File.ReadAllBytes(folder.File("model.onnx")));
        Assert.Contains("0A01661500000000A00101", bytes, StringComparison.Ordinal);
        Assert.Contains("0A01691800A00102", bytes, StringComparison.Ordinal);
        Assert.Contains("0A01732200A00103", bytes, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_of_every_type_come_back_with_the_same_elements()
    {
        var back = WriteAndRead(Models.WithTensors(
            OnnxTensor.Of("float", [2, 2], [1f, -0f, float.NaN, float.Epsilon]), OnnxTensor.Of("double", [2], [1e300, -1e-300]),
            OnnxTensor.Of("long", [1], [long.MinValue]), OnnxTensor.Of("int", [1], [int.MinValue]), OnnxTensor.Of("bool", [2], [true, false]),
            OnnxTensor.Of("half", [1], [(Half)0.1]), OnnxTensor.Scalar("scalar", 3f), OnnxTensor.Of<float>("empty", [0, 5], [])));

        var tensors = back.Graph.Initializers.ToDictionary(tensor => tensor.Name);
        Assert.Equal([1f, -0f, float.NaN, float.Epsilon], tensors["float"].Elements<float>().ToArray());
        Assert.Equal([1e300, -1e-300], tensors["double"].Elements<double>().ToArray());
        Assert.Equal([long.MinValue], tensors["long"].Elements<long>().ToArray());
        Assert.Equal([int.MinValue], tensors["int"].Elements<int>().ToArray());
        Assert.Equal([true, false], tensors["bool"].Elements<bool>().ToArray());
        Assert.Equal([(Half)0.1], tensors["half"].Elements<Half>().ToArray());
        Assert.Empty(tensors["scalar"].Dims);
        Assert.Equal([0L, 5L], tensors["empty"].Dims);
    }

    [Fact]
    public void Large_tensors_go_beside_the_model_at_page_boundaries_and_come_back()
    {
        var large = Enumerable.Range(0, 3000).Select(index => index * 0.5f).ToArray();
        var model = Models.WithTensors(OnnxTensor.Of("a", [3000], large), OnnxTensor.Of("small", [1], [7f]), OnnxTensor.Of("b", [30, 100], large));

        OnnxFile.Write(model, folder.File("net.onnx"), externalThreshold: 1000);

        var back = OnnxFile.Read(folder.File("net.onnx")).Graph.Initializers;
        Assert.Equal(large, back[0].Elements<float>().ToArray());
        Assert.Equal([7f], back[1].Elements<float>().ToArray());
        Assert.Equal(large, back[2].Elements<float>().ToArray());
        Assert.Equal(3 * 4096 + 12000, new FileInfo(folder.File("net.weights.bin")).Length);
        Assert.True(new FileInfo(folder.File("net.onnx")).Length < 1000);
    }

    [Fact]
    public void Nothing_but_the_model_is_left_in_the_folder()
    {
        OnnxFile.Write(Models.WithEverything(), folder.File("model.onnx"));

        Assert.Equal([folder.File("model.onnx")], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_an_environment_fault_and_keeps_the_old_file()
    {
        OnnxFile.Write(Models.WithEverything(tau: 1), folder.File("model.onnx"));
        var before = File.ReadAllBytes(folder.File("model.onnx"));
        Directory.CreateDirectory(folder.File("model.onnx.tmp"));

        var error = Assert.Throws<DiagnosticException>(() => OnnxFile.Write(Models.WithEverything(tau: 2), folder.File("model.onnx")));

        Assert.Equal(6, error.Diagnostics[0].ExitCode);
        Assert.Equal(before, File.ReadAllBytes(folder.File("model.onnx")));
    }

    [Fact]
    public void The_sum_of_tensor_bytes_is_a_64_bit_number()
    {
        // One array, named many times: the sum passes 2^31 without that much memory.
        var megabytes = new float[64 << 18];
        var model = Models.WithTensors([.. Enumerable.Range(0, 40).Select(index => OnnxTensor.Of($"t{index}", [megabytes.Length], megabytes))]);

        Assert.Equal(40L * (64 << 20), OnnxFile.TensorBytes(model));
        Assert.Equal(1L << 62, new OnnxTensor("t", OnnxElementType.Float, [1L << 31, 1L << 31], default).ElementCount);
        Assert.Equal(-1, new OnnxTensor("t", OnnxElementType.Float, [1L << 32, 1L << 32], default).ElementCount);
    }

    private OnnxModel WriteAndRead(OnnxModel model)
    {
        OnnxFile.Write(model, folder.File("model.onnx"));
        return OnnxFile.Read(folder.File("model.onnx"));
    }

    private static OnnxGraph WithoutData(OnnxGraph graph) =>
        graph with { Initializers = [.. graph.Initializers.Select(tensor => tensor with { Data = default })] };
}
