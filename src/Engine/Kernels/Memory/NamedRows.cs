using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Kernels.Memory;

/// <summary>Rows that are found by name.</summary>
internal sealed unsafe class NamedRows : IDisposable
{
    private readonly Dictionary<string, int> index = [];
    private readonly RowBuffer buffer;

    public NamedRows(IEnumerable<string> names, int lanes, Precision precision)
    {
        foreach (var name in names)
        {
            index.TryAdd(name, index.Count);
        }

        buffer = new(index.Count, lanes, precision);
    }

    public IEnumerable<string> Names => index.Keys;

    public RowBuffer Buffer => buffer;

    public bool Contains(string name) => index.ContainsKey(name);

    public int IndexOf(string name) => index[name];

    public nint Pointer(string name) => (nint)buffer.Row(index[name]);

    public double this[string name, int lane] => buffer[index[name], lane];

    public void Fill(string name, double value) => buffer.Fill(index[name], value);

    public void Set(string name, ReadOnlySpan<double> values) => buffer.Set(index[name], values);

    /// <inheritdoc cref="RowBuffer.SetFirst"/>
    public void SetFirst(string name, ReadOnlySpan<double> values) => buffer.SetFirst(index[name], values);

    /// <summary>Adds the first numbers of a row to others, and sets it to 0.</summary>
    public void MoveTo(double[] sums, string name)
    {
        var row = index[name];
        for (var lane = 0; lane < sums.Length; lane++)
        {
            sums[lane] += buffer[row, lane];
        }

        buffer.Fill(row, 0);
    }

    public void Clear() => buffer.Clear();

    public void Dispose() => buffer.Dispose();
}
