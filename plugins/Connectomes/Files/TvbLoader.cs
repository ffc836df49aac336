using BrainModular.Connectomes;
using BrainModular.Diagnostics;
using BrainModular.Formats.Tvb;
using BrainModular.Plugins;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Connectomes.Files;

/// <summary>
/// <c>tvb</c>: a connectivity of The Virtual Brain (<see cref="TvbArchive"/>, <see cref="TvbHdf5"/>); a weight that is not 0 is an edge, from a column's region to a
/// row's, and the delay is the tract's length over the speed of conduction. Nodes have the attributes <c>label</c>, <c>x</c>, <c>y</c>, <c>z</c> (um)
/// and, where the file has them, <c>area</c> (um^2), <c>cortical</c> and <c>hemisphere</c>. Settings: <c>path</c>; <c>speed</c> (3 m/s); <c>delays</c>
/// (true), whether edges have delays; <c>orientation</c> (<c>rows-are-targets</c>); those of <see cref="NodeChoice"/>.
/// </summary>
internal sealed class TvbLoader : IConnectomeLoader
{
    private const double MicrometresPerMillimetre = 1000;

    private static readonly Unit SquareMicrometre = um * um;

    private readonly string path;
    private readonly double speed;
    private readonly bool delays;
    private readonly bool rowsAreTargets;
    private readonly NodeChoice choice;

    public TvbLoader(ISettings settings)
    {
        path = settings.Path("path", "the zip or HDF5 file of the connectivity");
        speed = settings.Quantity("speed", 3000 * um / ms, "the speed of conduction, which makes delays of tract lengths");
        delays = settings.Flag("delays", true, "whether edges have delays");
        rowsAreTargets = settings.Choice("orientation", "rows-are-targets", ["rows-are-targets", "rows-are-sources"], "what the rows of the weights are") == "rows-are-targets";
        choice = new NodeChoice(settings);
    }

    /// <inheritdoc/>
    /// <exception cref="DiagnosticException">BM3214: the speed is not positive; BM3229: there are no tract lengths, or one is negative.</exception>
    public IConnectome Open(ConnectomeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!(speed > 0))
        {
            throw new DiagnosticException("BM3214", $"the speed of conduction is {speed} um/ms", expected: "a speed above 0", cure: "raise speed, or set delays to false");
        }

        var place = new Place(path);
        var regions = TvbHdf5.Is(path) ? TvbHdf5.Read(path) : new TvbArchive(path).Read();
        if (delays && (regions.TractLengths is null || Array.Exists(regions.TractLengths, row => Array.Exists(row, length => length < 0))))
        {
            throw new DiagnosticException(
                "BM3229", regions.TractLengths is null ? "the connectivity has no tract lengths" : "a tract length is negative",
                place, "tract lengths in mm", "set delays to false");
        }

        var nodes = Describe(regions);
        var ends = request.Recurrent ? choice.OnePopulation("regions", nodes, place) : choice.TwoPopulations(("sources", nodes), ("targets", nodes), place);
        return new FileConnectome(
            Path.GetFileNameWithoutExtension(path), ends.Sources, ends.Targets, Unit.One, delays ? ms : null, () => Edges(regions));
    }

    private static NodeTable Describe(TvbConnectivity regions)
    {
        var numbers = new Dictionary<string, double[]>();
        var units = new Dictionary<string, Unit>();
        foreach (var (name, axis) in new[] { ("x", 0), ("y", 1), ("z", 2) })
        {
            numbers[name] = [.. regions.Centres.Select(centre => centre[axis] * MicrometresPerMillimetre)];
            units[name] = um;
        }

        if (regions.Areas is { } areas)
        {
            numbers["area"] = [.. areas.Select(area => area * MicrometresPerMillimetre * MicrometresPerMillimetre)];
            units["area"] = SquareMicrometre;
        }

        foreach (var (name, values) in new[] { ("cortical", regions.Cortical), ("hemisphere", regions.Hemispheres) })
        {
            if (values is not null)
            {
                numbers[name] = values;
            }
        }

        return new NodeTable(regions.Labels.Length, numbers, new Dictionary<string, string[]> { [NodeTable.Label] = regions.Labels }, units);
    }

    private IEnumerable<FileEdge> Edges(TvbConnectivity regions)
    {
        for (var row = 0; row < regions.Weights.Length; row++)
        {
            for (var column = 0; column < regions.Weights.Length; column++)
            {
                if (regions.Weights[row][column] is var weight && weight != 0)
                {
                    var delay = delays ? (float)(regions.TractLengths![row][column] * MicrometresPerMillimetre / speed) : 0;
                    yield return rowsAreTargets ? new FileEdge(column, row, (float)weight, delay) : new FileEdge(row, column, (float)weight, delay);
                }
            }
        }
    }
}
