using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using BrainModular.Host.Composition;
using BrainModular.Host.Runs;
using Spectre.Console;

namespace BrainModular.Host.Terminal;

/// <summary>Shows the progress of stages on stderr: bars on a terminal, plain lines elsewhere.</summary>
/// <param name="error">Where it is shown.</param>
/// <param name="isTerminal">Whether that is a terminal.</param>
/// <param name="before">What stands before the stages' names.</param>
internal sealed class ProgressDisplay(TextWriter error, bool isTerminal, string before = "")
{
    public static ProgressDisplay OnStandardError() => new(Console.Error, !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb");

    /// <summary>The same for the stages of one of several recordings.</summary>
    public ProgressDisplay For(string recording) => new(error, isTerminal, $"{recording}: ");

    /// <summary>Runs a stage and shows how far it is.</summary>
    public T During<T>(string stage, MetricsLog metrics, Func<IStageProgress, T> run)
    {
        if (!isTerminal)
        {
            var lines = new Lines(error, stage, before, metrics);
            var result = run(lines);
            lines.End();
            return result;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context => run(new Bar(console, context.AddTask(Markup.Escape(before + stage)), stage, before, metrics)));
    }

    /// <summary>At most one line every two seconds, so that a log of a long run stays readable.</summary>
    private sealed class Lines(TextWriter error, string stage, string before, MetricsLog metrics) : IStageProgress
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
        private readonly long started = Stopwatch.GetTimestamp();
        private long? shown;
        private string last = "";

        public void Report(double? fraction, string text)
        {
            last = text;
            if (shown is null || Stopwatch.GetElapsedTime(shown.Value) >= Interval)
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
            task.Description = Markup.Escape($"{before}{stage} {text}".TrimEnd());
        }

        public void Metric(JsonObject line) => metrics.Write(stage, line);

        public void KeepMetrics(int lines) => metrics.Keep(stage, lines);

        public void Warn(string text) => Tell($"warning: {text}");

        public void Tell(string text) => console.MarkupLineInterpolated($"{before}{stage}: {text}");
    }
}
