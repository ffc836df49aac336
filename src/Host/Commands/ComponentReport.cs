using BrainModular.Engine.Tracing;
using BrainModular.Host.Composition;
using BrainModular.Host.Configuration;
using BrainModular.Host.Plugins;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Host.Commands;

/// <summary>A component as text, read off what it registers, reads and defines.</summary>
internal static class ComponentReport
{
    private static readonly NodePosition Nowhere = new(new("", Directory.GetCurrentDirectory()), "");

    public static void Write(Component component, PluginCatalog catalog, TextWriter output)
    {
        output.WriteLine($"{component.Noun} {component.Name}: {component.Summary}");
        output.WriteLine($"  of {component.Plugin.Name} {component.Plugin.Version}, {component.Plugin.Path}");
        var settings = new ComponentSettings([], new(), Nowhere, []);
        var made = Make(component, settings);
        Table(output, "settings", settings.Read.Select(s => new[] { s.Key, s.Default, s.Expected, s.Description }));
        if (made is INeuronModel neuron)
        {
            Write(ComponentFactory.Guarded(component, default, () => ModelTracer.Trace(component.Name, neuron, Surrogate(catalog))), "", output);
        }

        if (made is IIonChannel channel)
        {
            Write(ComponentFactory.Guarded(component, default, () => ModelTracer.Trace(component.Name, channel, Surrogate(catalog))), "", output);
        }

        if (made is ISynapseModel synapse)
        {
            var parts = ComponentFactory.Guarded(component, default, () => ModelTracer.Trace(component.Name, synapse, Surrogate(catalog)));
            foreach (var (part, name) in new[] { (parts.Release, "release"), (parts.Receptor, "receptor"), (parts.Plasticity, "plasticity") })
            {
                if (part is not null)
                {
                    Write(part, $"{name} ", output);
                }
            }
        }
    }

    private static object Make(Component component, ComponentSettings settings) => ComponentFactory.Guarded(component, default, () => component.CreateAny(settings));

    private static ISurrogate Surrogate(PluginCatalog catalog) => catalog.All<ISurrogate>().First().Create(new ComponentSettings([], new(), Nowhere, []));

    private static void Write(ModelDefinition model, string part, TextWriter output)
    {
        Table(output, $"{part}parameters", model.Parameters.Select(p => new[] { p.Name, $"{p.Default}", $"{p.Bounds.Lower} to {p.Bounds.Upper}", p.Description }));
        Table(output, $"{part}states", model.States.Select(s => new[] { s.Name, s.Unit.Symbol, "", s.Description }));
        Table(output, $"{part}inputs", model.Ports.Select(p => new[] { p.Name, p.Signal.Symbol, p.Kind.ToString(), p.Weight.Symbol == Unit.One.Symbol ? p.Description : $"{p.Description}; weights in {p.Weight.Symbol}" }));
        Table(output, $"{part}outputs", [.. model.Outputs.Select(o => new[] { o.Name, o.Unit.Symbol, "", o.Description }), .. model.Spikes.Select(s => new[] { s.Name, "", "spikes", "" })]);
    }

    private static void Table(TextWriter output, string title, IEnumerable<string[]> rows)
    {
        var all = rows.ToArray();
        if (all.Length == 0)
        {
            return;
        }

        output.WriteLine($"  {title}");
        var widths = Enumerable.Range(0, all[0].Length).Select(i => all.Max(r => r[i].Length)).ToArray();
        foreach (var row in all)
        {
            output.WriteLine("    " + string.Join("  ", row.Zip(widths, (cell, width) => cell.PadRight(width))).TrimEnd());
        }
    }
}
