using BrainModular.Plugins;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BrainModular.Testing;

/// <summary>A folder of plugins that a test compiles from source.</summary>
internal sealed class PluginFolder : IDisposable
{
    private const string Header = """
        using System; using BrainModular.Models; using BrainModular.Plugins; using BrainModular.Symbolics; using static BrainModular.Symbolics.Units;

        """;

    private const string Neuron = """
        public sealed class Neuron : INeuronModel
        {
            public void Define(INeuronScope scope)
            {
                var V = scope.State("V", -65 * mV, mV, "membrane potential");
                var tau = scope.Parameter("tau", 10 * ms, (1 * ms, 100 * ms), "time constant");
                var I = scope.Input("I", nA, "injected current");
                V.Rate = (-65 * mV - V + 100 * MOhm * I) / tau;
            }
        }

        """;

    private static readonly MetadataReference[] BaseLibrary =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is "System.Runtime.dll" or "System.Console.dll" or "System.Private.CoreLib.dll" or "netstandard.dll")
            .Select(p => MetadataReference.CreateFromFile(p)),
    ];

    public string Root { get; } = Directory.CreateTempSubdirectory("brain-plugins-").FullName;

    public static string ContractPath => typeof(IPlugin).Assembly.Location;

    /// <summary>The source of a plugin that offers one neuron; what Register does beside that can be given.</summary>
    public static string Offering(string name, string register = "", string types = Neuron) => $$"""
        {{Header}}[assembly: BrainModularPlugin(typeof(Entry))]
        {{types}}
        public sealed class Entry : IPlugin
        {
            public void Register(ICatalogBuilder catalog)
            {
                {{register}}
                catalog.Add<INeuronModel>("{{name}}", "A test's neuron", s => new Neuron());
            }
        }
        """;

    public static string Source(string text) => Header + text;

    /// <summary>Compiles a DLL into a subfolder.</summary>
    public string Compile(string subfolder, string assembly, string source, params string[] references)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, subfolder)).FullName;
        var path = Path.Combine(folder, assembly + ".dll");
        var isContract = assembly == Path.GetFileNameWithoutExtension(ContractPath);
        var hasContract = references.Any(r => Path.GetFileName(r) == Path.GetFileName(ContractPath));
        var all = isContract || hasContract ? references : [.. references, ContractPath];
        var compilation = CSharpCompilation.Create(
            assembly,
            [CSharpSyntaxTree.ParseText(source)],
            [.. BaseLibrary, .. all.Select(r => MetadataReference.CreateFromFile(r))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var result = compilation.Emit(path);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return path;
    }

    /// <summary>Compiles contracts of another version, enough for a plugin without components, and a plugin against them.</summary>
    public string CompileAgainstContract(string version, string assembly)
    {
        var contract = Compile(
            Path.Combine("contracts", version), "BrainModular.Abstractions",
            $$"""
            [assembly: System.Reflection.AssemblyVersion("{{version}}.0.0")]
            namespace BrainModular.Plugins;
            public sealed class BrainModularPluginAttribute(System.Type entryPoint) : System.Attribute { public System.Type EntryPoint => entryPoint; }
            public interface IPlugin { }
            """);
        return Compile(assembly, assembly, "using BrainModular.Plugins; [assembly: BrainModularPlugin(typeof(Entry))] public sealed class Entry : IPlugin { }", contract);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
