using System.CommandLine;

namespace BrainModular.Host.Commands;

/// <summary>Arguments and options that several commands share.</summary>
internal static class CommandOptions
{
    public static Argument<string> Config() => new("CONFIG") { Description = "The experiment's configuration, a JSON file." };

    public static Option<string[]> Set() => new("--set")
    {
        Description = "Sets one key of the configuration: --set stages.fit.starts=5. Paths are taken from the current folder.",
        HelpName = "PATH=VALUE",
    };

    public static Option<string[]> Plugin() => new("--plugin")
    {
        Description = "A plugin's DLL, or a folder of plugins, besides the built-in ones.",
        HelpName = "DLL",
    };
}
