using System.Runtime.InteropServices;
using BrainModular.Diagnostics;

namespace BrainModular.Formats.Hdf5;

/// <summary>
/// The loaded libhdf5 and the one lock around it. Many builds of libhdf5 are not thread-safe, and one that is holds a global lock
/// of its own, so every call goes through <see cref="Enter"/>.
/// </summary>
internal static class Hdf5Library
{
    private static readonly Lock Gate = new();
    private static NativeConstants? _constants;

    [ThreadStatic]
    private static bool _quiet;

    /// <summary>The constants of the loaded library. Only between <see cref="Enter"/> and the end of its scope.</summary>
    public static NativeConstants Constants => _constants!;

    /// <summary>Loads libhdf5 where that has not happened yet and holds the lock until the scope is disposed of.</summary>
    /// <exception cref="DiagnosticException">BM6101: libhdf5 was not found; BM6102: it is too old.</exception>
    public static Lock.Scope Enter()
    {
        var scope = Gate.EnterScope();
        try
        {
            _constants ??= Load();
            if (!_quiet)
            {
                // A thread-safe build keeps one error stack per thread, which prints itself to standard error unless told not to.
                _ = Native.H5Eset_auto2(0, 0, 0);
                _quiet = true;
            }

            return scope;
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }

    private static NativeConstants Load()
    {
        var library = LibrarySearch.Load(LibrarySearch.Candidates());
        NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, (name, _, _) => name == Native.Library ? library : 0);

        // Everything is closed by its owner; libhdf5's own exit handler could only trip over a file whose disk is full.
        _ = Native.H5dont_atexit();
        _ = Native.H5open();
        _ = Native.H5get_libversion(out var major, out var minor, out var release);
        if (new Version((int)major, (int)minor, (int)release) is var version && (version < new Version(1, 10, 7) || version == new Version(1, 12, 0)))
        {
            throw new DiagnosticException(
                "BM6102",
                $"the HDF5 library that was found is version {major}.{minor}.{release}",
                expected: "version 1.10.7 or newer, but not 1.12.0",
                cure: LibrarySearch.Cure);
        }

        var constants = new NativeConstants(library);
        LzfFilter.Register();
        return constants;
    }
}
