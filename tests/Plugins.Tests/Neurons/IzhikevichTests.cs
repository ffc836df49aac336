namespace BrainModular.Plugins.Tests.Neurons;

public sealed class IzhikevichTests
{
    public static TheoryData<string> Patterns => [.. FiringPattern.All.Select(static p => p.Name)];

    public static TheoryData<string> PatternsOfTheEquations => [.. FiringPattern.All.Where(static p => !p.OnlyAsPublished).Select(static p => p.Name)];

    [Fact]
    public void There_are_twenty_patterns() => Assert.Equal(20, FiringPattern.All.Count);

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Pattern_is_there_in_the_published_steps(string name)
    {
        var pattern = FiringPattern.All.First(p => p.Name == name);
        var run = Run(pattern, "published", "euler", pattern.Step);
        var (spikes, potential) = pattern.Published();
        Assert.Equal(spikes, run.Spikes);
        Assert.All(potential.Zip(run["V"]), static p => Assert.Equal(p.First, p.Second, 1e-3));
        Assert.True(pattern.Told(run.Spikes, run["V"]), $"spikes at {string.Join(", ", run.Spikes)}");
    }

    [Theory]
    [MemberData(nameof(PatternsOfTheEquations))]
    public void Pattern_is_there_in_the_equations_themselves(string name)
    {
        var pattern = FiringPattern.All.First(p => p.Name == name);
        var run = Run(pattern, "equations", "rk4", 0.01);
        Assert.True(pattern.Told(run.Spikes, run["V"]), $"spikes at {string.Join(", ", run.Spikes)}");
    }

    /// <summary>The cells of Izhikevich (2003), each under the same current.</summary>
    [Fact]
    public void Cells_of_the_first_paper_are_told_by_their_spikes()
    {
        static double[] Spikes(double a, double b, double c, double d) => EngineRun.Of(
            EngineRun.Model("izhikevich"), "rk4", 0.02, 500, static t => t > 20 ? 1 : 0, ("a", a), ("b", b), ("c", c), ("d", d)).Spikes;
        static double[] Intervals(double[] s) => [.. s.Zip(s.Skip(1), static (x, y) => y - x)];

        var regular = Intervals(Spikes(0.02, 0.2, -65, 8));
        Assert.True(regular.Length > 4 && regular[^1] > 1.5 * regular[0], "regular spiking does not adapt");
        var bursting = Intervals(Spikes(0.02, 0.2, -55, 4));
        Assert.True(bursting[0] < 6 && bursting[3..].All(static i => i > 20), "no burst before single spikes");
        var chattering = Intervals(Spikes(0.02, 0.2, -50, 2));
        Assert.True(chattering.Count(static i => i < 8) > 10 && chattering.Count(static i => i > 20) > 4, "no repeated bursts");
        var fast = Intervals(Spikes(0.1, 0.2, -65, 2));
        Assert.True(fast.Length > 2 * regular.Length && fast[^1] < 1.5 * fast[1], "fast spiking adapts, or is slow");
        var lowThreshold = Intervals(Spikes(0.02, 0.25, -65, 2));
        Assert.True(lowThreshold.Length > regular.Length && lowThreshold[^1] > 1.5 * lowThreshold[0], "low-threshold spiking is slow, or does not adapt");
    }

    private static EngineRun Run(FiringPattern pattern, string scheme, string integrator, double step) => EngineRun.Of(
        EngineRun.Model("izhikevich", ("scheme", scheme)), integrator, step, pattern.Duration, t => 0.1 * pattern.Current(Math.Round(t / step) * step), pattern.Values);
}
