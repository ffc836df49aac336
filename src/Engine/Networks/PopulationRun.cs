using System.Numerics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks;

/// <summary>
/// The rows of one population in one chunk of lanes, [unit][lane]: its states, stored for the backward pass or not, what arrives, what is sent.
/// </summary>
internal sealed unsafe class PopulationRun<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly PopulationProgram program;
    private readonly UnitRange units;
    private readonly int lanes;
    private readonly RowBuffer trajectory;
    private readonly RowBuffer checkpoints;
    private readonly RowBuffer kept;
    private readonly NamedRows rows;
    private readonly RowBuffer clock;
    private readonly MovingRows prologue;
    private readonly MovingRows forward;
    private readonly MovingRows? backward;
    private readonly SentAdjoint<T>[] seeds;
    private readonly int[] seedInputs;
    private readonly RowBuffer? spikeSeeds;
    private readonly RowBuffer? spikeCounts;
    private readonly int spikes;
    private readonly string[] ports;
    private readonly int[] portInputs;
    private readonly nint[] portPlaces;
    private readonly List<(NoiseSource Source, nint Row)> noise = [];
    private readonly string[] states;
    private readonly string[] storedPorts;
    private readonly string[] seeded;
    private readonly Dictionary<string, nint> adjoints;
    private readonly (nint Sent, nint Slope)[] sentRows;

    /// <param name="program">The population.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="layout">How states are kept.</param>
    /// <param name="clock">The time of each step, one number a row, shared by all populations.</param>
    /// <param name="depth">For how many steps back projections carry adjoints, by what is sent.</param>
    /// <param name="noiseKey">The key of the population's noise.</param>
    /// <param name="regularized">Whether every spike has a part of the loss.</param>
    /// <param name="range">The units whose rows these are; null for all.</param>
    public PopulationRun(
        PopulationProgram program, int lanes, RunLayout layout, RowBuffer clock, Func<string, int> depth, StreamKey noiseKey, bool regularized, UnitRange? range = null)
    {
        (this.program, this.lanes, this.clock, Layout) = (program, lanes, clock, layout);
        units = range ?? new(0, program.Definition.Count);
        var precision = program.Prologue.Precision;
        Elements = units.Count * lanes;
        states = [.. program.States];
        seeded = [.. program.BackwardPlan?.Seeded ?? []];
        storedPorts = !layout.Stored ? [] : [.. program.Ports.Where(p => program.Backward?.Function.Inputs.Any(i => i.Name == p) == true)];
        trajectory = new(layout.Stored ? (layout.Segment + 1L) * RowsPerStep : states.Length, Elements, precision);
        checkpoints = new(layout.Segments > 1 ? (long)layout.Segments * states.Length : 0, Elements, precision);
        kept = new((long)layout.Segment * program.Kept.Count, Elements, precision);
        rows = new(Names(), Elements, precision);
        prologue = new(program.Prologue, (name, _) => Locate(name));
        forward = new(program.Forward, (name, _) => Locate(name));
        backward = program.Backward is null ? null : new(program.Backward, (name, _) => Locate(name));
        if (regularized && seeded.Contains(RateRegularizer.Output))
        {
            (spikeSeeds, spikeCounts) = (new(1, Elements, precision), new(1, Elements, precision));
        }

        seeds = [.. seeded.Select(s => new SentAdjoint<T>(depth(s), Elements, precision, s == RateRegularizer.Output ? spikeSeeds : null))];
        seedInputs = [.. seeded.Select(s => program.Backward!.Function.Inputs.ToList().FindIndex(i => i.Name == $"seed.{s}.sent"))];
        adjoints = rows.Names.Where(static n => n.StartsWith("adjoint.", StringComparison.Ordinal)).ToDictionary(static n => n["adjoint.".Length..], rows.Pointer);
        sentRows = [.. program.Sent.Select(s => (rows.Pointer($"{s}.sent"), rows.Contains($"{s}.slope") ? rows.Pointer($"{s}.slope") : 0))];
        ports = [.. program.Ports];
        portInputs = [.. ports.Select(port => program.Forward.Function.Inputs.ToList().FindIndex(i => i.Name == port))];
        portPlaces = new nint[portInputs.Length];
        spikes = program.Sent.ToList().IndexOf(RateRegularizer.Output);
        Spread();
        foreach (var input in program.Forward.Function.Inputs.Where(static i => i.Kind == IrInputKind.Noise))
        {
            var distribution = input.Name.StartsWith("normal.", StringComparison.Ordinal) ? RandomDistribution.Normal : RandomDistribution.Uniform;
            noise.Add((new(noiseKey.Split(input.Name), distribution, precision), rows.Pointer(input.Name)));
        }
    }

    public PopulationProgram Program => program;

    public RunLayout Layout { get; }

    /// <summary>The units whose rows these are.</summary>
    public UnitRange Units => units;

    /// <summary>Units times lanes.</summary>
    public int Elements { get; }

    public long Bytes => trajectory.Bytes + checkpoints.Bytes + kept.Bytes + rows.Buffer.Bytes + seeds.Sum(static s => s.Bytes);

    /// <summary>What projections carry away, in the order of <see cref="PopulationProgram.Sent"/>.</summary>
    public Outbound<T>[] Outbound { get; set; } = [];

    /// <summary>What arrives, in the order of <see cref="PopulationProgram.Ports"/>.</summary>
    public PortRun<T>[] Ports { get; set; } = [];

    /// <summary>A fixed row by its name.</summary>
    public T* Row(string name) => (T*)rows.Pointer(name);

    /// <summary>A state at the end of a step of the segment.</summary>
    public T* After(int state, int stepInSegment) => (T*)trajectory.Row(Layout.Stored ? ((stepInSegment + 1L) * RowsPerStep) + state : state);

    /// <summary>One of <see cref="PopulationProgram.Kept"/> as it was in a step of the segment.</summary>
    public T* Kept(int row, int stepInSegment) => (T*)kept.Row(((long)stepInSegment * program.Kept.Count) + row);

    /// <summary>The number of a state.</summary>
    public int StateIndex(string state) => Array.IndexOf(states, state);

    /// <summary>The sums of a port where <see cref="PointPort"/> has placed them, or another row of a run that stores no steps.</summary>
    public T* Present(string name) => (T*)(Array.IndexOf(ports, name) is var port and >= 0 ? portPlaces[port] : Locate(name).Pointer);

    /// <summary>Has the forward kernel read what arrives at a port from a row that is not this population's own.</summary>
    /// <param name="port">The port's number.</param>
    /// <param name="row">The row.</param>
    public void PointPort(int port, T* row)
    {
        portPlaces[port] = (nint)row;
        if (portInputs[port] >= 0)
        {
            forward.Point(portInputs[port], (nint)row);
        }
    }

    /// <summary>The adjoint of what is sent under a name.</summary>
    public SentAdjoint<T> SentAdjoint(string sent) => seeds[Array.IndexOf(seeded, sent)];

    /// <summary>The adjoint of a state, or of what arrived at a port.</summary>
    public T* Adjoint(string name) => (T*)adjoints[name];

    /// <summary>Sets the states to their initial values.</summary>
    public void Begin()
    {
        prologue.Run(Elements);
        for (var s = 0; s < states.Length; s++)
        {
            Buffer.MemoryCopy((void*)rows.Pointer($"initial.{states[s]}"), trajectory.Row(s), trajectory.RowBytes, trajectory.RowBytes);
        }

        spikeCounts?.Clear();
    }

    /// <summary>Keeps the states at the start of a segment.</summary>
    public void SaveCheckpoint(int segment) => Copy(trajectory, 0, checkpoints, (long)segment * states.Length, states.Length);

    /// <summary>Puts the states back to the start of a segment.</summary>
    public void LoadCheckpoint(int segment) => Copy(checkpoints, (long)segment * states.Length, trajectory, 0, states.Length);

    /// <summary>Takes the states at the end of a segment to the start of the next.</summary>
    public void Wrap() => Copy(trajectory, (long)Layout.Segment * RowsPerStep, trajectory, 0, states.Length);

    public void PlaceForward(int step, int stepInSegment) => forward.Place(step, stepInSegment);

    public void StepForward(int step, int firstLane)
    {
        FillNoise(step, firstLane);
        forward.Run(Elements);
        forward.Next();
    }

    /// <summary>Draws a step's noise.</summary>
    public void FillNoise(int step, int firstLane)
    {
        foreach (var (source, row) in noise)
        {
            source.Fill((void*)row, (ulong)step, units.Count, lanes, units.First, firstLane);
        }
    }

    /// <summary>Steps some units; rows do not move.</summary>
    /// <param name="first">The first of them in these rows, a multiple of <see cref="UnitRange.Alignment"/>.</param>
    /// <param name="count">How many.</param>
    public void StepUnits(int first, int count) => forward.Run((nint)first * lanes, (nint)count * lanes);

    /// <summary>What every spike adds to the loss, [unit][lane]; empty where rates are not regularised.</summary>
    public Span<T> SpikeSeeds => spikeSeeds is null ? [] : new(spikeSeeds.Row(0), Elements);

    /// <summary>How often each unit spiked in each lane of the last run, [unit][lane]; empty where rates are not regularised.</summary>
    public ReadOnlySpan<T> SpikeCounts => spikeCounts is null ? [] : new(spikeCounts.Row(0), Elements);

    /// <summary>Keeps what was sent in a step.</summary>
    public void KeepSent(int step)
    {
        for (var i = 0; i < Outbound.Length; i++)
        {
            Outbound[i].Log.Keep(step, (T*)sentRows[i].Sent);
            Outbound[i].Needed?.Keep(step, (T*)sentRows[i].Slope);
        }

        if (spikeCounts is not null)
        {
            Vectors.Add((T*)sentRows[spikes].Sent, (T*)spikeCounts.Row(0), Elements);
        }
    }

    /// <summary>Sets the adjoints of states, and of all that was sent, to 0.</summary>
    public void BeginBackward()
    {
        foreach (var state in states)
        {
            new Span<T>(Adjoint(state), Elements).Clear();
        }

        foreach (var seed in seeds)
        {
            seed.Reset();
        }
    }

    /// <summary>Sets sums over the whole run to 0.</summary>
    public void ClearGradients()
    {
        foreach (var name in rows.Names)
        {
            if (name.StartsWith("gradient.", StringComparison.Ordinal))
            {
                rows.Fill(name, 0);
            }
        }
    }

    public void PlaceBackward(int step, int stepInSegment) => backward!.Place(step, stepInSegment);

    public void StepBackward(int step, int firstLane)
    {
        FillNoise(step, firstLane);
        for (var i = 0; i < seeds.Length; i++)
        {
            if (seedInputs[i] >= 0)
            {
                backward!.Point(seedInputs[i], (nint)seeds[i].At(step));
            }
        }

        backward!.Run(Elements);
        backward.Previous();
        foreach (var seed in seeds)
        {
            seed.Reset(step);
        }
    }

    /// <summary>Hands over the states, and the rows that are read in later steps.</summary>
    public void Visit(Online.MemoryVisitor each)
    {
        each(trajectory.Memory);
        each(kept.Memory);
    }

    public void Dispose()
    {
        foreach (var part in seeds.Concat<IDisposable?>([spikeSeeds, spikeCounts, trajectory, checkpoints, kept, rows, prologue, forward, backward]))
        {
            part?.Dispose();
        }
    }

    private int RowsPerStep => states.Length + storedPorts.Length;

    /// <summary>Spreads values that differ from unit to unit over the lanes.</summary>
    private void Spread()
    {
        foreach (var (name, values) in program.Definition.Values.Where(v => v.Value.Length > 1 && rows.Contains(v.Key)))
        {
            var spread = new double[Elements];
            for (var unit = 0; unit < units.Count; unit++)
            {
                Array.Fill(spread, values[units.First + unit], unit * lanes, lanes);
            }

            rows.Set(name, spread);
        }
    }

    private IEnumerable<string> Names() => new[] { program.Prologue, program.Forward }.Concat(program.Backward is null ? [] : [program.Backward])
        .SelectMany(static k => k.Function.Inputs.Where(static i => i.Kind is not (IrInputKind.State or IrInputKind.Saved or IrInputKind.Time))
            .Select(static i => i.Name).Concat(k.Function.Outputs.Select(static o => o.Name)))
        .Concat(program.States.Select(static s => $"adjoint.{s}"))
        .Concat(program.Ports)
        .Where(n => !n.EndsWith(".next", StringComparison.Ordinal) && !storedPorts.Contains(n) && !program.Kept.Contains(n));

    /// <summary>Where a row of the kernels is.</summary>
    public RowPlace Locate(string name)
    {
        if (rows.Contains(name))
        {
            return new(rows.Pointer(name));
        }

        if (name == "t")
        {
            return new((nint)clock.Row(0), clock.Count > 1 ? sizeof(T) : 0);
        }

        var keptAt = program.Kept.ToList().IndexOf(name);
        if (keptAt >= 0)
        {
            return new((nint)kept.Row(keptAt), (nint)(kept.RowBytes * program.Kept.Count), InSegment: true);
        }

        var stride = Layout.Stored ? (nint)(trajectory.RowBytes * RowsPerStep) : 0;
        var port = Array.IndexOf(storedPorts, name);
        if (port >= 0)
        {
            return new((nint)trajectory.Row(states.Length + port), stride, InSegment: true);
        }

        var isNext = name.EndsWith(".next", StringComparison.Ordinal) || name.EndsWith(".saved", StringComparison.Ordinal);
        var state = Array.IndexOf(states, isNext ? name[..name.LastIndexOf('.')] : name);
        return new((nint)trajectory.Row((isNext && Layout.Stored ? RowsPerStep : 0) + state), stride, InSegment: true);
    }

    private static void Copy(RowBuffer from, long first, RowBuffer to, long target, int count) =>
        Buffer.MemoryCopy(from.Row(first), to.Row(target), count * to.RowBytes, count * from.RowBytes);
}

/// <summary>How the states of a run are kept.</summary>
/// <param name="Steps">How many steps a run has.</param>
/// <param name="Stored">Whether they are kept for a backward pass.</param>
/// <param name="Segment">Of how many steps they are kept at a time; the others are run again from a checkpoint.</param>
internal sealed record RunLayout(int Steps, bool Stored, int Segment)
{
    /// <summary>Into how many segments a run is cut.</summary>
    public int Segments => !Stored ? 1 : (Steps + Segment - 1) / Segment;
}
