using BrainModular.Formats.Arrays;

namespace BrainModular.Formats.Nir;

/// <summary>What a primitive needs, and how many numbers go in and out.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Required">The parameters that every file has.</param>
/// <param name="Optional">Those that a file may leave out.</param>
/// <param name="Same">The parameters that have one shape; the first also says how many numbers go in and out.</param>
internal sealed record NirPrimitive(string Type, string[] Required, string[] Optional, string[] Same)
{
    /// <summary>How many numbers go in; null where that depends on other nodes.</summary>
    public Func<NirNode, long?> Inputs { get; init; } = node => Same.Length == 0 ? null : node.Values[Same[0]].Elements.Length;

    /// <summary>How many numbers come out; null where that depends on other nodes.</summary>
    public Func<NirNode, long?> Outputs { get; init; } = node => Same.Length == 0 ? null : node.Values[Same[0]].Elements.Length;
}

/// <summary>The primitives of version 1.</summary>
internal static class NirPrimitives
{
    private const string Input = "Input", Output = "Output";

    private static readonly NirPrimitive[] All =
    [
        Ends(Input), Ends(Output),
        Matrix("Linear"), Matrix("Affine", "bias"),
        Elementwise("Scale", ["scale"]), Elementwise("Delay", ["delay"]), Elementwise("Threshold", ["threshold"]),
        Elementwise("I", ["r"]), Elementwise("IF", ["r", "v_threshold"], "v_reset"),
        Elementwise("LI", ["tau", "r", "v_leak"]), Elementwise("LIF", ["tau", "r", "v_leak", "v_threshold"], "v_reset"),
        Elementwise("CubaLI", ["tau_syn", "tau_mem", "r", "v_leak"], "w_in"),
        Elementwise("CubaLIF", ["tau_syn", "tau_mem", "r", "v_leak", "v_threshold"], "v_reset", "w_in"),
        new("Conv1d", ["weight", "bias", "stride", "padding", "dilation", "groups"], ["input_shape"], []),
        new("Conv2d", ["weight", "bias", "stride", "padding", "dilation", "groups"], ["input_shape"], []),
        new("SumPool2d", ["kernel_size", "stride", "padding"], [], []), new("AvgPool2d", ["kernel_size", "stride", "padding"], [], []),
        new("Flatten", ["start_dim", "end_dim"], ["input_type"], []),
    ];

    public static NirPrimitive? Find(string type) => Array.Find(All, p => p.Type == type);

    public static bool IsEnd(string type) => type is Input or Output;

    private static NirPrimitive Elementwise(string type, string[] required, params string[] optional) => new(type, required, optional, [.. required, .. optional.Where(static o => o != "w_in")]);

    private static NirPrimitive Ends(string type) => new(type, ["shape"], [], []) { Inputs = Numbers, Outputs = Numbers };

    private static NirPrimitive Matrix(string type, params string[] others) =>
        new(type, ["weight", .. others], [], []) { Inputs = static n => Columns(n.Values["weight"]), Outputs = static n => Rows(n.Values["weight"]) };

    /// <summary>How many numbers a shape has; the shape itself is the parameter.</summary>
    private static long? Numbers(NirNode node) => (long)node.Values["shape"].Elements.Aggregate(1.0, static (product, length) => product * length);

    private static long? Columns(NumberArray weight) => weight.Shape.Count < 2 ? -1 : weight.Elements.Length / Math.Max(1, weight.Shape[^2]);

    private static long? Rows(NumberArray weight) => weight.Shape.Count < 2 ? -1 : weight.Elements.Length / Math.Max(1, weight.Shape[^1]);
}
