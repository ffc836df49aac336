using System.Security.Cryptography;
using BrainModular.Diagnostics;
using BrainModular.Formats.Axon;
using BrainModular.Formats.Igor;
using BrainModular.Formats.Nwb;

namespace BrainModular.Host.Conversion;

/// <summary>Converts recordings to NWB 2: all inputs into one file, which appears whole or not at all.</summary>
internal static class RecordingConverter
{
    /// <param name="inputs">Axon files, Igor waves and tables in text.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="options">What the files leave open.</param>
    /// <param name="written">When the file is written.</param>
    /// <param name="beginWriting">Called when the inputs are known to be right and the file is begun.</param>
    /// <param name="cancellation">Ends it between two sweeps.</param>
    /// <returns>What was written, a line for sweeps that are alike, and what was left out.</returns>
    /// <exception cref="DiagnosticException">What a source of each kind throws; BM2914: a recording is named more than once.</exception>
    public static (IReadOnlyList<string> Lines, IReadOnlyList<Diagnostic> Warnings) Convert(
        IReadOnlyList<string> inputs, string output, ConversionOptions options, DateTimeOffset written, Action beginWriting, CancellationToken cancellation)
    {
        var open = new List<IDisposable>();
        try
        {
            var recordings = Open(inputs, options, open);
            var sweeps = recordings.SelectMany(static r => r.Sweeps).ToList();
            RefuseRepeated(inputs, sweeps);
            var numbers = Numbers(sweeps);
            var warnings = recordings.SelectMany(static r => r.Warnings).ToList();
            Write(output, recordings, sweeps, numbers, About(inputs, recordings, sweeps, written, warnings), beginWriting, cancellation);
            return ([.. ConversionReport.Lines(sweeps, numbers)], warnings);
        }
        finally
        {
            open.ForEach(static file => file.Dispose());
        }
    }

    private static List<SourceRecording> Open(IReadOnlyList<string> inputs, ConversionOptions options, List<IDisposable> open)
    {
        var recordings = new List<SourceRecording>();
        var waves = new List<IgorWave>();
        foreach (var path in inputs)
        {
            var begin = InputKind.Begin(path);
            if (AxonFile.Recognises(begin))
            {
                var file = AxonFile.Open(path);
                open.Add(file);
                recordings.Add(new AxonSource(file, options).Read());
            }
            else if (InputKind.IsWave(path, begin))
            {
                var wave = IgorWave.Open(path);
                open.Add(wave);
                waves.Add(wave);
            }
            else
            {
                recordings.Add(new TableSource(path, options).Read());
            }
        }

        return waves.Count > 0 ? [.. recordings, new WaveSource(waves, options).Read()] : recordings;
    }

    // A stimulus may serve several responses; a response is one sweep.
    private static void RefuseRepeated(IReadOnlyList<string> inputs, List<SourceSweep> sweeps)
    {
        var responses = sweeps.Select(static s => Path.GetFullPath(s.File)).ToHashSet(StringComparer.Ordinal);
        if (inputs.GroupBy(static path => Path.GetFullPath(path)).FirstOrDefault(same => same.Count() > 1 && responses.Contains(same.Key)) is { } repeated)
        {
            throw new DiagnosticException("BM2914", $"the file is named {repeated.Count()} times", new Place(repeated.First()), "each recording once", "name it once");
        }
    }

    // The numbers of the files' names where each has its own, else 1, 2, ... in the order of the files.
    private static long[] Numbers(List<SourceSweep> sweeps)
    {
        var named = sweeps.Select(static s => s.NamedNumber).OfType<long>().ToArray();
        if (named.Distinct().Count() == sweeps.Count)
        {
            return named;
        }

        var numbers = new long[sweeps.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            var isSame = i > 0 && sweeps[i].File == sweeps[i - 1].File && sweeps[i].Index == sweeps[i - 1].Index;
            numbers[i] = i == 0 ? 1 : numbers[i - 1] + (isSame ? 0 : 1);
        }

        return numbers;
    }

    // The files know no time zone; their times are taken as those of Greenwich.
    private static NwbFileDescription About(
        IReadOnlyList<string> inputs, List<SourceRecording> recordings, List<SourceSweep> sweeps, DateTimeOffset written, List<Diagnostic> warnings)
    {
        var names = string.Join(", ", inputs.Select(Path.GetFileName));
        var start = sweeps.Min(static s => s.Start);
        if (start is null)
        {
            start = File.GetLastWriteTimeUtc(inputs[0]);
            warnings.Add(new("BM2911", "the file does not say when it was recorded; the time when it was last changed is taken", new(inputs[0])));
        }

        return new(IdentifierOf(inputs), $"patch-clamp recording converted from {names}", new(start.Value, TimeSpan.Zero), written, $"converted from {names}")
        {
            Protocol = string.Join("\n", recordings.Select(static r => r.Protocol).Where(static p => p.Length > 0).Distinct()),
            Notes = string.Join("\n\n", recordings.Select(static r => r.Notes).Where(static n => n.Length > 0).Distinct()),
        };
    }

    private static string IdentifierOf(IReadOnlyList<string> inputs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in inputs)
        {
            using var stream = File.OpenRead(path);
            hash.AppendData(SHA256.HashData(stream));
        }

        return System.Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Write(
        string output, List<SourceRecording> recordings, List<SourceSweep> sweeps, long[] numbers, NwbFileDescription about, Action beginWriting, CancellationToken cancellation)
    {
        var contents = sweeps.SelectMany((sweep, i) => Contents(sweep, numbers[i], about.SessionStart.DateTime)).ToList();
        beginWriting();
        using var nwb = NwbWriter.Create(output, about);
        foreach (var content in contents)
        {
            cancellation.ThrowIfCancellationRequested();
            nwb.Write(content);
        }

        nwb.Commit();
    }

    private static IEnumerable<NwbClampContent> Contents(SourceSweep sweep, long number, DateTime sessionStart)
    {
        if (sweep.Stimulus is { } stimulus)
        {
            yield return Content(sweep, stimulus, number, sessionStart, isStimulus: true);
        }

        yield return Content(sweep, sweep.Response, number, sessionStart, isStimulus: false);
    }

    private static NwbClampContent Content(SourceSweep sweep, SourceTrace trace, long number, DateTime sessionStart, bool isStimulus)
    {
        var quantity = isStimulus ? ConversionOptions.StimulusOf(sweep.Clamp) : ConversionOptions.ResponseOf(sweep.Clamp);
        var factor = trace.Factor(quantity, sweep.File, isStimulus ? "--stimulus-unit" : "--response-unit");
        var what = quantity == ClampQuantity.Potential ? "potential" : "current";
        return new(sweep.Clamp, isStimulus, number, trace.Samples, trace.Rate, $"{what} {trace.Origin}, sweep {sweep.Index + 1} of {Path.GetFileName(sweep.File)}", sweep.Protocol)
        {
            Conversion = trace.Scale * factor,
            Offset = trace.Offset * factor,
            Start = sweep.Start is { } start ? (start - sessionStart).TotalSeconds : 0,
            Electrode = sweep.Electrode,
        };
    }
}
