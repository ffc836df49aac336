using BrainModular.Diagnostics;
using BrainModular.Host.Plugins;
using BrainModular.Models;

namespace BrainModular.Host;

public sealed class PluginTests : IDisposable
{
    private readonly PluginFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("neuron", "hodgkin-huxley", "BrainModular.Plugins.Neurons")]
    [InlineData("optimizer", "l-bfgs-b", "BrainModular.Plugins.Optimizers")]
    [InlineData("recording", "nwb", "BrainModular.Plugins.Recordings")]
    public void Built_in_components_come_from_plugins(string noun, string name, string plugin)
    {
        var component = Assert.Single(LoadedPlugins.With().Components, c => c.Noun == noun && c.Name == name);
        Assert.Equal((plugin, "built in"), (component.Plugin.Name, component.Plugin.Source));
        Assert.Null(System.Runtime.Loader.AssemblyLoadContext.Default.Assemblies.FirstOrDefault(a => a.GetName().Name == plugin));
    }

    [Fact]
    public void A_stranger_s_plugin_is_loaded_from_its_path()
    {
        var path = folder.Compile("mine", "Mine", PluginFolder.Offering("mine").Replace("[assembly: Brain", "[assembly: System.Reflection.AssemblyInformationalVersion(\"2.3.4+abc\")]\n[assembly: Brain", StringComparison.Ordinal));
        var catalog = LoadedPlugins.With(path);
        Assert.Empty(catalog.Failures);
        var plugin = Assert.Single(catalog.Plugins, p => p.Name == "Mine");
        Assert.Equal(("2.3.4", path, "--plugin", "1.0"), (plugin.Version, plugin.Path, plugin.Source, plugin.Contract));
        Assert.Equal("Mine", catalog.Get<INeuronModel>("mine", default).Plugin.Name);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))), plugin.Hashes()[path]);
    }

    [Fact]
    public void A_copy_of_the_contracts_in_the_plugin_s_folder_does_no_harm()
    {
        var path = folder.Compile("mine", "Mine", PluginFolder.Offering("mine"));
        File.Copy(PluginFolder.ContractPath, Path.Combine(folder.Root, "mine", "BrainModular.Abstractions.dll"));
        var catalog = LoadedPlugins.With(Path.GetDirectoryName(path)!);
        Assert.Empty(catalog.Failures);
        Assert.IsAssignableFrom<INeuronModel>(catalog.Get<INeuronModel>("mine", default).Create(null!));
    }

    [Fact]
    public void Two_plugins_bring_two_versions_of_the_same_dependency()
    {
        foreach (var version in (int[])[1, 2])
        {
            var library = folder.Compile($"p{version}", "Shared.Library", $"[assembly: System.Reflection.AssemblyVersion(\"{version}.0.0.0\")] public static class Shared {{ public static string Name => \"v{version}\"; }}");
            folder.Compile($"p{version}", $"Plugin{version}", PluginFolder.Offering($"p{version}", $"if (Shared.Name != \"v{version}\") throw new InvalidOperationException(Shared.Name);"), library);
        }

        var catalog = LoadedPlugins.With(folder.Root);
        Assert.Empty(catalog.Failures);
        Assert.Equal(["Plugin1", "Plugin2"], catalog.Plugins.Where(p => p.Source == "--plugin").Select(p => p.Name));
    }

    [Fact]
    public void A_missing_dependency_is_named_before_the_plugin_is_loaded_and_the_others_go_on()
    {
        var library = folder.Compile("elsewhere", "Absent.Library", "public static class Absent { public static int One => 1; }");
        var bad = folder.Compile("bad", "Bad", PluginFolder.Offering("bad", "_ = Absent.One;"), library);
        var good = folder.Compile("good", "Good", PluginFolder.Offering("good"));
        var catalog = LoadedPlugins.With(bad, good);
        var failure = Assert.Single(catalog.Failures);
        Assert.Equal((bad, "BM4106", 4), (failure.Path, failure.Reason.Id, failure.Reason.ExitCode));
        Assert.Contains("Absent.Library", failure.Reason.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(AppDomain.CurrentDomain.GetAssemblies(), a => !a.IsDynamic && a.Location == bad);
        Assert.NotNull(catalog.Get<INeuronModel>("good", default));
    }

    [Theory]
    [InlineData("2.0", "newer BrainModular")]
    [InlineData("1.9", "newer BrainModular")]
    [InlineData("0.9", "rebuild the plugin")]
    public void A_plugin_for_other_contracts_is_refused_with_the_cure_and_not_loaded(string version, string cure)
    {
        var path = folder.CompileAgainstContract(version, "Other");
        var failure = Assert.Single(LoadedPlugins.With(path).Failures);
        Assert.Equal("BM4105", failure.Reason.Id);
        Assert.Contains($"version {version}", failure.Reason.Problem, StringComparison.Ordinal);
        Assert.Contains(cure, failure.Reason.Cure, StringComparison.Ordinal);
        Assert.DoesNotContain(AppDomain.CurrentDomain.GetAssemblies(), a => !a.IsDynamic && a.Location == path);
    }

    [Theory]
    [InlineData("BM4104", "public static class Library { }")]
    [InlineData("BM4109", "[assembly: BrainModularPlugin(typeof(Entry))] public sealed class Entry { }")]
    [InlineData("BM4109", "[assembly: BrainModularPlugin(typeof(Entry))] public abstract class Entry : IPlugin { public abstract void Register(ICatalogBuilder c); }")]
    [InlineData("BM4108", "[assembly: BrainModularPlugin(typeof(Entry))] public sealed class Entry : IPlugin { public void Register(ICatalogBuilder c) => throw new FormatException(\"no luck\"); }")]
    [InlineData("BM4108", "[assembly: BrainModularPlugin(typeof(Entry))] public sealed class Entry : IPlugin { public Entry() => throw new FormatException(\"no luck\"); public void Register(ICatalogBuilder c) { } }")]
    [InlineData("BM4108", "[assembly: BrainModularPlugin(typeof(Entry))] public sealed class Entry : IPlugin { static Entry() => throw new FormatException(\"no luck\"); public void Register(ICatalogBuilder c) { } }")]
    [InlineData("BM4201", "[assembly: BrainModularPlugin(typeof(Entry))] public sealed class Entry : IPlugin { public void Register(ICatalogBuilder c) => c.Add<string>(\"text\", \"\", s => \"\"); }")]
    [InlineData("BM4202", "[assembly: BrainModularPlugin(typeof(Entry))] public sealed class Entry : IPlugin { public void Register(ICatalogBuilder c) => c.Add<INeuronModel>(\"My Neuron\", \"\", s => null); }")]
    [InlineData("BM4202", "[assembly: BrainModularPlugin(typeof(Entry))] public sealed class Entry : IPlugin { public void Register(ICatalogBuilder c) => c.Add<INeuronModel>(\"hodgkin-huxley\", \"\", s => null); }")]
    public void A_plugin_that_goes_wrong_is_named_with_its_path_and_reason(string id, string source)
    {
        var path = folder.Compile("bad", "Bad", PluginFolder.Source(source));
        var catalog = LoadedPlugins.With(path);
        var failure = Assert.Single(catalog.Failures);
        Assert.Equal((path, id, path), (failure.Path, failure.Reason.Id, failure.Reason.Place.File));
        Assert.Contains("Bad", failure.Reason.Problem, StringComparison.Ordinal);
        Assert.Equal(id == "BM4108", failure.Reason.Problem.EndsWith("FormatException: no luck", StringComparison.Ordinal));
        Assert.DoesNotContain(catalog.Components, c => c.Plugin.Name == "Bad");
        Assert.NotEmpty(catalog.Plugins);
    }

    [Fact]
    public void A_file_that_is_no_assembly_is_refused()
    {
        var text = Path.Combine(folder.Root, "Text.dll");
        File.WriteAllText(text, "not a DLL at all");
        var empty = Path.Combine(folder.Root, "Empty.dll");
        File.WriteAllText(empty, "");
        var missing = Path.Combine(folder.Root, "Missing.dll");
        Assert.Equal(["BM4102", "BM4102", "BM4101"], LoadedPlugins.With(text, empty, missing).Failures.Select(f => f.Reason.Id));
    }

    [Fact]
    public void In_a_folder_the_dlls_that_plugins_bring_along_are_no_faults()
    {
        var library = folder.Compile("mine", "Library", "public static class Library { public static int One => 1; }");
        folder.Compile("mine", "Mine", PluginFolder.Offering("mine", "_ = Library.One;"), library);
        File.WriteAllText(Path.Combine(folder.Root, "mine", "native.dll"), "native code");
        var catalog = LoadedPlugins.With(Path.Combine(folder.Root, "mine"));
        Assert.Empty(catalog.Failures);
        Assert.NotNull(catalog.Get<INeuronModel>("mine", default));
    }

    [Fact]
    public void A_folder_without_any_plugin_is_a_fault()
    {
        folder.Compile("mine", "Library", "public static class Library { }");
        Assert.Equal("BM4104", Assert.Single(LoadedPlugins.With(Path.Combine(folder.Root, "mine")).Failures).Reason.Id);
    }

    [Fact]
    public void Plugins_are_found_beside_the_configuration_and_counted_once()
    {
        var path = folder.Compile("plugins/mine", "Mine", PluginFolder.Offering("mine"));
        var catalog = PluginCatalog.Load(PluginDiscovery.Run(folder.Root, [path], [Path.GetDirectoryName(path)!]));
        Assert.Empty(catalog.Failures);
        Assert.Equal("beside the configuration", Assert.Single(catalog.Plugins, p => p.Name == "Mine").Source);
    }

    [Fact]
    public void An_unknown_component_is_a_fault_of_the_configuration_that_names_the_nearest()
    {
        var fault = Assert.Throws<DiagnosticException>(() => LoadedPlugins.With().Get<INeuronModel>("hodgkin-huxly", new("c.json"))).Diagnostics[0];
        Assert.Equal(("BM2013", 3), (fault.Id, fault.ExitCode));
        Assert.Contains("'hodgkin-huxley'", fault.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_component_is_a_fault_of_the_plugin_that_failed_to_bring_it()
    {
        var path = folder.CompileAgainstContract("2.0", "Other");
        var fault = Assert.Throws<DiagnosticException>(() => LoadedPlugins.With(path).Get<INeuronModel>("quite-another-cell", new("c.json"))).Diagnostics[0];
        Assert.Equal(("BM4111", 4), (fault.Id, fault.ExitCode));
        Assert.Contains(path, fault.Cure, StringComparison.Ordinal);
    }
}
