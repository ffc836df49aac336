using System.Text.Json.Nodes;
using BrainModular.Diagnostics;
using BrainModular.Host.Runs;

namespace BrainModular.Host;

public sealed class RunFolderTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("brain-runs-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void A_new_and_an_empty_folder_are_taken_as_they_are()
    {
        Assert.Equal(Path.Combine(root, "new", "er"), RunFolder.Create(Path.Combine(root, "new", "er"), "name", default).Path);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(root, "new", "er")));
        Assert.Equal(Path.Combine(root, "new", "er"), RunFolder.Create(Path.Combine(root, "new", "er"), "name", default).Path);
    }

    [Fact]
    public void A_folder_with_anything_in_it_is_refused()
    {
        File.WriteAllText(Path.Combine(root, ".hidden"), "");
        var fault = Assert.Throws<DiagnosticException>(() => RunFolder.Create(root, "name", default)).Diagnostics[0];
        Assert.Equal(("BM1201", 2), (fault.Id, fault.ExitCode));
        Assert.Equal("BM1201", Assert.Throws<DiagnosticException>(() => RunFolder.Create(Path.Combine(root, ".hidden"), "name", default)).Diagnostics[0].Id);
    }

    /// <summary>Two runs that find the same folder empty do not both write to it, and what a killed one left does not keep the next from it.</summary>
    [Fact]
    public void A_folder_is_one_runs_at_a_time()
    {
        var path = Path.Combine(root, "run");
        using var first = RunFolder.Create(path, "name", default);
        using var second = RunFolder.Create(path, "name", default);
        first.Begin("{}"u8.ToArray(), static () => new JsonObject());
        string Refused(Action act) => Assert.Throws<DiagnosticException>(act).Diagnostics[0].Id;
        Assert.Equal("BM1203", Refused(() => second.Begin("[]"u8.ToArray(), static () => new JsonObject())));
        using var resumed = RunFolder.Open(path);
        Assert.Equal("BM1203", Refused(resumed.Claim));

        first.Dispose();
        Assert.Equal([first.ResolvedConfig, first.Record], Directory.GetFileSystemEntries(path).Order(StringComparer.Ordinal));
        Assert.Equal("BM1201", Refused(() => second.Begin("[]"u8.ToArray(), static () => new JsonObject())));
        Assert.Equal("{}", File.ReadAllText(first.ResolvedConfig));
        File.WriteAllText(first.In(".lock"), "");
        resumed.Claim();
        resumed.Dispose();

        var killed = Directory.CreateDirectory(Path.Combine(root, "killed")).FullName;
        File.WriteAllText(Path.Combine(killed, ".lock"), "");
        using var third = RunFolder.Create(killed, "name", default);
        third.Begin("{}"u8.ToArray(), static () => new JsonObject());
    }

    [Fact]
    public void A_file_to_be_written_after_long_work_is_looked_at_before()
    {
        var file = Path.Combine(root, "new", "page.html");
        AtomicFile.Prepare(file);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(root, "new")));
        File.WriteAllText(file, "earlier");
        AtomicFile.Prepare(file);
        Assert.Equal("earlier", File.ReadAllText(file));
        Assert.Equal("BM1204", Assert.Throws<DiagnosticException>(() => AtomicFile.Prepare(root)).Diagnostics[0].Id);
        Assert.StartsWith("BM610", Assert.Throws<DiagnosticException>(() => AtomicFile.Prepare(Path.Combine(file, "below.html"))).Diagnostics[0].Id, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_whose_files_cannot_be_read_leaves_no_folder()
    {
        var folder = RunFolder.Create(Path.Combine(root, "run"), "name", default);
        Assert.Throws<DiagnosticException>(() => folder.Begin("{}"u8.ToArray(), static () => throw new DiagnosticException("BM6103", "permission to the file is denied")));
        Assert.Empty(Directory.GetFileSystemEntries(root));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named_where_it_is_the_runs_to_read()
    {
        var path = Path.Combine(root, "cell.nwb");
        File.WriteAllText(path, "sweeps");
        var resolved = System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["path"] = path }.ToJsonString());
        Assert.Equal(["configuration", path], RunInputs.Describe(resolved, withFiles: true).Select(static i => i.Key));
        using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var fault = Assert.Throws<DiagnosticException>(() => RunInputs.Describe(resolved, withFiles: true)).Diagnostics[0];
        Assert.Equal(("BM6105", path), (fault.Id, fault.Place.File));
        Assert.Contains("cannot be read", fault.Problem, StringComparison.Ordinal);
        Assert.Equal(["configuration"], RunInputs.Describe(resolved, withFiles: false).Select(static i => i.Key));
    }

    [Fact]
    public void A_run_that_begins_anew_removes_what_it_wrote_but_its_configuration_and_nothing_of_the_users()
    {
        var folder = RunFolder.Create(Path.Combine(root, "run"), "name", default);
        folder.Begin("{}"u8.ToArray(), static () => new JsonObject());
        File.WriteAllText(folder.Checkpoint("fit"), "state");
        foreach (var name in new[] { "metrics.jsonl", "summary.json", "results.nwb", "report.html", "model.step.onnx", "notes.txt", "cell.seq.onnx" })
        {
            File.WriteAllText(folder.In(name), name);
        }

        folder.Dispose();
        folder.BeginAnew(new() { ["inputs"] = new JsonObject { ["configuration"] = "", [folder.In("cell.seq.onnx")] = "" } });
        Assert.Equal([folder.In("cell.seq.onnx"), folder.In("notes.txt"), folder.ResolvedConfig, folder.Record], Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        Assert.Contains("inputs", File.ReadAllText(folder.Record), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_replaced_whole_and_nothing_else_is_left()
    {
        var path = Path.Combine(root, "file");
        AtomicFile.Write(path, "old"u8.ToArray());
        AtomicFile.Write(path, "new"u8.ToArray());
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(root));
    }

    [Fact]
    public void A_failed_write_leaves_the_old_content_and_no_temporary_file()
    {
        var path = Path.Combine(root, "file");
        AtomicFile.Write(path, "old"u8.ToArray());
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, temporary =>
        {
            File.WriteAllText(temporary, "half");
            throw new InvalidOperationException("power cut");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(root));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"stage\":\"fit\",\"loss\":1}\n")]
    [InlineData("{\"stage\":\"fit\",\"loss\":1}\n{\"stage\":\"fi")]
    [InlineData("{\"stage\"")]
    public void Metrics_go_on_after_the_last_whole_line(string before)
    {
        var path = Path.Combine(root, "metrics.jsonl");
        File.WriteAllText(path, before);
        using (var log = new MetricsLog(path))
        {
            log.Write("fit", new JsonObject { ["loss"] = 0.5 });
        }

        var kept = before[..(before.LastIndexOf('\n') + 1)];
        Assert.Equal(kept + "{\"stage\":\"fit\",\"loss\":0.5}\n", File.ReadAllText(path));
    }

    [Fact]
    public void The_summary_is_valid_after_every_stage()
    {
        var folder = RunFolder.Create(Path.Combine(root, "run"), "name", default);
        var summary = new RunSummary(folder, 9);
        Assert.Null(RunSummary.StatusOf(folder));
        summary.Write("running");
        summary.Finish("fit", new() { ["loss"] = 1.5 });
        var read = JsonNode.Parse(File.ReadAllText(folder.Summary))!;
        Assert.Equal((1, "running", 9), ((int?)read["format"], (string?)read["status"], (int?)read["seed"]));
        Assert.Equal(1.5, (double?)read["stages"]!["fit"]!["loss"]);
        summary.Write("completed");
        Assert.Equal("completed", RunSummary.StatusOf(folder));
    }

    [Fact]
    public void What_the_system_refuses_is_a_fault_of_the_environment()
    {
        const int NoSpace = 28;
        Assert.Equal("BM6104", EnvironmentFaults.Of(new IOException("no space", NoSpace), "f")!.Id);
        Assert.Equal("BM6103", EnvironmentFaults.Of(new UnauthorizedAccessException("no"), "f")!.Id);
        Assert.Equal("BM6101", EnvironmentFaults.Of(new DllNotFoundException("libx"), "f")!.Id);
        Assert.Null(EnvironmentFaults.Of(new InvalidOperationException("a bug"), "f"));
    }

    [Theory]
    [InlineData("BM1001", 2)]
    [InlineData("BM2001", 3)]
    [InlineData("BM3001", 3)]
    [InlineData("BM4101", 4)]
    [InlineData("BM5101", 5)]
    [InlineData("BM6101", 6)]
    public void A_fault_ends_the_command_with_its_code_and_without_a_stack_trace(string id, int code)
    {
        using var error = new StringWriter();
        Assert.Equal(code, Terminal.FaultPrinter.Print(Thrown(new DiagnosticException(id, "it is wrong", new("f.json", "a.b", 3, 4), "right", "do this")), error));
        Assert.Equal($"{id}: f.json:3:4 (a.b): it is wrong\n  expected: right\n  to mend it: do this\n", error.ToString());
    }

    [Fact]
    public void A_bug_shows_its_stack_trace_and_asks_for_a_report()
    {
        using var error = new StringWriter();
        Assert.Equal(1, Terminal.FaultPrinter.Print(Thrown(new InvalidOperationException("impossible")), error));
        Assert.Contains("this is a bug", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("   at ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_from_a_file_does_not_speak_to_the_terminal()
    {
        using var error = new StringWriter();
        using var visible = new Terminal.VisibleWriter(error);
        Terminal.FaultPrinter.Print(new DiagnosticException("BM3223", "'\u001b[31mred\u001b]0;title\a\r\u202e' is no number", new("a\bfile.csv"), "a number", "mend it"), visible);
        Assert.Equal("BM3223: a\uFFFDfile.csv: '\uFFFD[31mred\uFFFD]0;title\uFFFD\uFFFD\uFFFD' is no number\n  expected: a number\n  to mend it: mend it\n", error.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Text_does_not_speak_to_the_terminal_however_it_is_written()
    {
        using var error = new StringWriter();
        using var visible = new Terminal.VisibleWriter(error);
        visible.Write('\u001b');
        visible.Write("\u009b\t");
        visible.Write(['\a', 'b'], 0, 2);
        visible.Write("\u2067c".AsSpan());
        visible.WriteLine($"{1}\r");
        visible.WriteLine('\b');
        visible.WriteLine();
        Assert.Equal("\uFFFD\uFFFD\t\uFFFDb\uFFFDc1\uFFFD\n\uFFFD\n\n", error.ToString());
    }

    [Fact]
    public void Bars_show_neither_markup_nor_sequences_of_what_they_are_told()
    {
        using var metrics = new MetricsLog(Path.Combine(root, "metrics.jsonl"));
        using var error = new StringWriter();
        new Terminal.ProgressDisplay(error, isTerminal: true).SideBySide(1, shared =>
        {
            shared.Tell("[red]\u001b]0;told\a");
            shared.For("\u001b]0;file\a[bold]").During("\u001b]0;stage\a", metrics, progress =>
            {
                progress.Report(0.5, "\u001b]0;report\a[/]");
                progress.Warn("\u001b]0;warn\a[nothing]");
                return 0;
            });
        });
        Assert.DoesNotContain("\u001b]0", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\a', error.ToString());
        Assert.Contains("[red]\uFFFD]0;told\uFFFD", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("[nothing]", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_drew_the_bars_says_things_beside_them_and_nothing_raw_before_or_after()
    {
        using var metrics = new MetricsLog(Path.Combine(root, "metrics.jsonl"));
        using var error = new StringWriter();
        var display = new Terminal.ProgressDisplay(error, isTerminal: true);
        const string said = "said [red]\u001b]0;\a";
        display.Tell(said);
        display.During("fit", metrics, _ =>
        {
            display.Tell($"in a stage {said}");
            return 0;
        });
        display.SideBySide(1, _ => display.Tell($"side by side {said}"));
        display.Tell($"at the end {said}");
        Assert.DoesNotContain("\u001b]0", error.ToString(), StringComparison.Ordinal);
        Assert.All((string[])["", "in a stage ", "side by side ", "at the end "], begin => Assert.Contains($"{begin}said [red]\uFFFD]0;\uFFFD", error.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Of_very_many_faults_the_first_are_shown_and_the_rest_counted()
    {
        using var error = new StringWriter();
        Terminal.FaultPrinter.Print(new DiagnosticException([.. Enumerable.Range(0, 1000).Select(static i => new Diagnostic("BM2004", $"fault {i}"))]), error);
        var lines = error.ToString().TrimEnd().Split('\n');
        Assert.Equal((101, "BM2004: fault 99", "1000 faults: those above and 900 more"), (lines.Length, lines[^2], lines[^1]));
    }

    [Fact]
    public void A_cancellation_ends_the_command_with_130()
    {
        using var error = new StringWriter();
        Assert.Equal(130, Terminal.FaultPrinter.Print(new OperationCanceledException(), error));
        Assert.Equal("cancelled\n", error.ToString());
    }

    [Fact]
    public void Progress_off_a_terminal_is_a_few_plain_lines()
    {
        using var metrics = new MetricsLog(Path.Combine(root, "metrics.jsonl"));
        using var error = new StringWriter();
        var display = new Terminal.ProgressDisplay(error, isTerminal: false);
        Assert.Equal(7, display.During("fit", metrics, progress =>
        {
            for (var i = 0; i < 1000; i++)
            {
                progress.Report(i / 1000.0, $"loss {i}");
            }

            progress.Warn("careful");
            return 7;
        }));
        var lines = error.ToString().TrimEnd().Split('\n');
        Assert.InRange(lines.Length, 3, 6);
        Assert.Equal("fit: 0 % loss 0", lines[0]);
        Assert.Contains("fit: warning: careful", lines);
        Assert.StartsWith("fit: done in ", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", error.ToString(), StringComparison.Ordinal);
    }

    private static Exception Thrown(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }
}
