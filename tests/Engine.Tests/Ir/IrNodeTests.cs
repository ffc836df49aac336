using BrainModular.Engine.Ir;
using Xunit;

namespace BrainModular.Engine.Tests.Ir;

public sealed class IrNodeTests
{
    [Fact]
    public void What_is_0_or_1_is_seen_from_the_operations()
    {
        var graph = new IrGraph();
        var step = graph.Heaviside(graph.Constant(3), new LogisticSurrogate());
        var crossing = graph.Multiply(step, graph.Subtract(graph.Constant(1), step));
        Assert.All([step, crossing, graph.Constant(0), graph.Constant(1)], static node => Assert.True(node.IsZeroOrOne));
        Assert.All(
            [graph.Constant(2), graph.Add(step, step), graph.Multiply(step, graph.Constant(2)), graph.Subtract(graph.Constant(0), step), graph.Subtract(graph.Constant(1), graph.Constant(2)), graph.Negate(step)],
            static node => Assert.False(node.IsZeroOrOne));
    }
}
