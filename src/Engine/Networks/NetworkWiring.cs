using System.Numerics;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks;

/// <summary>The populations of one chunk of lanes, and who delivers what to whom.</summary>
internal sealed unsafe class NetworkWiring<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly NetworkProgram program;
    private readonly RunLayout layout;
    private readonly int lanes;
    private readonly Dictionary<(string Source, string Output), Outbound<T>> outbound = [];
    private readonly RowBuffer scratch;

    /// <param name="program">The network.</param>
    /// <param name="populations">Its populations, in the order of the schedule.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="layout">How states are kept.</param>
    /// <param name="clock">The time of each step, or that of the present one.</param>
    /// <param name="noise">The key of all noise.</param>
    public NetworkWiring(NetworkProgram program, IReadOnlyList<PopulationProgram> populations, int lanes, RunLayout layout, RowBuffer clock, StreamKey noise)
    {
        (this.program, this.lanes, this.layout) = (program, lanes, layout);
        var definition = program.Definition;
        scratch = new(lanes, definition.Populations.Max(static p => Transmission<T>.StrideOf(p.Count)), program.Precision);
        Populations = [.. populations.Select(p => new PopulationRun<T>(p, lanes, layout, clock, sent => Depth(p.Definition.Name, sent), noise.Split(p.Definition.Name), program.Options.Rates is not null))];
        foreach (var (source, output) in definition.Projections.Select(static p => (p.Source, p.Output)).Concat(populations.SelectMany(static p => p.Sent.Select(s => (p.Definition.Name, s)))).Distinct())
        {
            outbound[(source, output)] = Open(source, output);
        }

        foreach (var population in Populations)
        {
            population.Outbound = [.. population.Program.Sent.Select(s => outbound[(population.Program.Definition.Name, s)])];
            population.Ports = [.. population.Program.Ports.Select(p => PortOf(population, p))];
        }
    }

    /// <summary>The populations in the order of the schedule.</summary>
    public PopulationRun<T>[] Populations { get; }

    public long Bytes => scratch.Bytes + Populations.Sum(static p => p.Bytes + p.Ports.Sum(static port => port.Inbound.Sum(static i => i.Transmission.Bytes)));

    /// <summary>What a source sends; null where no projection carries it.</summary>
    public Outbound<T>? Outbound(string source, string output) => outbound.GetValueOrDefault((source, output));

    /// <summary>Sets initial states, sums of weights, and what graded outputs sent before time 0.</summary>
    public void Begin(NetworkWeights<T> weights)
    {
        foreach (var population in Populations)
        {
            population.Begin();
            foreach (var port in population.Ports.Where(static p => p.WeightSum is not null))
            {
                WeightSums.Set(population, port.WeightSum!, port.Inbound.Select(static i => (i.Projection, i.Slice)), weights, lanes);
            }

            foreach (var sent in population.Outbound)
            {
                sent.Log.Reset();
                sent.Before?.Keep(0, population.Row($"initial.{sent.Name}.sent"));
            }
        }
    }

    /// <summary>Fills the sums of a population's ports for a step.</summary>
    public void Deliver(PopulationRun<T> population, NetworkWeights<T> weights, int step, int stepInSegment)
    {
        foreach (var port in population.Ports)
        {
            var row = port.Sums(stepInSegment);
            Vectors.Clear(row, population.Elements);
            foreach (var inbound in port.Inbound)
            {
                inbound.Transmission.Forward(weights.Of(inbound.Projection.Block), inbound.Arriving(step), row, (T*)scratch.Row(0));
            }
        }
    }

    public void PlaceForward(int step, int stepInSegment = 0)
    {
        foreach (var population in Populations)
        {
            population.PlaceForward(step, stepInSegment);
        }
    }

    public void SaveCheckpoint(int segment)
    {
        if (layout.Segments > 1)
        {
            Array.ForEach(Populations, p => p.SaveCheckpoint(segment));
        }
    }

    public void LoadCheckpoint(int segment) => Array.ForEach(Populations, p => p.LoadCheckpoint(segment));

    /// <summary>Takes the states at the end of a segment to the start of the next, if there is one.</summary>
    public void Wrap(int segment)
    {
        if (segment + 1 < layout.Segments)
        {
            Array.ForEach(Populations, static p => p.Wrap());
        }
    }

    public void BeginBackward()
    {
        foreach (var population in Populations)
        {
            if (population.Program.Backward is not null)
            {
                population.BeginBackward();
            }
        }
    }

    public void PlaceBackward(int step, int stepInSegment)
    {
        foreach (var population in Populations)
        {
            if (population.Program.Backward is not null)
            {
                population.PlaceBackward(step, stepInSegment);
            }
        }
    }

    /// <summary>Sets sums over a whole backward run to 0, and makes ready what carries adjoints back over the weights.</summary>
    public void BeginGradients(NetworkWeights<T> weights)
    {
        foreach (var population in Populations)
        {
            population.ClearGradients();
            foreach (var inbound in population.Ports.SelectMany(static p => p.Inbound))
            {
                inbound.Transmission.BeginGradient();
                if (inbound.Back is not null)
                {
                    inbound.Transmission.BeginBackward(weights.Of(inbound.Projection.Block), inbound.From.Needed is null);
                }
            }
        }
    }

    /// <summary>Adds what is known of the weights' gradient only at the end of a backward run.</summary>
    public void EndGradients(NetworkWeights<T> gradient)
    {
        foreach (var population in Populations.Where(static p => p.Program.Backward is not null))
        {
            foreach (var port in population.Ports)
            {
                foreach (var inbound in port.Inbound.Where(static i => i.Learns))
                {
                    inbound.Transmission.EndGradient(gradient.Of(inbound.Projection.Block));
                }

                if (port.WeightSum is not null)
                {
                    WeightSums.AddGradient(population, port, gradient, lanes);
                }
            }
        }
    }

    /// <summary>Hands over all that the run goes on from.</summary>
    public void Visit(Online.MemoryVisitor each)
    {
        foreach (var population in Populations)
        {
            population.Visit(each);
        }

        foreach (var sent in outbound.Values)
        {
            sent.Log.Visit(each);
        }
    }

    public void Dispose()
    {
        foreach (var part in Populations.Concat<IDisposable>(outbound.Values).Concat([scratch]))
        {
            part.Dispose();
        }
    }

    private int Depth(string source, string output) => program.From(source, output).Select(static p => p.LongestDelay).DefaultIfEmpty(0).Max();

    private Outbound<T> Open(string source, string output)
    {
        var units = program.Definition.CountOf(source);
        var population = Populations.FirstOrDefault(p => p.Program.Definition.Name == source)?.Program;
        var graded = population?.Prologue.Function.Outputs.Any(o => o.Name == $"initial.{output}.sent") == true;
        return new(
            output,
            new(IsReadAgain(source, output) ? layout.Steps : Depth(source, output) + 1, units, lanes, counted: output == RateRegularizer.Output),
            graded ? new(1, units, lanes, counted: false) : null,
            population?.Slopes.Contains($"{output}.slope") == true ? new(layout.Steps, units, lanes) : null);
    }

    /// <summary>Whether the backward pass reads what was sent: for the gradient of weights, or where segments run again.</summary>
    private bool IsReadAgain(string source, string output) => layout.Stored
        && (layout.Segments > 1 || program.From(source, output).Any(p => p.Block.Coordinates > 0));

    private PortRun<T> PortOf(PopulationRun<T> population, string port)
    {
        var plan = population.Program.BackwardPlan;
        Inbound<T>[] inbound =
        [
            .. from projection in population.Program.Inbound
               where projection.Definition.Port == port
               from slice in projection.Slices
               let sender = outbound[(projection.Definition.Source, projection.Definition.Output)]
               let origin = Populations.FirstOrDefault(p => p.Program.Definition.Name == projection.Definition.Source)
               let returns = plan is not null && origin?.Program.BackwardPlan?.Seeded.Contains(projection.Definition.Output) == true
               select new Inbound<T>(
                   projection, slice, projection.Transmission<T>(slice, lanes), sender, plan is not null && projection.Block.Coordinates > 0,
                   returns ? origin!.SentAdjoint(projection.Definition.Output) : null),
        ];
        return new(
            inbound, population.Locate(port), plan?.Ports.Contains(port) == true ? population.Adjoint(port) : null,
            population.Program.Forward.Function.Inputs.Any(i => i.Name == $"{port}.weight") ? $"{port}.weight" : null);
    }
}
