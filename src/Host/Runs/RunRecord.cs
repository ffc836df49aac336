using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text.Json.Nodes;
using BrainModular.Host.Configuration;
using BrainModular.Host.Plugins;

namespace BrainModular.Host.Runs;

/// <summary>The content of run.json: what ran, on what, with which plugins.</summary>
internal static class RunRecord
{
    public const int Format = 1;

    public static JsonObject Describe(ExperimentConfig config, PluginCatalog catalog, IReadOnlyList<string> commandLine, DateTimeOffset started) => new()
    {
        ["format"] = Format,
        ["version"] = Product.Version,
        ["started"] = started.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["commandLine"] = Texts(commandLine),
        ["currentFolder"] = Directory.GetCurrentDirectory(),
        ["config"] = Path.GetFullPath(config.File),
        ["seed"] = config.Seed,
        ["threads"] = config.Threads,
        ["plugins"] = new JsonArray([.. catalog.Plugins.Select(Describe)]),
        ["failedPlugins"] = new JsonArray([.. catalog.Failures.Select(f => new JsonObject { ["path"] = f.Path, ["reason"] = f.Reason.Problem })]),
        ["machine"] = new JsonObject
        {
            ["system"] = RuntimeInformation.OSDescription,
            ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["cores"] = Environment.ProcessorCount,
            ["fusedMultiplyAdd"] = Fma.IsSupported,
            ["vectorBits"] = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 64,
        },
    };

    /// <summary>When a run started.</summary>
    public static DateTimeOffset Started(JsonNode record) => DateTimeOffset.Parse((string)record["started"]!, CultureInfo.InvariantCulture);

    /// <summary>The command that started a run, as typed.</summary>
    public static string CommandLine(JsonNode record) => string.Join(' ', record["commandLine"]!.AsArray().Skip(1).Select(static a => (string)a!).Prepend("brain"));

    private static JsonObject Describe(LoadedPlugin plugin) => new()
    {
        ["name"] = plugin.Name,
        ["version"] = plugin.Version,
        ["path"] = plugin.Path,
        ["source"] = plugin.Source,
        ["sha256"] = new JsonObject(plugin.Hashes().Select(h => KeyValuePair.Create(h.Key, (JsonNode?)h.Value))),
    };

    private static JsonArray Texts(IReadOnlyList<string> texts) => new([.. texts.Select(t => (JsonNode?)t)]);
}
