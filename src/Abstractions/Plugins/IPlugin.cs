namespace BrainModular.Plugins;

/// <summary>Names the entry point of a plugin DLL. The host reads it from the DLL's metadata before it loads the DLL.</summary>
/// <param name="entryPoint">A public class with a parameterless constructor that implements <see cref="IPlugin"/>.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class BrainModularPluginAttribute(Type entryPoint) : Attribute
{
    /// <summary>The entry point.</summary>
    public Type EntryPoint { get; } = entryPoint;
}

/// <summary>A plugin's entry point.</summary>
public interface IPlugin
{
    /// <summary>Registers what the plugin offers.</summary>
    void Register(ICatalogBuilder catalog);
}

/// <summary>Where a plugin registers its components.</summary>
public interface ICatalogBuilder
{
    /// <summary>Registers a component under the name that configurations use.</summary>
    /// <typeparam name="T">
    /// The contract: <see cref="Models.INeuronModel"/>, <see cref="Models.ISynapseModel"/>, <see cref="Models.IIonChannel"/>,
    /// <see cref="Models.ISurrogate"/>, <see cref="Losses.ILoss"/>, <see cref="Optimizers.IOptimizer"/>,
    /// <see cref="Recordings.IRecordingLoader"/>, <see cref="Connectomes.IConnectomeLoader"/> or <see cref="Tasks.ITask"/>.
    /// </typeparam>
    /// <param name="name">The name, lower case with hyphens, such as <c>hodgkin-huxley</c>.</param>
    /// <param name="summary">One line for lists of components.</param>
    /// <param name="create">Makes one, reading its settings.</param>
    /// <exception cref="Diagnostics.DiagnosticException">BM4201: no such contract; BM4202: the name is taken or not well formed.</exception>
    void Add<T>(string name, string summary, Func<ISettings, T> create)
        where T : class;
}
