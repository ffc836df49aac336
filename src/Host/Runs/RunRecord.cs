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

    /// <param name="config">The configuration.</param>
    /// <param name="resolved">The same as it is written down.</param>
    /// <param name="catalog">What the plugins offer.</param>
    /// <param name="commandLine">The command.</param>
    /// <param name="started">When the run started.</param>
    /// <exception cref="Diagnostics.DiagnosticException">BM6103, BM6105: a file that the configuration names cannot be read.</exception>
    public static JsonObject Describe(ExperimentConfig config, ReadOnlyMemory<byte> resolved, PluginCatalog catalog, IReadOnlyList<string> commandLine, DateTimeOffset started) => new()
    {
        ["format"] = Format,
        ["version"] = Product.Version,
        ["started"] = started.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["commandLine"] = Texts(commandLine),
        ["currentFolder"] = Directory.GetCurrentDirectory(),
        ["config"] = Path.GetFullPath(config.File),
        ["seed"] = config.Seed,
        ["threads"] = config.Threads,
        ["inputs"] = RunInputs.Describe(resolved, withFiles: !config.HasRecordings),
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
    public static string CommandLine(JsonNode record) => string.Join(' ', Arguments(record).Skip(1).Prepend("brain"));

    /// <summary>The same with the program, word by word.</summary>
    public static IReadOnlyList<string> Arguments(JsonNode record) => [.. record["commandLine"]!.AsArray().Select(static a => (string)a!)];

    /// <summary>What is not as it was when the run started, so that resuming may not give the same bits.</summary>
    public static IEnumerable<string> Differences(JsonNode record, PluginCatalog catalog)
    {
        if ((string?)record["version"] is var version && version != Product.Version)
        {
            yield return $"the run was started by version {version}, this is {Product.Version}";
        }

        foreach (var before in record["plugins"]!.AsArray())
        {
            var name = (string?)before!["name"];
            var hashes = before["sha256"]!.AsObject().Select(h => (string?)h.Value).ToArray();
            if (catalog.Plugins.FirstOrDefault(p => p.Name == name) is not { } now)
            {
                yield return $"the plugin {name} is not there any more";
            }
            else if (!now.Hashes().Values.Order(StringComparer.Ordinal).SequenceEqual(hashes.Order(StringComparer.Ordinal)))
            {
                yield return $"the plugin {name} has changed since the run was started";
            }
        }
    }

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
