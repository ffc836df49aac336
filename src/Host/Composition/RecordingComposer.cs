using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Host.Configuration;
using BrainModular.Recordings;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition;

/// <summary>The sweeps of a recording on the grid of the simulation, split in those that are fitted and those that are held out.</summary>
/// <param name="Path">The file.</param>
/// <param name="Train">The sweeps to fit.</param>
/// <param name="Test">The sweeps held out.</param>
/// <param name="SampleInterval">The first sweep's, in ms.</param>
/// <param name="Warnings">What is odd in the file.</param>
internal sealed record ComposedRecording(
    string Path, IReadOnlyList<PreparedSweep> Train, IReadOnlyList<PreparedSweep> Test, double SampleInterval, IReadOnlyList<Diagnostic> Warnings)
{
    private const double Same = 1e-6;

    public double TimeStep => Train[0].TimeStep;

    /// <summary>Whether samples and steps differ.</summary>
    public bool IsResampled => Math.Abs((SampleInterval / TimeStep) - 1) > Same;

    /// <summary>How samples and steps go together, for readers of a report.</summary>
    public string Resampling => (SampleInterval / TimeStep) switch
    {
        > 1 + Same => FormattableString.Invariant($"{SampleInterval / TimeStep:0.##} steps for each sample of {SampleInterval:R} ms: the current is held, and only samples are compared"),
        < 1 - Same => FormattableString.Invariant($"{TimeStep / SampleInterval:0.##} samples of {SampleInterval:R} ms in each step: the mean of the current, and the potential at its start"),
        _ => "one step for each sample",
    };

    /// <summary>The electrode whose part was subtracted, without resistance where nothing was.</summary>
    public required Electrode Electrode { get; init; }

    /// <summary>What was subtracted from the recorded potential, in mV.</summary>
    public required double JunctionPotential { get; init; }

    /// <summary>Every sweep once; one that is split in time as a whole.</summary>
    public IEnumerable<PreparedSweep> All => Test.Concat(Train).DistinctBy(static s => s.Number).OrderBy(static s => s.Number);
}

/// <summary>Opens a recording, chooses its sweeps and reads them.</summary>
internal sealed class RecordingComposer(ComponentFactory components, Faults faults)
{
    private const double RoundingTolerance = 1e-9;
    private const double MostSteps = 1e9;

    /// <param name="config">The recording.</param>
    /// <param name="timeStep">The simulation's time step; null: from the sampling interval.</param>
    /// <returns>The sweeps, or null where faults keep them from being read.</returns>
    public ComposedRecording? Compose(RecordingConfig config, Quantity? timeStep)
    {
        if (config.GivenPath is null)
        {
            faults.Add("BM2006", "the key 'path' is missing", config.PathPlace, "'path': a path", "add it, or name files under 'recordings' of the experiment");
            return null;
        }

        if (config is { SpikeThreshold: not null, SpikeReset: not null })
        {
            faults.Add("BM3116", "'spikeReset' and 'spikeThreshold' both say what a recorded spike is", config.SpikeResetPlace, "one of them, or none", "take 'spikeReset' for a model's trace that shows resets alone, else leave it out");
        }

        if (config is { Calibration: not null, Electrode.Resistance: not null })
        {
            faults.Add("BM3130", "'resistance' and 'calibration' both say what the electrode is", config.CalibrationPlace, "one of them", "leave out 'resistance' where the calibration is to tell it");
        }

        ComposedRecording? composed = null;
        faults.Collect(() =>
        {
            if (Loader(config, config.Path, config.PathPlace) is { } loader)
            {
                using var recording = loader.Open(config.Path);
                composed = Read(recording, config, timeStep);
            }
        });
        return composed;
    }

    private IRecordingLoader? Loader(RecordingConfig config, string path, Place place)
    {
        if (config.Loader.Type is not null)
        {
            return components.Create<IRecordingLoader>(config.Loader, faults);
        }

        if (!File.Exists(path))
        {
            throw new DiagnosticException(
                "BM3001", $"there is no file {path}", place, "a recording",
                "check the path: in a configuration it is relative to the configuration's folder, in --set to the current one");
        }

        foreach (var component in components.Catalog.All<IRecordingLoader>())
        {
            var loader = ComponentFactory.Create(component, config.Loader, faults);
            if (ComponentFactory.Guarded(component, place, () => loader.CanOpen(path)))
            {
                return loader;
            }
        }

        throw new DiagnosticException(
            "BM3117", $"no loader knows the format of {path}", place,
            $"a file for one of {string.Join(", ", components.Catalog.All<IRecordingLoader>().Select(static c => c.Name))}",
            "convert it with 'brain convert', or add a plugin with a loader for it");
    }

    private ComposedRecording Read(IRecording recording, RecordingConfig config, Quantity? timeStep)
    {
        var (responses, usable) = Usable(recording, config, config.Path, config.PathPlace);
        var (train, test) = SweepSelection.Of(recording, usable, config);
        ResponseChoice.CheckNumbers(responses, [.. train, .. test], config);
        foreach (var number in train.Concat(test).Where(n => usable.All(s => s.Number != n)))
        {
            var there = recording.Sweeps.FirstOrDefault(s => s.Number == number);
            throw new DiagnosticException(
                "BM3111",
                there is null ? $"{config.Path} has no sweep {number}" : $"sweep {number} of {config.Path} is {Kind(there)}",
                config.SweepsPlace, "current-clamp sweeps with a stimulus", $"choose among {SweepSelection.Listed(usable)}");
        }

        var first = usable.First(s => s.Number == train[0]);
        var interval = 1000 / first.SamplingRate;
        var step = timeStep?.InEngineUnits ?? PreparedSweep.DefaultTimeStep(interval);
        PreparedSweep Prepared(long number)
        {
            var sweep = usable.First(s => s.Number == number);
            return Prepare(recording, sweep, config, SweepSelection.Range(sweep, config), step);
        }


        IReadOnlyList<PreparedSweep> fitted = [.. train.Select(Prepared)];
        IReadOnlyList<PreparedSweep> heldOut = [.. test.Select(Prepared)];
        if (config.TestFrom is { } from)
        {
            var split = (int)Math.Round(from.InEngineUnits / step);
            heldOut = [.. fitted.Concat(heldOut).Select(s => s with { First = Checked(s, split, config) }).OrderBy(static s => s.Number)];
            fitted = [.. fitted.Select(s => s.Before(split))];
        }

        var warnings = recording.Warnings.ToList();
        SweepInfo[] leftOut = config.Sweeps.Train is null ? [.. recording.Sweeps.Where(s => usable.All(u => u.Number != s.Number)).DistinctBy(static s => s.Number)] : [];
        if (leftOut.Length > 0)
        {
            warnings.Add(new("BM3125", $"left out: {Kinds(leftOut)}", new(config.Path), "current-clamp sweeps with a stimulus", "where some of them are wanted, check how the file describes them"));
        }

        if (config is { SpikeThreshold: null, SpikeReset: null })
        {
            var (least, found) = (SpikePeaks.Least(fitted), Spikes());
            (fitted, heldOut) = ([.. fitted.Select(s => SpikePeaks.From(s, least))], [.. heldOut.Select(s => SpikePeaks.From(s, least))]);
            warnings.AddRange(RecordingPlausibility.OfSpikes(config.Path, found, Spikes(), least));
        }

        var shown = config.SpikeArtefacts?.When is "always" or "never" ? null : MeasuredSpikes.In(fitted);
        if (config.SpikeArtefacts is { } around && (around.When == "always" || shown is not null))
        {
            var window = new SpikeWindow(around.Before.InEngineUnits, around.After.InEngineUnits);
            (fitted, heldOut) = ([.. fitted.Select(s => SpikeArtefacts.Remove(s, window))], [.. heldOut.Select(s => SpikeArtefacts.Remove(s, window))]);
        }

        if (shown is not null)
        {
            warnings.Add(RecordingPlausibility.OfMeasuredSpikes(config.Path, shown, isReplaced: config.SpikeArtefacts is not null));
        }

        warnings.AddRange(RecordingPlausibility.Of(config.Path, fitted));
        var electrode = ElectrodeOf(fitted, config);
        if (config.Electrode is { Resistance: null } told && electrode.Resistance > 0)
        {
            warnings.AddRange(RecordingPlausibility.OfElectrode(config.Path, electrode, isLookedFor: told.When == "found", config.ElectrodePlace));
        }

        return new(config.Path, [.. fitted.Select(electrode.Compensate)], [.. heldOut.Select(electrode.Compensate)], interval, warnings) { Electrode = electrode, JunctionPotential = config.JunctionPotential.InEngineUnits };

        int Spikes() => heldOut.Concat(fitted).DistinctBy(static s => s.Number).Sum(static s => s.Spikes.Length);
    }

    /// <summary>The electrode whose part is subtracted; one without resistance where nothing is.</summary>
    private Electrode ElectrodeOf(IReadOnlyList<PreparedSweep> fitted, RecordingConfig config)
    {
        var none = new Electrode(0, 0);
        if (config.Electrode is not { When: not "never" } told)
        {
            return none;
        }

        if (told.Resistance is { } given)
        {
            return new(given.InEngineUnits, told.TimeConstant.InEngineUnits);
        }

        var estimate = Electrode.Estimate(config.Calibration is { } calibration ? Calibrating(calibration, config) : fitted);
        if (told.When == "found")
        {
            return estimate is { IsNoPartOfCell: true } ? estimate : none;
        }

        return estimate ?? throw new DiagnosticException(
            "BM3118", $"the {(config.Calibration is null ? "fitted" : "calibration's")} sweeps do not tell the electrode: nowhere between spikes does the injected current change", config.ElectrodePlace,
            "a current that fluctuates or steps", "fit other sweeps, give the electrode's 'resistance', or leave 'electrode' out");
    }

    /// <summary>All current-clamp sweeps of the recording that tells the electrode.</summary>
    private IReadOnlyList<PreparedSweep> Calibrating(string path, RecordingConfig config)
    {
        if (Loader(config, path, config.CalibrationPlace) is not { } loader)
        {
            return [];
        }

        using var recording = loader.Open(path);
        var (_, usable) = Usable(recording, config, path, config.CalibrationPlace);
        return [.. usable.Select(s => Prepare(recording, s, config, (0, long.MaxValue), PreparedSweep.DefaultTimeStep(1000 / s.SamplingRate)))];
    }

    /// <summary>The sweeps of one cell in current clamp, and those of them with a stimulus.</summary>
    private static (IReadOnlyList<SweepInfo> Responses, IReadOnlyList<SweepInfo> Usable) Usable(IRecording recording, RecordingConfig config, string path, Place place)
    {
        var responses = ResponseChoice.Of(recording.Sweeps, config);
        SweepInfo[] usable = [.. responses.Where(static s => s.Stimulus is not null)];
        return usable.Length > 0 ? (responses, usable) : throw new DiagnosticException(
            "BM3110", $"{path} has no current-clamp sweep with a stimulus", place, "sweeps with an injected current and a recorded potential", $"it holds {Kinds(recording.Sweeps)}; use another file");
    }

    private static int Checked(PreparedSweep sweep, int split, RecordingConfig config) => split >= 2 && split + 2 <= sweep.Steps
        ? split
        : throw new DiagnosticException(
            "BM3115", FormattableString.Invariant($"'testFrom' is {config.TestFrom}, and what is taken of sweep {sweep.Number} lasts {sweep.Steps * sweep.TimeStep:0.###} ms"),
            config.PathPlace with { Path = config.PathPlace.Path }, "a time inside of every sweep", "split elsewhere, or leave 'testFrom' out");

    private static PreparedSweep Prepare(IRecording recording, SweepInfo sweep, RecordingConfig config, (long Start, long Count) range, double timeStep)
    {
        var interval = 1000 / sweep.SamplingRate;
        var lasting = Math.Min(range.Count, sweep.Count - range.Start) * interval;
        if (lasting < 2 * Math.Max(interval, timeStep) * (1 - RoundingTolerance))
        {
            throw new DiagnosticException(
                "BM3114", FormattableString.Invariant($"{lasting:0.######} ms of sweep {sweep.Number} are too short for steps of {Math.Max(interval, timeStep):0.######} ms"), config.PathPlace,
                "at least two steps, and two samples", "take a longer 'duration' or a smaller 'timeStep'");
        }

        if (lasting / timeStep > MostSteps)
        {
            throw new DiagnosticException(
                "BM3131", FormattableString.Invariant($"sweep {sweep.Number} has {sweep.SamplingRate:G6} samples a second and lasts {lasting / 1000:G6} s: {lasting / timeStep:G3} steps of {timeStep:G6} ms"), config.PathPlace,
                FormattableString.Invariant($"at most {MostSteps:G3} steps"), "check the sampling rate in the file, which is in samples a second and not the time between them, or take a shorter 'duration' or a longer 'timeStep'");
        }

        var data = recording.Read(sweep, range.Start, range.Count);
        double[] potential = config.JunctionPotential.InEngineUnits is var junction && junction == 0 ? data.Potential : [.. data.Potential.Select(v => v - junction)];
        return PreparedSweep.Prepare(sweep.Number, data.Current, potential, interval, timeStep, config.SpikeThreshold?.InEngineUnits, config.SpikeReset?.InEngineUnits);
    }

    private static string Kind(SweepInfo sweep) => sweep.Mode switch
    {
        ClampMode.VoltageClamp => "in voltage clamp",
        ClampMode.ZeroCurrent => "recorded without a current",
        _ => sweep.Stimulus is null ? "in current clamp without a stimulus" : "empty",
    };

    /// <summary>Sweeps by number, and what keeps them from being fitted.</summary>
    private static string Kinds(IReadOnlyList<SweepInfo> sweeps) =>
        sweeps.Count == 0 ? "no sweeps" : string.Join("; ", sweeps.GroupBy(Kind).Select(static kind => $"{SweepSelection.Listed([.. kind])} ({kind.Key})"));
}
