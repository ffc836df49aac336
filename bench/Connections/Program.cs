using System.Diagnostics;
using System.Globalization;
using BrainModular.Bench;
using BrainModular.Connectomes;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Networks;
using BrainModular.Plugins.Connectomes;

// Builds the connections of a generator at its defaults, each with a delay, and says what that took: seconds to draw the edges once, seconds to
// build (two readings and the ordering of rows), and the most memory that the process has ever held over what it held before.
var generator = args.Length > 0 ? args[0] : "fixed-probability";
var units = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 31_624;

using var connectome = DefaultCatalog.Of(new ConnectomesPlugin()).Create<IConnectomeLoader>(generator)
    .Open(new ConnectomeRequest(new PhiloxStream(1), units, units, Recurrent: true));
float[] delays = [.. Enumerable.Repeat(1.5f, 8192)];
IEnumerable<EdgeChunk> Edges() => connectome.ReadEdges(connectome.Edges[0]).Select(chunk => chunk with { Delays = delays.AsMemory(0, chunk.Sources.Length) });

var watch = Stopwatch.StartNew();
var count = Edges().Sum(chunk => (long)chunk.Sources.Length);
var drawing = watch.Elapsed.TotalSeconds;

using var process = Process.GetCurrentProcess();
var before = process.PeakWorkingSet64;
watch.Restart();
var connections = new ConnectionsBuilder(units, units, new EdgeFactors(1, 10)).Build(Edges);
var building = watch.Elapsed.TotalSeconds;
process.Refresh();
var bytes = (process.PeakWorkingSet64 - before) / (double)connections.Count;
Console.WriteLine(FormattableString.Invariant(
    $$"""{"generator":"{{generator}}","units":{{units}},"connections":{{count}},"drawSeconds":{{drawing:F2}},"buildSeconds":{{building:F2}},"peakBytesPerConnection":{{bytes:F2}}}"""));
return connections.Count == count ? 0 : 1;
