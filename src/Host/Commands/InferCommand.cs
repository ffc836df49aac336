using System.CommandLine;
using BrainModular.Diagnostics;
using BrainModular.Export.Checking;
using BrainModular.Export.Inference;
using BrainModular.Formats.Arrays;
using BrainModular.Host.Runs;
using BrainModular.Host.Terminal;

namespace BrainModular.Host.Commands;

/// <summary><c>brain infer MODEL.onnx</c>: runs an exported model on arrays, without an experiment.</summary>
internal static class InferCommand
{
    private const string NumPy = ".npy";
    private const string Json = ".json";

    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "A model.seq.onnx or model.step.onnx." };
        var input = new Option<string>("--input")
        {
            Description = "What arrives, [time, batch, n]: an .npy file for a model with one input, or a .json file with an array for each input and, if wanted, first states.",
            HelpName = "FILE", Required = true,
        };
        var output = new Option<string>("--output") { Description = "Where the results go: an .npy file for one output, or a .json file for several.", HelpName = "FILE", Required = true };
        var select = new Option<string[]>("--select") { Description = "An output that is wanted; by default all that have numbers in every step.", HelpName = "NAME" };
        var provider = new Option<OnnxProvider>("--provider")
        {
            Description = "Where to compute: cpu, or cuda where there is a device.", HelpName = "cpu|cuda",
            CustomParser = static result =>
            {
                switch (result.Tokens[^1].Value)
                {
                    case "cpu":
                        return OnnxProvider.Cpu;
                    case "cuda":
                        return OnnxProvider.Cuda;
                    case var other:
                        result.AddError($"--provider takes cpu or cuda, not '{other}'");
                        return default;
                }
            },
        };
        var command = new Command("infer", "Runs an exported model on arrays in ONNX Runtime.") { model, input, output, select, provider };
        command.SetAction(parsed => Infer(
            parsed.GetRequiredValue(model), parsed.GetRequiredValue(input), parsed.GetRequiredValue(output), parsed.GetValue(select) ?? [], parsed.GetValue(provider)));
        return command;
    }

    private static int Infer(string modelFile, string inputFile, string outputFile, string[] select, OnnxProvider provider)
    {
        using var interruption = new Interruption(Console.Error, Console.Error.WriteLine);
        var (inputKind, outputKind) = (KindOf(inputFile, "--input"), KindOf(outputFile, "--output"));
        if (!File.Exists(modelFile))
        {
            throw new DiagnosticException("BM1401", "there is no such model", new(modelFile), "a model.seq.onnx or model.step.onnx of a run folder", "correct the path");
        }

        using var model = ExportedModel.Open(modelFile, provider);
        if (model.WithoutCuda is { } reason)
        {
            Console.Error.WriteLine($"warning: CUDA cannot be used, so the processor computes: {reason}");
        }

        string[] wanted = select.Length > 0 ? [.. select.Distinct()] : [.. model.Results];
        if (outputKind == NumPy && wanted.Length != 1)
        {
            throw new DiagnosticException("BM1403", $"an {NumPy} file holds one output, and {wanted.Length} are wanted", new(outputFile), $"one of {string.Join(", ", wanted)}",
                $"name one with --select, or write a {Json} file");
        }

        var given = inputKind == NumPy
            ? new Dictionary<string, GivenArray> { [OnlyInput(model, inputFile)] = new(NpyFile.Read(inputFile), new(inputFile)) }
            : JsonArrays.Read(inputFile).ToDictionary(static pair => pair.Key, pair => new GivenArray(pair.Value, new(inputFile, pair.Key)));
        foreach (var (name, array) in given)
        {
            CheckFinite(name, array);
        }

        var results = model.Run(given, wanted, interruption.Token);
        interruption.BeginWriting();
        AtomicFile.Write(outputFile, outputKind == NumPy ? NpyFile.Encode(results[wanted[0]]) : JsonArrays.Encode(results));
        foreach (var name in wanted)
        {
            Console.Out.WriteLine($"{name} {results[name].ShapeText}");
        }

        return 0;
    }

    /// <summary>Refuses NaN, of which a model gives no sign: comparisons with it are false, and no unit spikes.</summary>
    private static void CheckFinite(string name, GivenArray given)
    {
        if (Array.FindIndex(given.Array.Elements, static x => !double.IsFinite(x)) is var at and >= 0)
        {
            throw new DiagnosticException(
                "BM3615", FormattableString.Invariant($"value {at} of the array for '{name}', of shape {given.Array.ShapeText}, is {given.Array.Elements[at]}"), given.Place, "numbers that are finite",
                "put numbers in place of those that are missing");
        }
    }

    private static string KindOf(string file, string option) => Path.GetExtension(file).ToLowerInvariant() is var kind and (NumPy or Json)
        ? kind
        : throw new DiagnosticException("BM1402", $"{option} names a file of another kind", new(file), $"a name that ends with {NumPy} or {Json}", "name such a file");

    private static string OnlyInput(ExportedModel model, string file) => model.Asked.ToArray() is [var only]
        ? only
        : throw new DiagnosticException("BM1404", $"an {NumPy} file holds one input, and the model has {model.Asked.Count()}", new(file), string.Join(", ", model.Asked),
            $"write a {Json} file with an array for each");
}
