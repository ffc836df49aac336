using BrainModular.Engine.Networks;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>What becomes of a cell's spikes behind it, as one more state of the cell: x &lt;- keep x + take s.</summary>
/// <param name="Target">Where.</param>
/// <param name="Port">The port there.</param>
/// <param name="Keep">How much of itself it keeps.</param>
/// <param name="Take">How much of a spike it takes.</param>
/// <param name="Signal">The derivative of the loss by it, [step][unit].</param>
internal sealed record SentTrace(string Target, string Port, double Keep, double Take, double[][] Signal);

/// <summary>The gradients of ES-D-RTRL and of e-prop after the run of a <see cref="SlowNetwork"/>, from their definitions, synapse by synapse.</summary>
/// <param name="network">The network's run.</param>
/// <param name="error">The derivative of the loss by the readout, [step][unit].</param>
internal sealed class SlowGradient(SlowNetwork network, double[][] error)
{
    private readonly double[] gradient = new double[network.Projections.Sum(static p => p.Of.Weights.Length)];

    private int Steps => error.Length;

    /// <summary>
    /// ES-D-RTRL: for each pair, the sum over time of the average of what a source sent, the part of the target's answer to constant input that
    /// came through no slower state, and the learning signals.
    /// </summary>
    /// <param name="given">The pairs' time constants in steps; empty for those of the cells.</param>
    public double[] Factored(double[] given)
    {
        Read();
        List<PopulationDefinition> order = [.. network.Cells.Reverse()];
        Dictionary<(string, string), (double[] Constants, double[][][] Gain)> pairs = [];
        foreach (var cells in order)
        {
            List<SentTrace> traces = [.. Toward(cells, "out").Take(1).Select(_ => new SentTrace("out", "in", 0.9, 1, Signals(cells, "out", "in", static (e, _) => e)))];
            foreach (var ((target, port), (constants, gain)) in pairs.Where(p => Toward(cells, p.Key.Item1).Any(w => w.Of.Port == p.Key.Item2) && p.Key.Item1 != cells.Name))
            {
                traces.AddRange(constants.Select((tau, m) => new SentTrace(
                    target, port, Math.Exp(-1 / tau), 1 - Math.Exp(-1 / tau), Signals(cells, target, port, (_, t) => gain[m][t]))));
            }

            foreach (var port in new[] { "exc.in", "inh.in" })
            {
                var (constants, gain) = Pairs(cells, port, traces, given);
                pairs[(cells.Name, port)] = (constants, gain);
                foreach (var projection in network.Projections.Where(p => p.Of.Target == cells.Name && p.Of.Port == port))
                {
                    AddProducts(projection, constants, gain);
                }
            }
        }

        return gradient;
    }

    /// <summary>e-prop: the derivative of every cell's states by each of its synapses, with recurrent spikes as given, times the readout's errors by feedback weights.</summary>
    /// <param name="feedback">Those weights by population and step, [unit][readout unit].</param>
    public double[] Propagated(Func<string, int, double[][]> feedback)
    {
        Read();
        foreach (var cells in network.Cells)
        {
            double[][] signal = [.. error.Select((e, t) => feedback(cells.Name, t).Select(row => row.Zip(e, static (b, y) => b * y).Sum()).ToArray())];
            SentTrace[] traces = [new("out", "in", 0.9, 1, signal)];
            foreach (var projection in network.Projections.Where(p => p.Of.Target == cells.Name))
            {
                foreach (var (from, to, weight) in projection.Pairs)
                {
                    var trace = new double[5];
                    for (var t = 0; t < Steps; t++)
                    {
                        var (before, jacobian) = (trace, Extended(cells.Name, t, to, traces));
                        var port = 5 + SlowNetwork.Conductance(projection.Of.Port) - SlowNetwork.Excitation;
                        trace = [.. jacobian.Select(row => row.Zip(before, static (j, e) => j * e).Sum() + (row[port] * network.Sent(projection, from, t)))];
                        gradient[weight] += signal[t][to] * trace[4];
                    }
                }
            }
        }

        return gradient;
    }

    /// <summary>The gradient of the weights to the readout, which is linear: the same by all methods.</summary>
    private void Read()
    {
        foreach (var projection in network.Projections.Where(static p => p.Of.Target == "out"))
        {
            foreach (var (from, to, weight) in projection.Pairs)
            {
                var filtered = 0.0;
                for (var t = 0; t < Steps; t++)
                {
                    filtered = (0.9 * filtered) + network.Sent(projection, from, t);
                    gradient[weight] += filtered * error[t][to];
                }
            }
        }
    }

    private IEnumerable<SlowProjection> Toward(PopulationDefinition cells, string target) => network.Projections.Where(p => p.Of.Source == cells.Name && p.Of.Target == target);

    /// <summary>Signals of a target's units come back over the weights and delays by which its sources reach it.</summary>
    private double[][] Signals(PopulationDefinition cells, string target, string port, Func<double[], int, double[]> of)
    {
        double[][] signals = [.. error.Select(_ => new double[cells.Count])];
        foreach (var projection in Toward(cells, target).Where(p => p.Of.Port == port))
        {
            for (var t = projection.Of.Delay; t < Steps; t++)
            {
                foreach (var (from, to, weight) in projection.Pairs)
                {
                    signals[t - projection.Of.Delay][from] += Weights[weight] * of(error[t], t)[to];
                }
            }
        }

        return signals;
    }

    /// <summary>The weights with which signals come back.</summary>
    public required double[] Weights { get; init; }

    private void AddProducts(SlowProjection projection, double[] constants, double[][][] gain)
    {
        foreach (var (from, to, weight) in projection.Pairs)
        {
            for (var m = 0; m < constants.Length; m++)
            {
                var (keep, average) = (Math.Exp(-1 / constants[m]), 0.0);
                for (var t = 0; t < Steps; t++)
                {
                    average = (keep * average) + ((1 - keep) * network.Sent(projection, from, t));
                    gradient[weight] += average * gain[m][t][to];
                }
            }
        }
    }

    /// <summary>The pairs of a port: their time constants, and the learning signals times the target's factor, over the average's weight so far, [pair][step][unit].</summary>
    private (double[] Constants, double[][][] Gain) Pairs(PopulationDefinition cells, string port, List<SentTrace> traces, double[] given)
    {
        int[] moved = [.. SlowNetwork.Moved(port), .. Enumerable.Range(4, traces.Count)];
        var still = SlowNetwork.Step([-62, 0, 0, 0], [0, 0], cells.Values["tauA"].Average()).Jacobian;
        var constantOf = moved.ToDictionary(static s => s, s => -1 / Math.Log(s < 4 ? still[s][s] : traces[s - 4].Keep));
        double[] constants = given.Length > 0 ? given : Grouped([.. constantOf.Values.Order()]);
        var groupOf = moved.ToDictionary(static s => s, s => Enumerable.Range(0, constants.Length).MinBy(g => Math.Abs(Math.Log(constants[g] / constantOf[s]))));
        double[][][] gain = [.. constants.Select(_ => error.Select(_ => new double[cells.Count]).ToArray())];
        for (var unit = 0; unit < cells.Count; unit++)
        {
            // The answer through states that are not slower than a pair; what two neighbours differ by came through that pair's own.
            double[][] answer = [.. constants.Select(_ => new double[4 + traces.Count])];
            for (var t = 0; t < Steps; t++)
            {
                var jacobian = Extended(cells.Name, t, unit, traces);
                var input = 4 + traces.Count + SlowNetwork.Conductance(port) - SlowNetwork.Excitation;
                for (var m = 0; m < constants.Length; m++)
                {
                    var before = answer[m];
                    answer[m] = [.. Enumerable.Range(0, 4 + traces.Count).Select(s =>
                        !moved.Contains(s) || groupOf[s] > m ? 0 : jacobian[s][input] + moved.Where(by => groupOf[by] <= m).Sum(by => jacobian[s][by] * before[by]))];
                    for (var v = 0; v < traces.Count; v++)
                    {
                        var factor = answer[m][4 + v] - (m > 0 ? answer[m - 1][4 + v] : 0);
                        gain[m][t][unit] += traces[v].Signal[t][unit] * factor / (1 - Math.Exp(-(t + 1) / constants[m]));
                    }
                }
            }
        }

        return (constants, gain);
    }

    /// <summary>Ascending time constants, cut where one is more than 4 times the first of its group: the geometric mean of each group.</summary>
    private static double[] Grouped(double[] constants)
    {
        List<double> means = [];
        for (var first = 0; first < constants.Length;)
        {
            var group = constants[first..].TakeWhile(c => c <= 4 * constants[first]).ToList();
            means.Add(Math.Pow(group.Aggregate(1.0, static (a, b) => a * b), 1.0 / group.Count));
            first += group.Count;
        }

        return [.. means];
    }

    /// <summary>The Jacobian with what becomes of the spikes as further states, [of][by], the two ports last.</summary>
    private double[][] Extended(string cells, int step, int unit, IReadOnlyList<SentTrace> traces)
    {
        var jacobian = network.Jacobian[cells][step][unit];
        double[] Row(double[] own, int state, double keep) =>
            [.. own[..4], .. Enumerable.Range(0, traces.Count).Select(v => v == state ? keep : 0), .. own[4..]];
        return
        [
            .. Enumerable.Range(0, 4).Select(s => Row(jacobian[s], -1, 0)),
            .. traces.Select((trace, v) => Row([.. jacobian[4].Select(j => trace.Take * j)], v, trace.Keep)),
        ];
    }
}
