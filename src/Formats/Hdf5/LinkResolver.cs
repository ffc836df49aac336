using System.Runtime.InteropServices;
using System.Text;
using BrainModular.Diagnostics;

namespace BrainModular.Formats.Hdf5;

/// <summary>
/// Follows paths through hard, soft and external links itself, so that libhdf5 is only ever given paths of hard links: a file from
/// elsewhere must not make it open files outside its own folder, nor go round in circles.
/// </summary>
internal sealed unsafe class LinkResolver(string path, long file, Func<string, Hdf5File> openNeighbour)
{
    private const int MostLinks = 64;

    /// <summary>The file and the path of hard links that a path leads to, or null with a reason where it leads nowhere.</summary>
    public (Hdf5File? Neighbour, string Path)? Resolve(string asked, out Diagnostic? reason)
    {
        var names = new Stack<string>();
        Push(names, asked);
        var current = "";
        var links = 0;
        while (names.TryPop(out var name))
        {
            var next = $"{current}/{name}";
            if (Link(next, name) is not { } link)
            {
                reason = Fault("BM3010", $"there is no {next}", asked, "an object of that name", null);
                return null;
            }

            if (link.Kind == Hdf5LinkKind.Hard)
            {
                current = next;
                continue;
            }

            if (++links > MostLinks)
            {
                reason = Fault("BM3015", $"the link {next} leads round in a circle", asked, "a link to an object", "have the file's author mend the link");
                return null;
            }

            if (link.Kind == Hdf5LinkKind.External)
            {
                return Cross(asked, link, string.Join('/', names), out reason);
            }

            if (link.Target!.StartsWith('/'))
            {
                current = "";
            }

            Push(names, link.Target);
        }

        reason = null;
        return (null, current.Length == 0 ? "/" : current);
    }

    /// <summary>The link at a path whose parents are all hard links, or null where there is none.</summary>
    public Hdf5Link? Link(string linkPath, string name)
    {
        Native.LinkInfo info;
        fixed (byte* utf8 = Encoding.UTF8.GetBytes(linkPath + '\0'))
        {
            if (Hdf5Library.Constants.LinkInfo(file, utf8, &info, 0) < 0)
            {
                return null;
            }
        }

        if (info.Kind == NativeConstants.LinkHard)
        {
            return new Hdf5Link(name, Hdf5LinkKind.Hard);
        }

        var size = (int)Math.Min(info.ValueSize, 1 << 16);
        var value = new byte[size + 1];
        fixed (byte* pointer = value)
        {
            if (Native.H5Lget_val(file, linkPath, pointer, (nuint)size, 0) < 0)
            {
                return null;
            }

            if (info.Kind == NativeConstants.LinkSoft)
            {
                return new Hdf5Link(name, Hdf5LinkKind.Soft, Marshal.PtrToStringUTF8((nint)pointer));
            }

            byte* neighbour;
            byte* target;
            return info.Kind == NativeConstants.LinkExternal && Native.H5Lunpack_elink_val(pointer, (nuint)size, null, &neighbour, &target) >= 0
                ? new Hdf5Link(name, Hdf5LinkKind.External, Marshal.PtrToStringUTF8((nint)target), Marshal.PtrToStringUTF8((nint)neighbour))
                : null;
        }
    }

    private static void Push(Stack<string> names, string path)
    {
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".").Reverse())
        {
            names.Push(name);
        }
    }

    private (Hdf5File? Neighbour, string Path)? Cross(string asked, Hdf5Link link, string rest, out Diagnostic? reason)
    {
        var folder = Path.GetDirectoryName(path)!;
        var target = Path.GetFullPath(Path.Combine(folder, link.File!));
        if (!target.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            reason = Fault(
                "BM3014", $"the link {link.Name} leads to {link.File}, outside the file's folder", asked,
                "a link to a file in the same folder or below", "put the other file beside this one and have its author mend the link");
            return null;
        }

        try
        {
            reason = null;
            return (openNeighbour(target), $"{link.Target}/{rest}");
        }
        catch (DiagnosticException exception)
        {
            reason = exception.Diagnostics[0];
            return null;
        }
    }

    private Diagnostic Fault(string id, string problem, string asked, string? expected, string? cure) =>
        new(id, problem, new Place(path, asked), expected, cure);
}
