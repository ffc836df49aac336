using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tasks;

/// <summary>
/// Artificial grammar: symbols of the Reber grammar follow one another, and the network says at each which one comes next (<see cref="ReberGrammar"/>).
/// <code>
/// symbol 1, 2, ... 12: 100 ms each
/// </code>
/// Each symbol has its own channels, which are driven while it is shown. Where the grammar allows two symbols, each comes with probability 0.5. A trial begins with the first symbol of
/// a string, and strings follow one another until it ends. In each period the class is the symbol that comes in the next one, also where the grammar allows two: the one that was
/// drawn. Every step counts. Nothing can therefore be right more often than 1 in the periods after which one symbol is allowed and 0.5 in the others.
/// </summary>
internal sealed class ArtificialGrammar : ITask
{
    private readonly int symbols;
    private readonly InputCode code;
    private readonly TrialLayout layout;

    public ArtificialGrammar(ISettings settings)
    {
        var reader = new TaskSettings(settings);
        symbols = settings.Integer("symbols", 12, 1, 10_000, "how many symbols a trial shows");
        var symbol = reader.Duration("symbol", 100 * ms, "how long a symbol is shown");
        var channels = settings.Integer("channels", 10, 1, 100_000, "input channels for each symbol");
        code = InputCode.Read(settings, reader);
        reader.ThrowIfAny();
        layout = new(
            [.. Enumerable.Range(1, symbols).Select(i => new Stretch($"symbol {i}", symbol))],
            code,
            [.. ReberGrammar.Symbols.Select((name, i) => new ChannelGroup($"{name}", i * channels, channels))],
            TargetKind.Class,
            [.. ReberGrammar.Symbols.Select(static name => $"{name}")]);
    }

    public TaskShape Shape(Quantity timeStep) => layout.Shape(timeStep);

    public void Generate(TrialBatch batch, IRandomStream random)
    {
        var writer = layout.Clear(batch, random);
        for (var trial = 0; trial < batch.Trials; trial++)
        {
            var (shown, state) = Next(0, random);
            foreach (var period in batch.Shape.Periods)
            {
                writer.Drive(trial, layout.InputGroups[shown], period, code.HighestRate);
                (shown, state) = Next(state, random);
                writer.Answer(trial, period, shown);
            }
        }
    }

    private static (int Symbol, int State) Next(int state, IRandomStream random)
    {
        var arcs = ReberGrammar.Arcs[state];
        var (symbol, next) = arcs[random.Integer(arcs.Length)];
        return (ReberGrammar.Symbols.IndexOf(symbol, StringComparison.Ordinal), next);
    }
}
