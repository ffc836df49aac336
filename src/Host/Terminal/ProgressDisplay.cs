using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using BrainModular.Host.Composition;
using BrainModular.Host.Runs;
using Spectre.Console;

namespace BrainModular.Host.Terminal;

/// <summary>Shows the progress of stages on stderr: bars on a terminal, plain lines elsewhere.</summary>
/// <param name="error">Where it is shown: a terminal as it is, where it is one, so that bars can be drawn.</param>
/// <param name="isTerminal">Whether that is a terminal.</param>
internal sealed class ProgressDisplay(TextWriter error, bool isTerminal)
{
    private string before = "";
    private int running = 1;
    private volatile Drawn? drawn;

    public static ProgressDisplay OnStandardError() => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb"
        ? new(TextWriter.Synchronized(new StreamWriter(Console.OpenStandardError(), Console.Error.Encoding) { AutoFlush = true }), isTerminal: true)
        : new(Console.Error, isTerminal: false);

    /// <summary>Shows the stages of what runs side by side: on a terminal a bar for each below what was told, elsewhere lines that are the rarer the more run.</summary>
    /// <param name="count">How many run at a time.</param>
    /// <param name="run">Gets the display that all of them share.</param>
    public void SideBySide(int count, Action<ProgressDisplay> run)
    {
        if (!isTerminal)
        {
            run(new(error, isTerminal) { running = count });
            return;
        }

        var console = Terminal();
        Bars(console).HideCompleted(true).AutoClear(true).Start(bars => Drawing(new(console, bars), _ =>
        {
            run(this);
            return 0;
        }));
    }

    /// <summary>The same for the stages of one of several recordings.</summary>
    public ProgressDisplay For(string recording) => new(error, isTerminal) { before = $"{recording}: ", running = running, drawn = drawn };

    /// <summary>Says something in a line of its own, above the bars where some are drawn; from any thread.</summary>
    public void Tell(string text)
    {
        if (drawn is { } now)
        {
            now.Console.MarkupLine(Escaped(text));
        }
        else
        {
            error.WriteLine(VisibleText.Of(text));
        }
    }

    /// <summary>Runs a stage and shows how far it is.</summary>
    public T During<T>(string stage, MetricsLog metrics, Func<IStageProgress, T> run)
    {
        if (!isTerminal)
        {
            var lines = new Lines(error, stage, before, TimeSpan.FromSeconds(2 * running), metrics);
            var result = run(lines);
            lines.End();
            return result;
        }

        if (drawn is { } now)
        {
            return Within(now);
        }

        var console = Terminal();
        return Bars(console).Start(bars => Drawing(new(console, bars), Within));

        T Within(Drawn on)
        {
            var task = on.Bars.AddTask(Escaped(before + stage));
            try
            {
                return run(new Bar(on.Console, task, stage, before, metrics));
            }
            finally
            {
                task.StopTask();
            }
        }
    }

    private T Drawing<T>(Drawn bars, Func<Drawn, T> run)
    {
        drawn = bars;
        try
        {
            return run(bars);
        }
        finally
        {
            drawn = null;
        }
    }

    private IAnsiConsole Terminal() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new TerminalOutput(error) });

    // Bars need the terminal's own sequences, so that their texts cannot be made harmless on their way out.
    private static string Escaped(string text) => Markup.Escape(VisibleText.Of(text));

    private static Progress Bars(IAnsiConsole console) => console.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn());

    /// <summary>Bars that are drawn just now, which lines of text have to go around.</summary>
    private sealed record Drawn(IAnsiConsole Console, ProgressContext Bars);

    /// <summary>At most one line in an interval, so that a log of a long run stays readable.</summary>
    private sealed class Lines(TextWriter error, string stage, string before, TimeSpan interval, MetricsLog metrics) : IStageProgress
    {
        private readonly long started = Stopwatch.GetTimestamp();
        private long? shown;
        private string last = "";

        public void Report(double? fraction, string text)
        {
            last = text;
            if (shown is null || Stopwatch.GetElapsedTime(shown.Value) >= interval)
            {
                shown = Stopwatch.GetTimestamp();
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{before}{stage}: {Percent(fraction)}{text}"));
            }
        }

        public void Metric(JsonObject line) => metrics.Write(stage, line);

        public void KeepMetrics(int lines) => metrics.Keep(stage, lines);

        public void Warn(string text) => Tell($"warning: {text}");

        public void Tell(string text) => error.WriteLine($"{before}{stage}: {text}");

        public void End() => error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{before}{stage}: done in {Stopwatch.GetElapsedTime(started).TotalSeconds:F2} s {last}").TrimEnd());

        private static string Percent(double? fraction) =>
            fraction is { } known ? string.Create(CultureInfo.InvariantCulture, $"{100 * Math.Clamp(known, 0, 1):F0} % ") : "";
    }

    private sealed class Bar(IAnsiConsole console, ProgressTask task, string stage, string before, MetricsLog metrics) : IStageProgress
    {
        public void Report(double? fraction, string text)
        {
            task.IsIndeterminate = fraction is null;
            task.Value = Math.Clamp(fraction ?? 0, 0, 1) * task.MaxValue;
            task.Description = Escaped($"{before}{stage} {text}".TrimEnd());
        }

        public void Metric(JsonObject line) => metrics.Write(stage, line);

        public void KeepMetrics(int lines) => metrics.Keep(stage, lines);

        public void Warn(string text) => Tell($"warning: {text}");

        public void Tell(string text) => console.MarkupLine(Escaped($"{before}{stage}: {text}"));
    }
}
