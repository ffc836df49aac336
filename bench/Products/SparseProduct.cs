using System.Runtime.InteropServices;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Bench.Products;

/// <summary>Rows of connections at random, and the products with the units that are active: what a simulation and a training do with them, for one lane.</summary>
internal sealed unsafe class SparseProduct : IDisposable
{
    private readonly int n;
    private readonly SparseTransmission<float> transmission;
    private readonly float* weights;
    private readonly float* gradient;
    private readonly float* port;
    private readonly float* sent;
    private readonly int* units;
    private readonly ulong* masks;
    private readonly float* values;
    private readonly System.Random random = new(2);
    private int active;

    public SparseProduct(int n, int perRow)
    {
        this.n = n;
        var draw = new System.Random(1);
        var connections = new Connections(
            n, n, [.. Enumerable.Range(0, n + 1).Select(i => (long)i * perRow)], [.. Enumerable.Range(0, n).SelectMany(_ => Enumerable.Range(0, perRow).Select(_ => draw.Next(n)).Order())], []);
        LargePages.Collapse(connections.Target);
        var rows = RowPart.Whole(connections);
        transmission = new(connections, rows, isShared: false, lanes: 1, rows);
        weights = Make<float>(connections.Count);
        gradient = Make<float>(connections.Count);
        port = Make<float>(n);
        sent = Make<float>(n);
        units = Make<int>(n);
        masks = Make<ulong>(n);
        values = Make<float>(n);
        for (var i = 0; i < connections.Count; i++)
        {
            weights[i] = draw.NextSingle();
        }

        for (var i = 0; i < n; i++)
        {
            (port[i], masks[i], values[i]) = (draw.NextSingle() - 0.5f, 1, 1);
        }
    }

    /// <summary>Draws which units are active.</summary>
    public void Draw(double part)
    {
        active = 0;
        for (var i = 0; i < n; i++)
        {
            if (random.NextDouble() < part)
            {
                units[active++] = i;
            }
        }
    }

    public void Forward()
    {
        transmission.Ask(weights, Events);
        transmission.Forward(weights, Events, port, null);
    }

    public void Backward() => transmission.Backward(weights, port, null, sent, new(active, units, masks, active));

    public void Gradient() => transmission.Gradient(gradient, Events, port);

    public void Dispose()
    {
        foreach (var memory in (nint[])[(nint)weights, (nint)gradient, (nint)port, (nint)sent, (nint)units, (nint)masks, (nint)values])
        {
            NativeMemory.AlignedFree((void*)memory);
        }
    }

    private Events<float> Events => new(active, units, masks, values);

    private static T* Make<T>(int count)
        where T : unmanaged
    {
        var made = (T*)NativeMemory.AlignedAlloc((nuint)count * (nuint)sizeof(T), 64);
        LargePages.Ask(made, (long)count * sizeof(T));
        new Span<T>(made, count).Clear();
        return made;
    }
}
