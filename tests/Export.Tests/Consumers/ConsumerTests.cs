using System.Text.Json;
using BrainModular.Engine.Ir;
using BrainModular.Export.Checking;
using BrainModular.Export.Onnx;
using BrainModular.Export.Tests.Fixtures;

namespace BrainModular.Export.Tests.Consumers;

/// <summary>Programs that know nothing of BrainModular accept the files and run them to the same numbers.</summary>
public sealed class ConsumerTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web);

    private readonly ExportFolder folder = new();

    public static IEnumerable<object[]> Cases =>
        from name in new[] { "dyadic", "by-unit", "everything", "hodgkin-huxley" } from precision in new[] { Precision.Single, Precision.Double } select new object[] { name, precision };

    public void Dispose() => folder.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void The_onnx_package_of_python_accepts_both_files(string name, Precision precision)
    {
        OtherProgram.Require("apt-get install python3-onnx", Python, "-c", "import onnx");
        folder.Write(Model(name), precision);

        Assert.Contains("2 files", OtherProgram.Run(Python, "", OtherProgram.Script("check.py"), folder.StepFile, folder.SequenceFile), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_onnx_package_of_python_accepts_every_operation()
    {
        OtherProgram.Require("apt-get install python3-onnx", Python, "-c", "import onnx");
        var files = OperationTable.Operations.Select(op =>
        {
            var operands = op == IrOp.Select ? 3 : op is IrOp.Negate or IrOp.Abs or IrOp.Sqrt or IrOp.Not or IrOp.Heaviside || (op >= IrOp.Exp && op < IrOp.Less) ? 1 : 2;
            Formats.Onnx.OnnxFile.Write(OnnxExport.Step(Populations.OneOperation(op, operands), Precision.Single), folder.File($"{op}.onnx"));
            return folder.File($"{op}.onnx");
        }).ToArray();

        Assert.Contains($"{files.Length} files", OtherProgram.Run(Python, "", [OtherProgram.Script("check.py"), .. files]), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_onnx_package_of_python_refuses_a_broken_file()
    {
        OtherProgram.Require("apt-get install python3-onnx", Python, "-c", "import onnx");
        var model = OnnxExport.Step(Populations.DyadicLif(), Precision.Single);
        var broken = model with { Graph = model.Graph with { Outputs = [.. model.Graph.Outputs.Select(output => output with { Type = Formats.Onnx.OnnxElementType.Int64 })] } };
        Formats.Onnx.OnnxFile.Write(broken, folder.StepFile);

        Assert.Throws<Xunit.Sdk.TrueException>(() => OtherProgram.Run(Python, "", OtherProgram.Script("check.py"), folder.StepFile));
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Onnxruntime_in_node_computes_the_same_numbers(string name, Precision precision)
    {
        OtherProgram.Require("install Node.js and run 'npm ci --ignore-scripts'", "node", "-e", "require('onnxruntime-node')");
        var model = Model(name);
        folder.Write(model, precision);
        var trajectory = Trajectories.Run<float>(model, 60, seed: 5);
        var inputs = Inputs(model, trajectory);
        using var session = OnnxSession.Open(folder.SequenceFile);
        var here = session.Run(inputs, session.Outputs);
        var job = JsonSerializer.Serialize(new { model = folder.SequenceFile, type = precision == Precision.Single ? "float32" : "float64", inputs }, Camel);

        var there = JsonSerializer.Deserialize<Dictionary<string, OnnxRow>>(OtherProgram.Run("node", job, OtherProgram.Script("run.mjs")), Camel)!;

        Assert.Equal(session.Outputs.Order(), there.Keys.Order());
        Assert.All(here, pair =>
        {
            Assert.Equal(pair.Value.Shape, there[pair.Key].Shape);
            Assert.All(pair.Value.Elements.Zip(there[pair.Key].Elements), both => Assert.Equal(both.First, both.Second, ToleranceOf(name)));
        });
    }

    private static StepModel Model(string name) => name switch
    {
        "dyadic" => Populations.DyadicLif(),
        "by-unit" => Populations.DyadicLif(resistance: [1, 1.25, 1.5]),
        "everything" => Populations.Everything(),
        _ => Neurons.Model(name, "exponential-euler-staggered", 0.01),
    };

    /// <summary>Two versions of the runtime may round an exponential differently; sums and products of a few bits they must not.</summary>
    private static double ToleranceOf(string name) => name == "hodgkin-huxley" ? 1e-3 : 0;

    private static Dictionary<string, OnnxRow> Inputs(StepModel model, ReferenceTrajectory trajectory)
    {
        var names = new ValueNames(model);
        var inputs = model.States.ToDictionary(names.State, state => new OnnxRow([1, model.Units], trajectory.States[state][..model.Units]));
        foreach (var feed in RowFeed.Of(model))
        {
            inputs[feed.Name] = new([trajectory.Steps, 1, feed.Width], feed.Elements(trajectory));
        }

        return inputs;
    }
}
