using BrainModular.Engine.Fitting;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Plugins.Losses;
using BrainModular.Plugins.Tests.Optimizers;
using BrainModular.Symbolics;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Sums of losses.</summary>
public sealed class WeightedLossTests
{
    private static readonly RecordingCatalog Catalog = RecordingCatalog.Of(new LossesPlugin());

    [Fact]
    public void The_sum_counts_each_loss_as_a_number_in_its_unit_and_tells_of_each()
    {
        var (voltage, spikes) = (Fitted(("voltage-mean-squared-error", 1)), Fitted(("van-rossum", 1)));
        var both = Fitted(("voltage-mean-squared-error", 0.5), ("van-rossum", 30), ("voltage-mean-squared-error", 0.25));
        var (squares, distance) = (voltage.Best.Loss, Units.Hz.Export(spikes.Best.Loss));
        Assert.True(squares > 1 && distance > 0.1);
        Assert.Equal((0.75 * squares) + (30 * distance), both.Best.Loss, 1e-9 * both.Best.Loss);
        Assert.Equal([squares, spikes.Best.Loss, squares], both.Parts, static (a, b) => Math.Abs(a - b) <= 1e-9 * a);
        Assert.Empty(voltage.Parts);
    }

    [Fact]
    public void Names_are_told_apart_and_a_common_unit_is_kept()
    {
        var mixed = Plan(("van-rossum", 1), ("voltage-mean-squared-error", 1), ("van-rossum", 3));
        Assert.Equal(["van-rossum", "voltage-mean-squared-error", "van-rossum-2"], mixed.Losses.Select(static l => l.Name));
        Assert.Equal("1", mixed.Loss.Unit.Symbol);
        Assert.Equal("mV^2", Plan(("spike-aware", 1), ("voltage-mean-squared-error", 2)).Loss.Unit.Symbol);
    }

    [Fact]
    public void The_gradient_is_that_of_the_sum_by_central_differences()
    {
        var plan = Plan(("voltage-mean-squared-error", 0.5), ("van-rossum", 20), ("spike-coincidence", 3));
        var stimulus = FitPlan.StimulusPort(plan.Model);
        var options = new StepOptions(
            TinyFit.TimeStep, plan.Integrator, new Dictionary<string, double> { ["tref"] = 0 }, Smooth: true, SharedInputs: true, Bindings: plan.Free.ToDictionary(static f => f.Name, static _ => ParameterBinding.PerElement));
        var step = StepFunction.Build(plan.Model, plan.Loss, null, options);
        var program = new TrainingProgram(TrainingFunctions.Derive(step), TinyFit.TimeStep, Precision.Double, CompileOptions.Default);
        var squares = new SensitivityProgram(SensitivityFunctions.Derive(StepFunction.BuildResiduals(plan.Model, plan.Loss, null, options)), TinyFit.TimeStep, Precision.Double, CompileOptions.Default);
        var sweep = plan.Train[0];
        using var trace = new Trace(
            sweep.Steps,
            new Dictionary<string, double[]>
            {
                [stimulus] = sweep.Current,
                ["data.V"] = sweep.Potential,
                ["data.spike"] = [.. sweep.Current.Select((_, t) => sweep.Spikes.Contains(t) ? 1.0 : 0)],
                ["weight"] = [.. sweep.Current.Select(static _ => 0.01)],
            },
            new Dictionary<string, double>(),
            Precision.Double);
        double[] at = [.. program.Functions.Parameters.Select(n => plan.Model.FindParameter(n)!.Default.InEngineUnits)];
        var (loss, gradient) = Run(at);
        using var forward = new ForwardSensitivities(squares, trace, 1);
        var sums = forward.Run([.. squares.Functions.Parameters.Select(n => new[] { at[program.Functions.Parameters.ToList().IndexOf(n)] })]);
        Assert.Equal(loss, sums.Loss[0], 1e-10 * loss);
        for (var p = 0; p < at.Length; p++)
        {
            var h = 1e-4 * Math.Abs(at[p]);
            var numeric = ((4 * Central(p, h / 2)) - Central(p, h)) / 3;
            Assert.True(Math.Abs(gradient[p] - numeric) <= 1e-6 * Math.Abs(numeric), $"{program.Functions.Parameters[p]}: {gradient[p]} against {numeric}");
            Assert.Equal(gradient[p], 2 * sums.Gradient[squares.Functions.Parameters.ToList().IndexOf(program.Functions.Parameters[p])][0], 1e-8 * Math.Abs(gradient[p]));
        }

        double Central(int p, double h) => (Moved(p, h) - Moved(p, -h)) / (2 * h);

        double Moved(int p, double by)
        {
            var moved = at.ToArray();
            moved[p] += by;
            return Run(moved).Loss;
        }

        (double Loss, double[] Gradient) Run(double[] values)
        {
            using var run = new BackpropagationThroughTime(program, trace, 1, long.MaxValue);
            var (sum, slopes) = (new double[1], values.Select(static _ => new double[1]).ToArray());
            run.Run([.. values.Select(static v => new[] { v })], sum, slopes);
            return (sum[0], [.. slopes.Select(static s => s[0])]);
        }
    }

    private static FitResult Fitted(params (string Name, double Weight)[] losses)
    {
        using var fit = new RecordingFit(Plan(losses) with { Free = [] });
        return fit.Run(static _ => { });
    }

    /// <summary>A cell that fires beside a recording that does, too.</summary>
    private static FitPlan Plan(params (string Name, double Weight)[] losses)
    {
        var plan = TinyFit.Plan(starts: 1);
        return plan with
        {
            Loss = ModelTracer.Trace([.. losses.Select(static l => new WeightedLoss(l.Name, Catalog.Create<ILoss>(l.Name), l.Weight))], plan.Model, TinyFit.Surrogate),
            Train = [.. plan.Train.Select(static s => s with { Current = [.. s.Current.Select(static i => 0.3 + i)], Spikes = [60, 110, 190] })],
            Optimizer = static () => Drive.Create("levenberg-marquardt"),
        };
    }
}
