namespace BrainModular.Host.Networks;

/// <summary>A synapse of a stranger's plugin that goes wrong where it ends on neurons of another plugin.</summary>
public sealed class SynapsePluginTests : IDisposable
{
    /// <summary>Its Define works once, by itself, and throws when it is called for a population.</summary>
    private const string Source = """
        using BrainModular.Models; using BrainModular.Plugins; using BrainModular.Symbolics; using static BrainModular.Symbolics.Units;
        [assembly: BrainModularPlugin(typeof(Entry))]
        public sealed class Worn : ISynapseModel
        {
            int calls;
            public void Define(ISynapseScope scope)
            {
                if (calls++ > 0) throw new System.InvalidOperationException("worn out");
                var x = scope.Receptor.State("I", 0, pA, "current");
                x.Rate = -x / (5 * ms);
                x.Next = x.Stepped + scope.Receptor.Port("in", PortKind.Event, Unit.One, pA, "events").Sum;
                scope.Receptor.Current(x);
            }
        }
        public sealed class Entry : IPlugin
        {
            public void Register(ICatalogBuilder catalog) => catalog.Add<ISynapseModel>("worn", "", s => new Worn());
        }
        """;

    private readonly PluginFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void It_is_named_with_its_own_plugin_and_place()
    {
        var plugin = folder.Compile("worn", "Worn", Source);
        var text = TinyTraining.With("\"type\": \"exponential-conductance\", \"parameters\": { \"E\": 3, \"tau\": \"10 ms\" }", "\"type\": \"worn\"");
        var fault = TinyTraining.FaultsOf(text, plugin)[0];
        Assert.Equal(("BM4300", "stages.train.network.synapses.exc"), (fault.Id, fault.Place.Path));
        Assert.StartsWith("synapse 'worn' of Worn: exc threw InvalidOperationException in Define: worn out", fault.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("neuron model", fault.Problem, StringComparison.Ordinal);
    }
}
