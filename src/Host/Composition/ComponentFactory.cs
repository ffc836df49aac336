using BrainModular.Diagnostics;
using BrainModular.Host.Configuration;
using BrainModular.Host.Plugins;

namespace BrainModular.Host.Composition;

/// <summary>Makes the components that a configuration names.</summary>
internal sealed class ComponentFactory(PluginCatalog catalog)
{
    // The exit code of faults that are the plugin's own, and not of what it was given.
    private const int PluginExitCode = 4;

    public PluginCatalog Catalog => catalog;

    /// <summary>Makes a component. Faults of its settings are added; null where it cannot be made, or has no path to what it reads.</summary>
    public T? Create<T>(ComponentConfig config, Faults faults)
        where T : class
    {
        T? made = null;
        faults.Collect(() =>
        {
            var component = catalog.Get<T>(config.Type ?? throw new ArgumentException("the component's type is not chosen yet", nameof(config)), config.TypePlace);
            var (created, hasPaths) = CreateAny(component, config, faults);
            made = hasPaths ? (T)created : null;
        });
        return made;
    }

    /// <summary>Makes a component only to find its faults.</summary>
    public void Check(ComponentConfig config, Faults faults) =>
        faults.Collect(() => CreateAny(catalog.Get(config.Contract, config.Type!, config.TypePlace), config, faults));

    /// <summary>Makes a component whose name stands fast; its exceptions name the plugin.</summary>
    public static T Create<T>(Component<T> component, ComponentConfig config, Faults faults)
        where T : class => (T)CreateAny(component, config, faults).Made;

    /// <summary>A component, and whether every path that it reads was one; else a fault was added, and what it would say of the file would be another's.</summary>
    private static (object Made, bool HasPaths) CreateAny(Component component, ComponentConfig config, Faults faults)
    {
        var settings = new ComponentSettings(config.Settings, faults, config.Host.Node.Position, config.Host.Schema.KeyNames, config.Suggested);
        var made = Guarded(component, config.Place, () => component.CreateAny(settings));
        if (config.Beside is { } parameters)
        {
            config.Parameters = parameters.Read(new ConfigObject(config.Host.Node.Position, settings.Unread), faults);
        }
        else
        {
            settings.RefuseUnread();
        }

        config.WriteSettings = writer =>
        {
            foreach (var setting in settings.Read.Where(static s => s.Write is not null))
            {
                writer.WritePropertyName(setting.Key);
                setting.Write!(writer);
            }

            if (config.Parameters is { } beside)
            {
                config.Beside!.WriteMembers(writer, beside);
            }
        };
        return (made, !settings.LacksPath);
    }

    /// <summary>The same for what gives nothing.</summary>
    public static void Guarded(Component component, Place place, Action call) => Guarded(component, place, () =>
    {
        call();
        return true;
    });

    /// <summary>Calls into a plugin. What it throws becomes a fault that names the plugin, the component and the configuration's place.</summary>
    public static TResult Guarded<TResult>(Component component, Place place, Func<TResult> call)
    {
        try
        {
            return call();
        }
        catch (DiagnosticException exception)
        {
            throw new DiagnosticException([.. exception.Diagnostics.Select(d => d with
            {
                Problem = $"{component.Noun} '{component.Name}' of {component.Plugin.Name}: {d.Problem}",
                Place = d.Place == default ? place : d.Place,
                Cure = d.ExitCode == PluginExitCode ? $"{d.Cure} ({component.Plugin.Path})".TrimStart() : d.Cure,
            })]);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var fault = component.Plugin.Fault($"{component.Noun} '{component.Name}'", exception).Diagnostics[0];
            throw new DiagnosticException(fault with { Cure = $"{fault.Cure} ({component.Plugin.Path})", Place = place }, exception);
        }
    }
}
