using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Models;
using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tasks;

/// <summary>What a task's trials look like at any time step: stretches one after the other, channels, targets.</summary>
/// <param name="Stretches">The trial's parts in order.</param>
/// <param name="Code">Whether inputs are spikes or graded.</param>
/// <param name="InputGroups">The groups of input channels, which tile all channels.</param>
/// <param name="TargetKind">Whether targets are classes or values.</param>
/// <param name="TargetNames">The name of each class or target channel.</param>
internal sealed record TrialLayout(
    IReadOnlyList<Stretch> Stretches,
    InputCode Code,
    IReadOnlyList<ChannelGroup> InputGroups,
    TargetKind TargetKind,
    IReadOnlyList<string> TargetNames)
{
    // A duration such as 0.3 ms is no exact multiple of 0.1 ms in binary.
    private const double RelativeTolerance = 1e-6;

    private int Channels => InputGroups.Sum(static group => group.Count);

    private double Duration => Stretches.Sum(static stretch => stretch.Duration);

    /// <summary>A trial's shape.</summary>
    /// <exception cref="DiagnosticException">BM2402: a duration is no whole number of steps; BM2403: a channel would spike more than once in a step.</exception>
    public TaskShape Shape(Quantity timeStep)
    {
        var step = timeStep.In(ms);
        List<Diagnostic> faults = [];
        List<Period> periods = [];
        var start = 0;
        foreach (var stretch in Stretches)
        {
            var steps = (int)Math.Round(stretch.Duration / step);
            if (steps > 0 && stretch.Name is { } name)
            {
                periods.Add(new(name, start, steps));
            }

            start += steps;
        }

        faults.AddRange(Stretches.DistinctBy(static stretch => stretch.Duration).Where(stretch => IsOdd(stretch.Duration, step)).Select(stretch => OddDuration(stretch, step)));

        if (Code.Kind == PortKind.Event && Code.HighestRate * step > 1)
        {
            faults.Add(new(
                "BM2403", $"a rate of {Text(Code.HighestRate / Hz.ToEngine)} Hz is more than a spike in each step of {Text(step)} ms",
                Cure: "lower the task's rates, or shorten the time step"));
        }

        return faults.Count == 0
            ? new(start, Channels, Code.Kind, InputGroups, TargetNames.Count, TargetKind, TargetNames, periods)
            : throw new DiagnosticException(faults);
    }

    /// <summary>Clears a batch, of which nothing is left but the noise of graded inputs, and gives what writes trials into it.</summary>
    public TrialWriter Clear(TrialBatch batch, IRandomStream random)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(random);
        var shape = batch.Shape;
        if ((shape.Inputs, shape.Targets, shape.InputKind, shape.TargetKind) != (Channels, TargetNames.Count, Code.Kind, TargetKind))
        {
            throw new ArgumentException("the batch's shape is not one that this task gave", nameof(batch));
        }

        Array.Clear(batch.Inputs);
        Array.Clear(batch.Targets);
        Array.Clear(batch.Mask);
        var writer = new TrialWriter(batch, Duration / shape.Steps, Code, random);
        writer.AddNoise();
        return writer;
    }

    private static bool IsOdd(double duration, double step) => Math.Abs((Math.Round(duration / step) * step) - duration) > RelativeTolerance * duration;

    private static Diagnostic OddDuration(Stretch stretch, double step) => new(
        "BM2402",
        $"{(stretch.Name is { } name ? $"the period '{name}'" : "a gap")} of {Text(stretch.Duration)} ms is no whole number of steps of {Text(step)} ms",
        Expected: "periods that start and end with a step",
        Cure: "change the task's duration, or choose a time step that divides it");

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
