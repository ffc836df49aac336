namespace BrainModular.Engine.Networks.Online;

/// <summary>
/// What arrives at a port moves these states of its unit, at once or through other states. Some of them, such as the conductance of an exponential
/// synapse, follow it as a linear filter that is the same at all times in all units: what a synapse moves in them depends on its source alone.
/// </summary>
internal sealed class PortResponse
{
    /// <param name="jacobian">The unit.</param>
    /// <param name="port">The port.</param>
    public PortResponse(UnitJacobian jacobian, string port)
    {
        Port = port;
        var reached = jacobian.States.Where(s => !UnitJacobian.IsZero(jacobian.Next(s, port))).ToHashSet();
        for (var before = -1; before != reached.Count;)
        {
            before = reached.Count;
            reached.UnionWith(jacobian.States.Where(s => reached.Any(m => !UnitJacobian.IsZero(jacobian.Next(s, m)))).ToList());
        }

        Reached = [.. jacobian.States.Where(reached.Contains)];
        var linear = Reached.Where(s => jacobian.Next(s, port).IsConstant).ToHashSet();
        for (var before = -1; before != linear.Count;)
        {
            before = linear.Count;
            linear.RemoveWhere(s => Reached.Any(m => !jacobian.Next(s, m).IsConstant || (!UnitJacobian.IsZero(jacobian.Next(s, m)) && !linear.Contains(m))));
        }

        Filter = Linear(jacobian, port, [.. Reached.Where(linear.Contains)]);
    }

    public string Port { get; }

    /// <summary>All states that are moved.</summary>
    public IReadOnlyList<string> Reached { get; }

    /// <summary>Those that follow as a linear filter.</summary>
    public LinearFilter Filter { get; }

    /// <summary>Whether all of them do.</summary>
    public bool IsLinear => Filter.States.Count == Reached.Count;

    private static LinearFilter Linear(UnitJacobian jacobian, string port, IReadOnlyList<string> states)
    {
        var keep = new double[states.Count, states.Count];
        for (var k = 0; k < states.Count; k++)
        {
            for (var m = 0; m < states.Count; m++)
            {
                keep[k, m] = jacobian.Next(states[k], states[m]).Value;
            }
        }

        return new(states, keep, [.. states.Select(s => jacobian.Next(s, port).Value)]);
    }
}

/// <summary>x &lt;- A x + b z: what a source's events z leave behind.</summary>
/// <param name="States">The names of x.</param>
/// <param name="Keep">A, [state][state].</param>
/// <param name="Take">b, [state].</param>
internal sealed record LinearFilter(IReadOnlyList<string> States, double[,] Keep, double[] Take);
