using BrainModular.Engine.Fitting;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition;

/// <summary>Lets a fit begin where its sweeps put a model's parameters, by the names that they have in all models: C, gL, EL, Vreset and tref.</summary>
internal static class RecordedValues
{
    private const double BeforeSpike = 1;
    private const double AfterHold = 0.5;

    /// <param name="plan">The plan. What it gives a value keeps that, and so does what the sweeps put outside of the parameter's bounds, as they do where they tell nothing of it.</param>
    /// <param name="hasWindow">Whether the neighbourhood of spikes is given.</param>
    public static FitPlan In(FitPlan plan, bool hasWindow)
    {
        var cell = RecordedCell.Of(plan.Train);
        var conductance = 1 / cell.Membrane.Resistance;
        (string Name, double? Value, Dimension Dimension)[] told =
        [
            ("C", conductance * cell.Membrane.TimeConstant, Dimension.Capacitance),
            ("gL", conductance, Dimension.Conductance),
            ("EL", cell.Membrane.Rest, Dimension.Voltage),
            ("Vreset", cell.Reset, Dimension.Voltage),
            ("tref", cell.Refractory, Dimension.Duration),
        ];
        var (start, held) = (plan.Start.ToDictionary(), plan.Fixed.ToDictionary());
        foreach (var (name, value, dimension) in told)
        {
            if (value is { } found && plan.Model.FindParameter(name) is { } parameter && parameter.Dimension == dimension && !start.ContainsKey(name) && !held.ContainsKey(name))
            {
                var free = plan.Free.FirstOrDefault(f => f.Name == name);
                var (lower, upper) = free is null ? (parameter.Bounds.Lower.InEngineUnits, parameter.Bounds.Upper.InEngineUnits) : (free.Lower, free.Upper);
                if (found > lower && found < upper)
                {
                    (free is null ? held : start)[name] = found;
                }
            }
        }

        var hold = held.TryGetValue("tref", out var given) || start.TryGetValue("tref", out given) ? given : (double?)null;
        return plan with { Start = start, Fixed = held, SpikeWindow = hasWindow || hold is null ? plan.SpikeWindow : new(BeforeSpike, hold.Value + AfterHold) };
    }
}
