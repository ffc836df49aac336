using BrainModular.Engine.Kernels.Random;
using BrainModular.Formats.Csv;
using BrainModular.Formats.Sonata;
using BrainModular.Host.Composition.Networks;
using BrainModular.Host.Configuration;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition.Simulations;

/// <summary>Makes what comes into a network from its configuration: spikes of files, random spikes, steps. Every fault is collected.</summary>
/// <param name="timeStep">The length of a step in ms.</param>
/// <param name="steps">How many steps a trial has.</param>
/// <param name="faults">Where faults go.</param>
/// <param name="notes">Told what was rounded or left out.</param>
internal sealed class InputComposer(double timeStep, int steps, Faults faults, List<string> notes)
{
    private const double Tolerance = 1e-6;

    private static readonly string[] Sources = ["spikes", "poisson", "step"];
    private static readonly string[] TableKeys = ["timeUnit", "timeColumn", "nodeColumn", "delimiter", "header"];

    /// <summary>The channels of an input, as projections find them.</summary>
    public NetworkInput Channels(InputConfig config)
    {
        string[] given = [.. Sources.Where(config.Section.IsGiven)];
        if (given.Length > 1)
        {
            faults.Add("BM2644", $"input {config.Name} has {string.Join(" and ", given)}", config.Place, "one of them, or none for silent channels", "divide it among several inputs");
        }

        if (config.Spikes is { } file)
        {
            CheckKeys(file);
        }

        if (config.Poisson is { } rate && rate.InEngineUnits * timeStep > PoissonCounts.LargestMean)
        {
            faults.Add(
                "BM2403", FormattableString.Invariant($"a rate of {rate} is {rate.InEngineUnits * timeStep:R} spikes in each step of {timeStep:R} ms"), config.Section.PlaceOf("poisson"),
                $"at most {PoissonCounts.LargestMean} on the average", "lower the rate, or take a smaller 'timeStep'");
        }

        return new(config.Name, config.Count, config.Step is null ? PortKind.Event : PortKind.Graded, config.Place) { Dimension = config.Step?.Amplitude.Dimension };
    }

    /// <summary>What comes in; null after a fault was added.</summary>
    /// <param name="config">The input.</param>
    /// <param name="channels">How many channels it has.</param>
    /// <param name="ids">The numbers by which files know them; null where they are counted from 0.</param>
    public IInputSignal? Signal(InputConfig config, int channels, long[]? ids)
    {
        if (config.Step is { } step)
        {
            var first = Rounded(step.Start, $"the start of input {config.Name}");
            return new StepInput(step.Amplitude.InEngineUnits, first, step.Duration is { } lasting ? first + Rounded(lasting, $"the duration of input {config.Name}") : steps);
        }

        if (config.Poisson is { } rate)
        {
            return PoissonInput.Of(rate.InEngineUnits * timeStep, channels);
        }

        IInputSignal? spikes = new SilentInput();
        if (config.Spikes is { } file)
        {
            spikes = null;
            faults.Collect(() => spikes = Spikes(config, file, channels, ids));
        }

        return spikes;
    }

    private void CheckKeys(SpikeFileConfig file)
    {
        faults.Collect(() =>
        {
            if (!SonataSpikes.CanRead(file.Path))
            {
                if (file.TimeUnit is null)
                {
                    faults.Add("BM2645", $"{file.Path} is a table, which does not say in which unit its times are", file.Section.Place, "a 'timeUnit': s, ms or us", "add it");
                }

                return;
            }

            foreach (var key in TableKeys.Where(file.Section.IsGiven))
            {
                faults.Add("BM2645", $"{file.Path} is a SONATA file, which has no '{key}'", file.Section.PlaceOf(key), "'path' and, where there are several, 'population'", "remove it");
            }
        });
    }

    private FileSpikes? Spikes(InputConfig config, SpikeFileConfig file, int channels, long[]? ids)
    {
        IReadOnlyList<long> nodes;
        IReadOnlyList<double> times;
        if (SonataSpikes.CanRead(file.Path))
        {
            (nodes, times) = SonataSpikes.Read(file.Path, file.Population);
        }
        else
        {
            (nodes, times) = SpikeTable.Read(file.Path, file.Delimiter ?? CsvDelimiter.Of(file.Path), file.Header, file.TimeColumn, file.NodeColumn, file.Population);
            var milliseconds = file.TimeUnit switch { "s" => 1e3, "us" => 1e-3, _ => 1 };
            times = [.. times.Select(t => t * milliseconds)];
        }

        var known = (ids ?? [.. Enumerable.Range(0, channels).Select(static i => (long)i)]).Select(static (id, channel) => (id, channel)).ToDictionary(static n => n.id, static n => n.channel);
        var strangers = nodes.Count(n => !known.ContainsKey(n));
        if (strangers > 0 && (ids is null || strangers == nodes.Count))
        {
            faults.Add(
                "BM2646", $"{strangers} of {nodes.Count} spikes are those of nodes that input {config.Name} does not have, such as {nodes.First(n => !known.ContainsKey(n))}", file.Section.PlaceOf("path"),
                ids is null ? $"nodes from 0 to {channels - 1}" : "nodes of the connectome", "correct the input's 'count', or name another file or 'population'");
            return null;
        }

        return OnGrid(config.Name, [.. nodes.Zip(times).Where(s => known.ContainsKey(s.First)).Select(s => (known[s.First], s.Second))], strangers);
    }

    /// <summary>Spikes in the steps nearest to them; what is rounded or left out is noted.</summary>
    private FileSpikes OnGrid(string input, IReadOnlyList<(int Channel, double Time)> spikes, int strangers)
    {
        var kept = spikes.Select(s => (Exact: s.Time / timeStep, s.Channel)).Where(s => s.Exact > -0.5 && Math.Round(s.Exact) < steps).ToList();
        var off = kept.Count(static s => Math.Abs(s.Exact - Math.Round(s.Exact)) > Tolerance * Math.Max(1, s.Exact));
        if (off > 0)
        {
            notes.Add(FormattableString.Invariant($"input {input}: {off} of {kept.Count} spikes lie between time steps of {timeStep:R} ms; each falls into the nearest one"));
        }

        if (kept.Count < spikes.Count)
        {
            notes.Add(FormattableString.Invariant($"input {input}: {spikes.Count - kept.Count} of {spikes.Count} spikes lie outside of the {steps * timeStep:R} ms that are simulated"));
        }

        if (strangers > 0)
        {
            notes.Add($"input {input}: {strangers} spikes of nodes that were not taken from the connectome are left out");
        }

        return new([.. kept.Select(static s => (Step: (int)Math.Round(s.Exact), s.Channel)).OrderBy(static s => s.Step)]);
    }

    private int Rounded(Quantity time, string what)
    {
        var exact = time.InEngineUnits / timeStep;
        if (Delays.IsRounded(exact))
        {
            notes.Add(FormattableString.Invariant($"{what} of {time} is rounded to {Math.Round(exact)} time steps of {timeStep:R} ms"));
        }

        return (int)Math.Min(Math.Round(exact), steps);
    }
}
