using System.Text.Json;
using System.Text.Json.Nodes;

namespace BrainModular.Host.Runs;

/// <summary>
/// The run's metrics, one JSON object a line. A line is written in one go, and a line that a crash cut short is removed when a run is resumed.
/// </summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly string path;
    private readonly FileStream stream;
    private readonly Lock gate = new();

    public MetricsLog(string path)
    {
        this.path = path;
        FileStream? opened = null;
        EnvironmentFaults.Guard(path, () =>
        {
            opened = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            opened.SetLength(EndOfLastLine(opened));
            opened.Seek(0, SeekOrigin.End);
        });
        stream = opened!;
    }

    /// <summary>Appends a line, with the stage's name in front.</summary>
    public void Write(string stage, JsonObject line)
    {
        line.Insert(0, "stage", stage);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(line);
        lock (gate)
        {
            EnvironmentFaults.Guard(path, () =>
            {
                stream.Write([.. bytes, (byte)'\n']);
                stream.Flush();
            });
        }
    }

    /// <summary>Takes back a stage's lines after its first ones: a stage that goes on from its checkpoint writes the rest again. Other stages' lines stay.</summary>
    public void Keep(string stage, int lines)
    {
        lock (gate)
        {
            EnvironmentFaults.Guard(path, () =>
            {
                stream.Seek(0, SeekOrigin.Begin);
                using var reader = new StreamReader(stream, leaveOpen: true);
                var kept = new List<string>();
                while (reader.ReadLine() is { } line)
                {
                    if ((string?)JsonNode.Parse(line)!["stage"] != stage || lines-- > 0)
                    {
                        kept.Add(line);
                    }
                }

                var text = System.Text.Encoding.UTF8.GetBytes(string.Concat(kept.Select(static line => line + "\n")));
                if (text.Length < stream.Length)
                {
                    stream.SetLength(0);
                    stream.Write(text);
                    stream.Flush();
                }

                stream.Seek(0, SeekOrigin.End);
            });
        }
    }

    public void Dispose() => stream.Dispose();

    private static long EndOfLastLine(FileStream stream)
    {
        for (var end = stream.Length; end > 0; end--)
        {
            stream.Seek(end - 1, SeekOrigin.Begin);
            if (stream.ReadByte() == '\n')
            {
                return end;
            }
        }

        return 0;
    }
}
