using BrainModular.Formats.Nir;

namespace BrainModular.Export.Tests.Nir;

/// <summary>
/// Runs a NIR graph step by step as its primitives are defined: every state by its own differential equation with all others at the step's beginning, an event as a
/// pulse of height 1 that lasts the step. It knows nothing of the engine.
/// </summary>
internal sealed class NirInterpreter
{
    private readonly NirGraph graph;
    private readonly double timeStep;
    private readonly Func<double, double> decay;
    private readonly List<NirNode> order = [];
    private readonly Dictionary<string, double[]> state = [];
    private readonly Dictionary<string, double[]> current = [];
    private readonly Dictionary<string, Queue<double[]>> waiting = [];
    private readonly Dictionary<string, double[]> sent = [];

    /// <param name="graph">The graph.</param>
    /// <param name="timeStep">In s.</param>
    /// <param name="decay">What a step of h time constants leaves of what decays.</param>
    public NirInterpreter(NirGraph graph, double timeStep, Func<double, double> decay)
    {
        (this.graph, this.timeStep, this.decay) = (graph, timeStep, decay);
        foreach (var node in graph.Nodes.Where(static n => IsDynamic(n.Type)))
        {
            var count = node.Values["r"].Elements.Length;
            state[node.Name] = [.. Values(node, "v_leak", count, 0)];
            current[node.Name] = new double[count];
        }

        foreach (var node in graph.Nodes.Where(static n => n.Type == "Delay"))
        {
            var (delay, none) = (node.Values["delay"].Elements, new double[node.Values["delay"].Elements.Length]);
            var steps = (int)Math.Round(delay[0] / timeStep);
            Assert.All(delay, d => Assert.Equal(steps, d / timeStep, 1e-6));
            waiting[node.Name] = new(Enumerable.Repeat(none, steps));
        }

        // What a node takes in this step has to be sent before: only delays, and integrators whose value is that of the step's beginning, need not wait.
        while (graph.Nodes.FirstOrDefault(n => !order.Contains(n) && Before(n).All(order.Contains)) is { } next)
        {
            order.Add(next);
        }

        Assert.Equal(graph.Nodes.Count, order.Count);
    }

    /// <summary>The value of every integrator, and the events of every unit with a threshold, at the end of the last step.</summary>
    public double[] Of(string node) => graph.Node(node).Type.EndsWith('F') ? sent[node] : state[node];

    /// <summary>The potential of units with a threshold at the end of the last step.</summary>
    public double[] Potential(string node) => state[node];

    /// <summary>Takes one step.</summary>
    /// <param name="input">What comes in.</param>
    public void Step(double[] input)
    {
        // Integrators without a threshold give what they hold at the beginning, delays what came to them before.
        foreach (var node in order.Where(static n => n.Type is "LI" or "CubaLI"))
        {
            sent[node.Name] = [.. state[node.Name]];
        }

        foreach (var (name, queue) in waiting)
        {
            sent[name] = queue.Dequeue();
        }

        foreach (var node in order)
        {
            if (node.Type == "Input")
            {
                sent[node.Name] = input;
            }
            else if (node.Type is "Linear" or "Affine")
            {
                sent[node.Name] = Multiplied(node, Arriving(node.Name));
            }
            else if (IsDynamic(node.Type))
            {
                Advance(node, Arriving(node.Name));
            }
        }

        foreach (var (name, queue) in waiting)
        {
            queue.Enqueue([.. Arriving(name)]);
        }
    }

    private static bool IsDynamic(string type) => type is "LI" or "LIF" or "CubaLI" or "CubaLIF";

    private IEnumerable<NirNode> Before(NirNode node) => node.Type == "Delay" ? []
        : graph.Edges.Where(e => e.To == node.Name).Select(e => graph.Node(e.From)).Where(static n => n.Type is not ("LI" or "CubaLI" or "Delay"));

    private double[] Arriving(string node)
    {
        double[]? sum = null;
        foreach (var edge in graph.Edges.Where(e => e.To == node))
        {
            sum = sum is null ? sent[edge.From] : [.. sum.Zip(sent[edge.From], static (a, b) => a + b)];
        }

        return sum ?? new double[graph.Node(node).Values["r"].Elements.Length];
    }

    private static double[] Multiplied(NirNode node, double[] x)
    {
        var weight = node.Values["weight"];
        var bias = node.Values.GetValueOrDefault("bias")?.Elements;
        var (rows, columns) = ((int)weight.Shape[0], (int)weight.Shape[1]);
        return [.. Enumerable.Range(0, rows).Select(r => (bias?[r] ?? 0) + Enumerable.Range(0, columns).Sum(c => weight.Elements[(r * columns) + c] * x[c]))];
    }

    private void Advance(NirNode node, double[] arriving)
    {
        var (v, i) = (state[node.Name], current[node.Name]);
        var cuba = node.Type.StartsWith("Cuba", StringComparison.Ordinal);
        var tau = node.Values[cuba ? "tau_mem" : "tau"].Elements;
        var (r, leak) = (node.Values["r"].Elements, node.Values["v_leak"].Elements);
        var (threshold, reset) = (node.Values.GetValueOrDefault("v_threshold")?.Elements, Values(node, "v_reset", v.Length, 0));
        var win = Values(node, "w_in", v.Length, 1);
        var spikes = new double[v.Length];
        for (var u = 0; u < v.Length; u++)
        {
            var target = leak[u] + (r[u] * (cuba ? i[u] : arriving[u]));
            v[u] = target + ((v[u] - target) * decay(timeStep / tau[u]));
            if (cuba)
            {
                var driven = win[u] * arriving[u];
                i[u] = driven + ((i[u] - driven) * decay(timeStep / node.Values["tau_syn"].Elements[u]));
            }

            if (threshold is not null && v[u] > threshold[u])
            {
                (spikes[u], v[u]) = (1, reset[u]);
            }
        }

        if (threshold is not null)
        {
            sent[node.Name] = spikes;
        }
    }

    private static double[] Values(NirNode node, string name, int count, double otherwise) =>
        node.Values.TryGetValue(name, out var given) ? given.Elements : [.. Enumerable.Repeat(otherwise, count)];
}
