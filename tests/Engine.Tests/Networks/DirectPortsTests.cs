using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Symbolics;
using Xunit;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>Which ports' sums can be added to a state after the step.</summary>
public sealed class DirectPortsTests
{
    private readonly IrGraph graph = new();

    [Fact]
    public void A_sum_that_is_only_added_to_a_next_state_is_left_to_the_state()
    {
        var decayed = graph.Multiply(State("g"), graph.Constant(0.9));
        var (left, states) = DirectPorts.TakeOut([new("g.next", graph.Add(decayed, Port("a"))), new("v.next", State("g"))], ["a"]);
        Assert.Equal([("a", "g")], Pairs(states));
        Assert.Equal([("g.next", decayed), ("v.next", State("g"))], left.Select(static o => (o.Name, o.Node)));
    }

    [Fact]
    public void So_are_several_sums_that_are_added_to_one_state_and_to_others()
    {
        var decayed = graph.Multiply(State("g"), graph.Constant(0.9));
        var (left, states) = DirectPorts.TakeOut(
            [new("g.next", graph.Add(Port("a"), graph.Add(decayed, Port("b")))), new("h.next", graph.Add(State("h"), Port("c")))], ["a", "b", "c"]);
        Assert.Equal([("a", "g"), ("b", "g"), ("c", "h")], Pairs(states));
        Assert.Equal([decayed, State("h")], left.Select(static o => o.Node));
    }

    [Fact]
    public void A_sum_that_anything_else_needs_stays()
    {
        var decayed = graph.Multiply(State("g"), graph.Constant(0.9));
        var next = graph.Add(decayed, Port("a"));
        IReadOnlyList<IrOutput>[] needing =
        [
            [new("g.next", next), new("v.next", Port("a"))],
            [new("g.next", next), new("v.next", graph.Multiply(next, State("v")))],
            [new("g.next", next), new("g.sent", next)],
            [new("g.next", next), new("h.next", graph.Add(State("h"), Port("a")))],
            [new("g.next", graph.Multiply(next, graph.Constant(2)))],
            [new("g.next", graph.Add(decayed, graph.Multiply(Port("a"), graph.Constant(2))))],
            [new("current", next)],
        ];
        Assert.All(needing, outputs =>
        {
            var (left, states) = DirectPorts.TakeOut(outputs, ["a"]);
            Assert.Empty(states);
            Assert.Equal(outputs, left);
        });
        Assert.Empty(DirectPorts.TakeOut([new("g.next", next)], ["b"]).States);
    }

    private static IEnumerable<(string Port, string State)> Pairs(IReadOnlyDictionary<string, string> states) => states.Select(static s => (s.Key, s.Value)).Order();

    private IrNode State(string name) => graph.Input(new(name, IrInputKind.State, Dimension.None));

    private IrNode Port(string name) => graph.Input(new(name, IrInputKind.Signal, Dimension.None));
}
