using System.Globalization;

namespace BrainModular.Plugins.Tests.Tasks;

/// <summary>A file of 100 images of 16 pixels in 10 classes, written for the tests of this run.</summary>
internal static class SmallImages
{
    public static readonly string Path = Write("small.csv", [.. Enumerable.Range(0, 100).Select(Line)]);

    /// <summary>The values of an image, 0 to 16.</summary>
    public static int[] Values(int image) => [.. Enumerable.Range(0, 16).Select(pixel => ((7 * pixel) + (3 * image)) % 17)];

    public static string Write(string name, params string[] lines)
    {
        var path = Fresh(name);
        File.WriteAllLines(path, lines);
        return path;
    }

    public static string Write(string name, byte[] bytes)
    {
        var path = Fresh(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static string Line(int image) => string.Join(',', Values(image).Append(image / 10).Select(static v => v.ToString(CultureInfo.InvariantCulture)));

    private static string Fresh(string name) => System.IO.Path.Combine(Directory.CreateDirectory(System.IO.Path.Combine(AppContext.BaseDirectory, "images")).FullName, name);
}
