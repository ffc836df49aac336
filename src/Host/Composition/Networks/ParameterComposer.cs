using BrainModular.Host.Configuration;
using BrainModular.Models;
using BrainModular.Random;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition.Networks;

/// <summary>Checks what is said of the parameters of many units, and draws their values.</summary>
internal sealed class ParameterComposer(Rescaling? rescaling, Faults faults)
{
    /// <summary>How many times what is positive may lie beyond the bounds of a search.</summary>
    private const double Beyond = 10;

    /// <summary>The parameter, or what else it is, of a setting; a fault is added where the model has none of that name.</summary>
    public Parameter? Find(UnitParameter setting, string of, IReadOnlyList<Parameter> among, string what = "parameter")
    {
        var found = among.FirstOrDefault(p => p.Name == setting.Name);
        if (found is null)
        {
            faults.Add(
                "BM2301", $"{of} has no {what} '{setting.Name}'", setting.Place, cure: NearestNames.Cure(setting.Name, among.Select(static p => p.Name)));
        }

        return found;
    }

    /// <summary>Draws a parameter's values.</summary>
    /// <param name="setting">What is said of it.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="count">How many units there are.</param>
    /// <param name="random">A stream of its own.</param>
    /// <returns>In engine units, one for all units or one for each; null after a fault was added.</returns>
    public double[]? Draw(UnitParameter setting, Parameter parameter, int count, IRandomStream random)
    {
        if (Scale(setting, parameter) is not { } scale)
        {
            return null;
        }

        var numbers = setting.Numbers.Select(q => q.Dimension == parameter.Dimension ? q.InEngineUnits : q.Value).ToArray();
        var distribution = new Distribution(setting.Shape, numbers[0], numbers[^1]);
        var values = new double[setting.Shape == DistributionShape.Constant ? 1 : count];
        for (var unit = 0; unit < values.Length; unit++)
        {
            values[unit] = scale.Zero + (scale.One * distribution.Draw(random));
        }

        return WithinBounds(setting, parameter, values) ? values : null;
    }

    /// <summary>Reads a parameter's values off the nodes of a connectome.</summary>
    /// <param name="setting">Which attribute it is.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="population">The population.</param>
    /// <param name="nodes">What connectomes know of its units.</param>
    /// <returns>In engine units, one for each unit; null after a fault was added.</returns>
    public double[]? Read(UnitParameter setting, Parameter parameter, string population, PopulationNodes nodes)
    {
        var attribute = setting.Attribute!;
        if (Values(attribute.Name) is not { } values)
        {
            return null;
        }

        (double[] Numbers, Unit Unit)? divisors = attribute.Per is null ? null : Values(attribute.Per);
        if (attribute.Per is not null && divisors is null)
        {
            return null;
        }

        var unit = attribute.Unit ?? (divisors is { } d ? values.Unit / d.Unit : values.Unit);
        if (unit.Dimension != parameter.Dimension)
        {
            faults.Add(
                "BM2302", $"parameter {setting.Name} is the attribute {attribute} in {unit.Symbol}, which has the dimension {unit.Dimension}", setting.Place,
                $"a unit of the dimension {parameter.Dimension}, such as {parameter.Unit.Symbol}", "say in which 'unit' the file has it");
            return null;
        }

        double[] read = [.. values.Numbers.Select((v, i) => unit.Import(divisors is { } by ? v / by.Numbers[i] : v))];
        return WithinBounds(setting, parameter, read) ? read : null;

        (double[] Numbers, Unit Unit)? Values(string name)
        {
            var found = nodes.Find(population, name);
            var missing = found is { } f ? Array.FindIndex(f.Values, double.IsNaN) : -1;
            if (found is null || missing >= 0)
            {
                faults.Add(
                    "BM2640", found is null ? $"no connectome knows an attribute '{name}' of {population}" : $"unit {missing} of {population} has no attribute '{name}'", setting.Place,
                    nodes.Attributes(population) is { Count: > 0 } known ? $"one that each unit has; there are {string.Join(", ", known)}" : "a connectome whose nodes have attributes",
                    "name another attribute, or give the parameter's value");
                return null;
            }

            return found;
        }
    }

    /// <summary>What a number of 0 and a difference of 1 are in engine units; null after a fault was added.</summary>
    private (double Zero, double One)? Scale(UnitParameter setting, Parameter parameter)
    {
        if (setting.Numbers.All(q => q.Dimension == parameter.Dimension))
        {
            return (0, 1);
        }

        var rescaled = rescaling?.Of(parameter.Dimension);
        if (rescaled is not null && setting.Numbers.All(static q => q.Dimension.IsNone))
        {
            return rescaled;
        }

        var wrong = setting.Numbers.First(q => q.Dimension != parameter.Dimension);
        faults.Add(
            "BM2302", $"parameter {setting.Name} is given as '{wrong}', which has the dimension {wrong.Dimension}", setting.Place,
            $"a quantity of the dimension {parameter.Dimension}, such as \"{parameter.Default}\"{(rescaled is null ? "" : ", or a plain number in rescaled units")}",
            "give it a unit that fits");
        return null;
    }

    /// <summary>
    /// Where the values of units may lie, in engine units. A parameter's bounds are where a fit searches, and models of textbooks lie beyond some: on a logarithmic scale by a factor of
    /// <see cref="Beyond"/> at most, else by as much as the bounds are apart, and nothing positive becomes 0. What lies further is taken for a mistaken unit.
    /// </summary>
    private static (double Lower, double Upper) Limits(Parameter parameter)
    {
        var (lower, upper) = (parameter.Bounds.Lower.InEngineUnits, parameter.Bounds.Upper.InEngineUnits);
        var width = upper - lower;
        return parameter.Scale == ParameterScale.Logarithmic
            ? (lower / Beyond, upper * Beyond)
            : (lower switch { > 0 => lower / Beyond, 0 => 0, _ => lower - width }, upper + width);
    }

    private bool WithinBounds(UnitParameter setting, Parameter parameter, double[] values)
    {
        var (lower, upper) = Limits(parameter);
        var outside = values.Where(v => !(v >= lower && v <= upper)).ToList();
        if (outside.Count > 0)
        {
            var worst = new Quantity(parameter.Unit.Export(outside[0]), parameter.Unit);
            faults.Add(
                "BM2304",
                values.Length == 1 ? $"parameter {setting.Name} is {worst}, outside of its bounds" : $"{outside.Count} of {values.Length} values of parameter {setting.Name} lie outside of its bounds, the first at {worst}",
                setting.Place, $"values from {Shown(lower)} to {Shown(upper)}", values.Length == 1 ? "change it" : "draw from a narrower range");
        }

        return outside.Count == 0;

        Quantity Shown(double value) => new(parameter.Unit.Export(value), parameter.Unit);
    }
}
