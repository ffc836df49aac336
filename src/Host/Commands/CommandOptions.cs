using System.CommandLine;
using System.Globalization;

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

    /// <summary>An option that takes a whole number from 0 to a largest one.</summary>
    public static Option<long?> WholeNumber(string name, string description, long largest) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= largest)
            {
                return number;
            }

            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a whole number from 0 to {largest}, not '{text}'"));
            return null;
        },
    };

    /// <summary>An option that takes a number above 0.</summary>
    public static Option<double?> PositiveNumber(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number))
            {
                return number;
            }

            result.AddError($"{name} takes a number above 0, not '{text}'");
            return null;
        },
    };

    public static Option<string[]> Plugin() => new("--plugin")
    {
        Description = "A plugin's DLL, or a folder of plugins, besides the built-in ones.",
        HelpName = "DLL",
    };
}
