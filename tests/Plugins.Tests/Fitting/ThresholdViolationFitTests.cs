using BrainModular.Engine.Fitting;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Plugins.Losses;
using BrainModular.Plugins.Tests.Neurons;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Thresholds that are fitted to recorded spikes by how far a model is on the wrong side of them.</summary>
public sealed class ThresholdViolationFitTests
{
    private const double TimeStep = 0.1;
    private static readonly (string Name, double Value)[] Cell = [("a", 0.006), ("b", 0.014), ("k1", 0.3), ("k2", 0.03), ("A1", 0.3), ("A2", -0.15)];

    [Fact]
    public void A_silent_recording_costs_what_the_charging_membrane_is_above_threshold()
    {
        // No recorded spike resets it, so V goes to 20 mV above rest with 20 ms, and threshold is 15 mV above rest.
        var model = TinyFit.Leaky();
        var current = Enumerable.Repeat(0.2, 1000).ToArray();
        var loss = LossOf(model, ["Vth", "R"], Of(current, [.. current.Select(static _ => -65.0)], []), []);
        var expected = Enumerable.Range(1, 1000).Average(static k => Math.Pow(Math.Max(0, ((20 * (1 - Math.Exp(-k * TimeStep / 20))) - 15 + 1e-4) / 10), 2));
        Assert.True(expected > 0.1);
        Assert.Equal(expected, loss, 1e-12 * expected);
    }

    [Fact]
    public void Only_the_spikes_of_the_model_itself_cost_nothing()
    {
        var model = Model();
        var sweep = Recorded(model, 1.5);
        Assert.InRange(sweep.Spikes.Length, 4, 30);
        Assert.Equal(0, LossOf(model, ["a", "b"], sweep, Cell));

        // A step earlier, a step later, one missing, one more.
        var third = sweep.Spikes[2];
        foreach (int[] moved in (int[][])[[third - 1], [third + 1], [], [third, third + 40]])
        {
            var others = sweep with { Spikes = [.. sweep.Spikes.Where(s => s != third).Concat(moved).Order()] };
            Assert.True(LossOf(model, ["a", "b"], others, Cell) > 0, string.Join(' ', moved));
        }
    }

    [Fact]
    public void All_parameters_are_found_from_every_start_and_the_model_by_itself_fires_as_recorded()
    {
        var model = Model();
        PreparedSweep[] sweeps = [Recorded(model, 1.5), Recorded(model, 2.2)];
        using var fit = new RecordingFit(Plan(model, ["a", "b", "k1", "k2"], sweeps, Cell[4..], starts: 6));
        var result = fit.Run(static _ => { });
        Assert.All(result.Starts, start =>
        {
            Assert.InRange(start.Loss, 0, 1e-12);
            Assert.All(Cell[..4], c => Assert.Equal(c.Value, start.Values[c.Name], 0.01 * c.Value));
            var free = EngineRun.Of(model, "exponential-euler", TimeStep, 400, _ => 2.2, [.. start.Values.Select(static v => (v.Key, v.Value)), .. Cell[4..]]);
            Assert.Equal(sweeps[1].Spikes, SpikesOf(free));
        });
    }

    private static ModelDefinition Model() => EngineRun.Model("mihalas-niebur", ("thresholdFloor", "always"));

    private static double LossOf(ModelDefinition model, string[] free, PreparedSweep sweep, (string Name, double Value)[] values)
    {
        var plan = Plan(model, free, [sweep], [.. values.Where(v => !free.Contains(v.Name))], starts: 1);
        using var fit = new RecordingFit(plan with { Start = values.ToDictionary(static v => v.Name, static v => v.Value), Loss = Loss(model, new WeightedLoss("threshold-violation", Made("threshold-violation"), 1)) });
        return fit.Run(static _ => { }).InitialLoss;
    }

    private static FitPlan Plan(ModelDefinition model, string[] free, IReadOnlyList<PreparedSweep> sweeps, (string Name, double Value)[] values, int starts) =>
        TinyFit.Plan(starts, model: model, free: [.. free.Select(n => model.FindParameter(n)!).Select(static p => new FreeParameter(p.Name, p.Bounds.Lower.InEngineUnits, p.Bounds.Upper.InEngineUnits, p.Scale))]) with
        {
            Loss = Loss(model, new WeightedLoss("voltage-mean-squared-error", Made("voltage-mean-squared-error"), 1), new WeightedLoss("threshold-violation", Made("threshold-violation"), 100)),
            Train = sweeps,
            Fixed = values.ToDictionary(static v => v.Name, static v => v.Value),
            Optimizer = static () => Optimizers.Drive.Create("levenberg-marquardt"),
            RecordedSpikes = true,
        };

    private static LossDefinition Loss(ModelDefinition model, params WeightedLoss[] losses) => ModelTracer.Trace(losses, model, TinyFit.Surrogate);

    private static ILoss Made(string name) => RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>(name);

    private static PreparedSweep Recorded(ModelDefinition model, double current)
    {
        var run = EngineRun.Of(model, "exponential-euler", TimeStep, 400, _ => current, Cell);
        return Of([.. Enumerable.Repeat(current, 4000)], run["V"], SpikesOf(run));
    }

    private static PreparedSweep Of(double[] current, double[] potential, int[] spikes) =>
        new(1, TimeStep, current, potential, [.. current.Select(static _ => true)], spikes, potential[0]);

    private static int[] SpikesOf(EngineRun run) => [.. run.Spikes.Select(static s => (int)Math.Round(s / TimeStep))];
}
