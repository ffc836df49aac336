using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Learning;

namespace BrainModular.Engine.Networks.Online;

/// <summary>How long states remember, and which of them belong together.</summary>
internal static class Timescales
{
    /// <summary>States whose time constants differ by less than this factor share a pair.</summary>
    private const double Apart = 4;

    private const double Shortest = 0.5;
    private const double Longest = 1e6;

    /// <summary>The time constants of a unit's states in steps: how each decays by itself, at the initial state and with nothing arriving.</summary>
    /// <param name="jacobian">The unit.</param>
    /// <param name="population">Its parameters; those that differ between units count with their mean.</param>
    public static Dictionary<string, double> Of(UnitJacobian jacobian, PopulationDefinition population)
    {
        var diagonal = StepAdjoint.WithInputs(
            "timescales", jacobian.Step.Inputs, [], [.. jacobian.States.Select(s => new IrOutput($"keep.{s}", jacobian.Next(s, s)))]);
        var options = CompileOptions.Default with { Backend = KernelBackend.Interpreter };
        var prologue = KernelCompiler.Compile(jacobian.Source.Prologue, Precision.Double, options);
        var kernel = KernelCompiler.Compile(diagonal, Precision.Double, options);
        using var rows = new NamedRows(Names(prologue).Concat(Names(kernel)), 1, Precision.Double);
        foreach (var (name, values) in population.Values.Where(v => rows.Contains(v.Key)))
        {
            rows.Set(name, [values.Average()]);
        }

        Run(prologue, rows);
        foreach (var state in jacobian.States.Where(rows.Contains))
        {
            rows.Set(state, [rows[$"initial.{state}", 0]]);
        }

        Run(kernel, rows);
        return jacobian.States.ToDictionary(static s => s, s => Constant(rows[$"keep.{s}", 0]));
    }

    /// <summary>The time constant in steps of what keeps this part of itself from step to step.</summary>
    public static double Constant(double keep) => keep >= 1 ? Longest : keep <= 0 ? Shortest : Math.Clamp(-1 / Math.Log(keep), Shortest, Longest);

    /// <summary>The time constants of pairs for these states, ascending: the geometric mean of each run of neighbours.</summary>
    public static IReadOnlyList<double> Group(IEnumerable<double> constants)
    {
        var groups = new List<List<double>>();
        foreach (var constant in constants.Order())
        {
            if (groups.Count == 0 || constant > Apart * groups[^1][0])
            {
                groups.Add([]);
            }

            groups[^1].Add(constant);
        }

        return [.. groups.Select(static g => Math.Exp(g.Average(Math.Log)))];
    }

    /// <summary>The pair to which a state belongs: the one with the nearest time constant.</summary>
    public static int Nearest(IReadOnlyList<double> groups, double constant) =>
        Enumerable.Range(0, groups.Count).MinBy(g => Math.Abs(Math.Log(groups[g] / constant)));

    private static IEnumerable<string> Names(Kernel kernel) => kernel.Function.Inputs.Select(static i => i.Name).Concat(kernel.Function.Outputs.Select(static o => o.Name));

    private static void Run(Kernel kernel, NamedRows rows)
    {
        using var table = new MovingRows(kernel, (name, _) => new(rows.Pointer(name)));
        table.Run(1);
    }
}
