using BrainModular.Connectomes;
using BrainModular.Plugins;
using BrainModular.Plugins.Connectomes;
using BrainModular.Plugins.Connectomes.Files;
using BrainModular.Plugins.Connectomes.Generators;

[assembly: BrainModularPlugin(typeof(ConnectomesPlugin))]

namespace BrainModular.Plugins.Connectomes;

/// <summary>The built-in generators and loaders of connections.</summary>
public sealed class ConnectomesPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(ICatalogBuilder catalog)
    {
        catalog.Add<IConnectomeLoader>("all-to-all", "Each source connected to each target", settings => new AllToAll(settings));
        catalog.Add<IConnectomeLoader>("one-to-one", "Source i connected to target i", settings => new OneToOne(settings));
        catalog.Add<IConnectomeLoader>("fixed-probability", "Each pair connected with one probability", settings => new FixedProbability(settings));
        catalog.Add<IConnectomeLoader>("fixed-in-degree", "Each target receiving from a fixed number of random sources", settings => new FixedInDegree(settings));
        catalog.Add<IConnectomeLoader>("fixed-total-number", "A number of connections, the source and target of each at random", settings => new FixedTotalNumber(settings));
        catalog.Add<IConnectomeLoader>(
            "distance-dependent", "Connected with a probability that falls with distance, on a ring or a grid", settings => new DistanceDependent(settings));
        catalog.Add<IConnectomeLoader>("small-world", "A ring of neighbours, some connections drawn anew (Watts and Strogatz)", settings => new SmallWorld(settings));
        catalog.Add<IConnectomeLoader>("edge-list", "A table with a row for each edge (CSV, TSV, xlsx, SQLite)", settings => new EdgeListLoader(settings));
        catalog.Add<IConnectomeLoader>("matrix", "A table of weights, rows by columns (CSV, TSV, xlsx, SQLite)", settings => new MatrixLoader(settings));
        catalog.Add<IConnectomeLoader>("sonata", "A population of edges of a SONATA circuit", settings => new SonataLoader(settings));
        catalog.Add<IConnectomeLoader>("tvb", "A connectivity of The Virtual Brain (zip)", settings => new TvbLoader(settings));
    }
}
