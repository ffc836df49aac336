using BrainModular.Symbolics;

namespace BrainModular.Plugins;

/// <summary>
/// A component's settings in the configuration. Reading a setting declares it: the host lists what a component reads, and refuses keys
/// that it does not read, so read all of them in the constructor, whatever their values.
/// </summary>
public interface ISettings
{
    /// <summary>A pure number.</summary>
    /// <param name="key">The setting's name.</param>
    /// <param name="defaultValue">Its value where none is given.</param>
    /// <param name="lower">The smallest value that makes sense.</param>
    /// <param name="upper">The largest value that makes sense.</param>
    /// <param name="description">What it does, in a few words.</param>
    double Number(string key, double defaultValue, double lower, double upper, string description);

    /// <summary>A whole number.</summary>
    int Integer(string key, int defaultValue, int lower, int upper, string description);

    /// <summary>A quantity with a unit, in text; it comes in engine units.</summary>
    double Quantity(string key, Quantity defaultValue, string description);

    /// <summary>One of a few words.</summary>
    string Choice(string key, string defaultValue, IReadOnlyList<string> allowed, string description);

    /// <summary>Yes or no.</summary>
    bool Flag(string key, bool defaultValue, string description);

    /// <summary>A text.</summary>
    string Text(string key, string defaultValue, string description);

    /// <summary>A file's full path; a relative one is taken from the configuration's folder.</summary>
    string Path(string key, string description);

    /// <summary>The same for a file that may be left out; null where it is.</summary>
    string? OptionalPath(string key, string description);
}
