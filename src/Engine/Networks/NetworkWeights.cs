using System.Numerics;
using System.Runtime.InteropServices;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Networks;

/// <summary>Numbers in native memory, one block per <see cref="WeightBlock"/>: the weights as projections read them, or their gradient.</summary>
internal sealed unsafe class NetworkWeights<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly IReadOnlyList<WeightBlock> blocks;
    private readonly T*[] memory;

    /// <param name="blocks">The blocks.</param>
    /// <param name="held">Which of them have memory.</param>
    public NetworkWeights(IReadOnlyList<WeightBlock> blocks, Func<WeightBlock, bool> held)
    {
        this.blocks = blocks;
        memory = new T*[blocks.Count];
        Hold(held);
    }

    /// <summary>Gives memory, of zeros, to blocks that have none yet.</summary>
    public void Hold(Func<WeightBlock, bool> held)
    {
        foreach (var block in blocks.Where(b => memory[b.Place] is null && held(b)))
        {
            var bytes = Math.Max(1, block.StoredLength<T>()) * sizeof(T);
            memory[block.Place] = (T*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
            LargePages.Ask(memory[block.Place], bytes);
            NativeMemory.Clear(memory[block.Place], (nuint)bytes);
        }
    }

    /// <summary>The numbers of a block.</summary>
    public T* Of(WeightBlock block) => memory[block.Place];

    /// <summary>A weight, out of the definition where its block has no memory: it is sparse and not trained then.</summary>
    /// <param name="block">The block.</param>
    /// <param name="place">Its place in memory.</param>
    public T At(WeightBlock block, long place) =>
        memory[block.Place] is var held && held is not null ? held[place] : T.CreateTruncating(block.Weight(block.Definition.Weights[place]));

    public long Bytes => blocks.Where(b => memory[b.Place] is not null).Sum(static b => b.StoredLength<T>() * sizeof(T));

    public void Clear()
    {
        foreach (var block in blocks)
        {
            if (memory[block.Place] is not null)
            {
                NativeMemory.Clear(memory[block.Place], (nuint)(block.StoredLength<T>() * sizeof(T)));
            }
        }
    }

    /// <summary>Sets the weights: trained ones from coordinates, the others from the definition.</summary>
    /// <param name="coordinates">All blocks' coordinates, one after the other.</param>
    public void Set(ReadOnlySpan<double> coordinates)
    {
        foreach (var block in blocks)
        {
            var own = coordinates[..block.Coordinates];
            coordinates = coordinates[block.Coordinates..];
            var initial = block.Definition.Weights;
            if (memory[block.Place] is not null && own.Length < block.Count)
            {
                for (var weight = 0; weight < block.Count; weight++)
                {
                    memory[block.Place][block.StoredAt<T>(weight)] = T.CreateTruncating(block.Weight(initial[weight]));
                }
            }

            foreach (var (coordinate, stored, length) in block.Runs<T>())
            {
                block.Write(own.Slice(coordinate, length), memory[block.Place] + stored);
            }
        }
    }

    /// <summary>Multiplies all numbers.</summary>
    public void Scale(double factor)
    {
        var by = T.CreateTruncating(factor);
        foreach (var block in blocks)
        {
            for (var i = 0L; factor != 1 && memory[block.Place] is not null && i < block.StoredLength<T>(); i++)
            {
                memory[block.Place][i] *= by;
            }
        }
    }

    /// <summary>Adds the gradient by coordinates, where these numbers are the gradient by weights; the first of several overwrites what is there.</summary>
    public void AddTo(Span<double> gradient, ReadOnlySpan<double> coordinates, bool isFirst)
    {
        var offset = 0;
        foreach (var block in blocks)
        {
            foreach (var (coordinate, stored, length) in block.Runs<T>())
            {
                block.AddGradient(coordinates.Slice(offset + coordinate, length), memory[block.Place] + stored, gradient.Slice(offset + coordinate, length), isFirst);
            }

            offset += block.Coordinates;
        }
    }

    public void Dispose()
    {
        for (var i = 0; i < memory.Length; i++)
        {
            NativeMemory.AlignedFree(memory[i]);
            memory[i] = null;
        }
    }
}
