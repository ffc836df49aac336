namespace BrainModular.Plugins.Connectomes.Generators;

/// <summary>All pairs of a source and a target in order of source, then of target, with or without those of a unit with itself.</summary>
internal readonly struct Pairs(Populations populations, bool allowSelf)
{
    private readonly bool skipSelf = populations.Recurrent && !allowSelf;

    public long Count => populations.Sources * Width;

    public Edge this[long index]
    {
        get
        {
            var (source, target) = Math.DivRem(index, Width);
            return new((int)source, (int)(skipSelf && target >= source ? target + 1 : target));
        }
    }

    private long Width => skipSelf ? populations.Targets - 1 : populations.Targets;
}
