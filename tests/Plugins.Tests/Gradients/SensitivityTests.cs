using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Plugins.Losses;
using BrainModular.Plugins.Neurons;
using BrainModular.Symbolics;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Gradients;

/// <summary>Forward sensitivities of every neuron model: residuals, their Jacobian and its products.</summary>
public sealed class SensitivityTests
{
    private const int Steps = 200;

    [Theory]
    [MemberData(nameof(NeuronCase.Names), MemberType = typeof(NeuronCase))]
    public void The_Jacobian_of_a_residual_is_its_central_difference(string neuron)
    {
        using var subject = new Subject(neuron, "voltage-mean-squared-error", smooth: true);
        foreach (var sample in (int[])[30, 120, Steps - 1])
        {
            // With one sample weighted J'J is the product of one row with itself.
            subject.Weigh(sample);
            var at = subject.Run(subject.Start);
            var residual = Math.Sqrt(at.Loss[0]);
            for (var p = 0; p < subject.Start.Length; p++)
            {
                var (derivative, numeric) = (at.Gradient[p][0] / residual, subject.Difference(p, static s => Math.Sqrt(s.Loss[0])));
                var scale = Math.Max(1e-2 * residual / Math.Max(Math.Abs(subject.Start[p]), 1e-3), Math.Abs(numeric));
                Assert.True(Math.Abs(derivative - numeric) <= 1e-6 * scale, $"{subject.Names[p]} at {sample}: {derivative} against {numeric}");
                for (var q = 0; q < subject.Start.Length; q++)
                {
                    var expected = derivative * at.Gradient[q][0] / residual;
                    Assert.Equal(expected, at.Products[p][q][0], 1e-9 * Math.Abs(expected));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Gradient_and_loss_are_those_of_backpropagation_and_products_those_of_single_samples(string neuron, string loss)
    {
        using var subject = new Subject(neuron, loss, smooth: false);
        subject.Weigh([.. Enumerable.Range(0, Steps).Select(static t => t % 3 / 2.0)]);
        var at = subject.Run(subject.Start);
        var (expected, gradient) = subject.Backpropagated();
        Assert.Equal(expected, at.Loss[0], 1e-11 * expected);
        var scale = gradient.Zip(subject.Start).Max(static g => Math.Abs(g.First * g.Second));
        Assert.True(scale > 1e-6);
        for (var p = 0; p < gradient.Length; p++)
        {
            var of = Math.Max(Math.Abs(gradient[p]), 1e-5 * scale / Math.Max(Math.Abs(subject.Start[p]), 1e-3));
            Assert.True(Math.Abs((2 * at.Gradient[p][0]) - gradient[p]) <= 1e-9 * of, $"{subject.Names[p]}: {2 * at.Gradient[p][0]} against {gradient[p]}");
        }
    }

    public static TheoryData<string, string> Losses
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var neuron in NeuronCase.All.Select(static c => c.Name))
            {
                data.Add(neuron, "voltage-mean-squared-error");
                data.Add(neuron, "spike-aware");
            }

            data.Add("leaky-integrate-and-fire", "van-rossum");
            data.Add("leaky-integrate-and-fire", "spike-coincidence");
            data.Add("leaky-integrate-and-fire", "threshold-violation");
            return data;
        }
    }

    [Theory]
    [InlineData("hodgkin-huxley")]
    [InlineData("morris-lecar")]
    public void Where_no_residual_is_left_twice_the_products_are_the_Hessian(string neuron)
    {
        // The trace to be met is the model's own.
        using var subject = new Subject(neuron, "voltage-mean-squared-error", smooth: true, ownTarget: true);
        subject.Weigh([.. Enumerable.Repeat(1.0, Steps)]);
        var at = subject.Run(subject.Start);
        Assert.Equal(0, at.Loss[0]);
        var largest = subject.Start.Select((v, p) => v * v * at.Products[p][p][0]).Max();
        for (var p = 0; p < subject.Start.Length; p++)
        {
            for (var q = 0; q < subject.Start.Length; q++)
            {
                var numeric = subject.Difference(p, s => 2 * s.Gradient[q][0], narrowest: 2e-4);
                var scale = Math.Max(Math.Sqrt(at.Products[p][p][0] * at.Products[q][q][0]), 1e-6 * largest / Math.Max(Math.Abs(subject.Start[p] * subject.Start[q]), 1e-6));
                Assert.True(Math.Abs((2 * at.Products[p][q][0]) - numeric) <= 1e-6 * scale, $"{subject.Names[p]}, {subject.Names[q]}: {2 * at.Products[p][q][0]} against {numeric}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(NeuronCase.Names), MemberType = typeof(NeuronCase))]
    public void Every_lane_has_the_bits_that_it_has_alone_and_machine_code_those_of_the_interpreter(string neuron)
    {
        using var subject = new Subject(neuron, "spike-aware", smooth: false);
        using var interpreted = new Subject(neuron, "spike-aware", smooth: false, backend: KernelBackend.Interpreter);
        double[][] values = [.. subject.Start.Select((v, p) => Enumerable.Range(0, 5).Select(lane => v * (1 + (0.003 * lane * (p % 2 == 0 ? 1 : -1)))).ToArray())];
        var (together, other) = (subject.Run(values), interpreted.Run(values));
        for (var lane = 0; lane < 5; lane++)
        {
            var alone = subject.Run([.. values.Select(v => v[lane])]);
            Assert.Equal(alone.Loss[0], together.Loss[lane]);
            for (var p = 0; p < values.Length; p++)
            {
                Assert.Equal(alone.Gradient[p][0], together.Gradient[p][lane]);
                Assert.Equal(other.Gradient[p][lane], together.Gradient[p][lane]);
                Assert.Equal(alone.Products[p].Select(static v => v[0]), together.Products[p].Select(v => v[lane]));
            }
        }
    }

    [Fact]
    public void What_a_loss_does_not_choose_may_be_infinite()
    {
        // Where there is no spike to divide by, the squared error itself stands in, so that it is that error everywhere.
        using var chosen = new Subject("leaky-integrate-and-fire", "chosen", smooth: false);
        using var plain = new Subject("leaky-integrate-and-fire", "voltage-mean-squared-error", smooth: false);
        double[] weights = [.. Enumerable.Range(0, Steps).Select(static t => t % 3 / 2.0)];
        chosen.Weigh(weights);
        plain.Weigh(weights);
        var (at, expected) = (chosen.Run(chosen.Start), plain.Run(plain.Start));
        Assert.True(expected.Loss[0] > 1);
        Assert.Equal(expected.Loss[0], at.Loss[0], 1e-12 * expected.Loss[0]);
        Assert.Equal(plain.Names, chosen.Names);
        for (var p = 0; p < plain.Start.Length; p++)
        {
            Assert.Equal(expected.Gradient[p][0], at.Gradient[p][0], 1e-10 * Math.Abs(expected.Gradient[p][0]));
        }
    }

    [Theory]
    [InlineData("spike-likelihood", "gif-pozzorini coupling=voltage slope=lowering")]
    [InlineData("absolute", "leaky-integrate-and-fire")]
    [InlineData("negative", "leaky-integrate-and-fire")]
    public void A_loss_that_is_no_sum_of_squares_is_refused_with_a_cure(string loss, string neuron)
    {
        var fault = Assert.Throws<DiagnosticException>(() => new Subject(neuron, loss, smooth: false)).Diagnostics[0];
        Assert.Equal("BM2714", fault.Id);
        Assert.Contains("l-bfgs-b", fault.Cure, StringComparison.Ordinal);
    }

    private sealed class Subject : IDisposable
    {
        private readonly SensitivityProgram program;
        private readonly StepFunction step;
        private readonly double timeStep;
        private readonly Trace trace;

        public Subject(string neuron, string loss, bool smooth, bool ownTarget = false, KernelBackend backend = KernelBackend.Il)
        {
            var surrogate = RecordingCatalog.Of(new NeuronsPlugin()).Create<ISurrogate>("sigmoid");
            var subject = NeuronCase.Of(neuron);
            var model = subject.Model(surrogate);
            timeStep = subject.TimeStep;
            var measured = ModelTracer.Trace(loss, loss is "absolute" or "negative" ? new NoSquare(loss == "negative") : loss == "chosen" ? new Chosen() : RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>(loss), model, surrogate);
            var options = new StepOptions(
                timeStep, Integrator.All.First(static i => i.Name == "exponential-euler"), Smooth: smooth, SharedInputs: true, Values: new Dictionary<string, double> { ["tref"] = 0 },
                Bindings: model.Parameters.Where(static p => p.Name != "tref").ToDictionary(static p => p.Name, static _ => ParameterBinding.PerElement));
            program = new(SensitivityFunctions.Derive(StepFunction.BuildResiduals(model, measured, null, options)), timeStep, Precision.Double, new() { Backend = backend });
            step = StepFunction.Build(model, measured, null, options);
            Start = [.. Names.Select(n => model.FindParameter(n)!.Default.InEngineUnits)];
            var signals = new Dictionary<string, double[]>
            {
                [model.Ports[0].Name] = [.. Enumerable.Range(0, Steps).Select(t => (smooth ? subject.Smooth : subject.Hard) * (1 + Math.Sin(t / 15.0)))],
                ["data.spike"] = [.. Enumerable.Range(0, Steps).Select(static t => t is 40 or 130 ? 1.0 : 0)],
                ["data.V"] = [.. Enumerable.Range(0, Steps).Select(static t => -60 + (10 * Math.Sin(t / 9.0)))],
                ["weight"] = new double[Steps],
            };
            trace = new(Steps, signals, new Dictionary<string, double>(), Precision.Double);
            if (ownTarget)
            {
                var simulator = new Engine.Simulation.Simulator(StepFunction.Build(model, options), timeStep, Precision.Double, CompileOptions.Default, ["V"]);
                trace.SetSignal("data.V", simulator.Run(trace, Names.Zip(Start).ToDictionary(static p => p.First, static p => new[] { p.Second }), 1)["V"][0]);
            }
        }

        public IReadOnlyList<string> Names => program.Functions.Parameters;

        public double[] Start { get; }

        public void Weigh(int sample) => Weigh([.. Enumerable.Range(0, Steps).Select(t => t == sample ? 1.0 : 0)]);

        public void Weigh(double[] weights) => trace.SetSignal("weight", weights);

        public SquareSums Run(double[] parameters) => Run([.. parameters.Select(static p => new[] { p })]);

        public SquareSums Run(double[][] parameters)
        {
            using var run = new ForwardSensitivities(program, trace, parameters[0].Length);
            return run.Run(parameters);
        }

        public (double Loss, double[] Gradient) Backpropagated()
        {
            var training = new TrainingProgram(TrainingFunctions.Derive(step), timeStep, Precision.Double, CompileOptions.Default);
            using var run = new BackpropagationThroughTime(training, trace, lanes: 1, long.MaxValue);
            var (loss, gradient) = (new double[1], Names.Select(static _ => new double[1]).ToArray());
            run.Run([.. training.Functions.Parameters.Select(n => new[] { Start[Names.ToList().IndexOf(n)] })], loss, gradient);
            return (loss[0], [.. Names.Select(n => gradient[training.Functions.Parameters.ToList().IndexOf(n)][0])]);
        }

        /// <summary>Richardson's extrapolation of central differences, as wide as the value needs to move by more than its rounding.</summary>
        public double Difference(int parameter, Func<SquareSums, double> of, double narrowest = 1e-5)
        {
            var size = Start[parameter] == 0 ? 1e-2 : Math.Abs(Start[parameter]);
            var (h, value) = (narrowest * size, Math.Abs(of(Run(Start))));
            while (h < 1e-3 * size && Math.Abs(Central(h) * h) < 1e-6 * value)
            {
                h *= 10;
            }

            return ((4 * Central(h / 2)) - Central(h)) / 3;

            double Central(double width) => (At(width) - At(-width)) / (2 * width);

            double At(double shift)
            {
                var moved = Start.ToArray();
                moved[parameter] += shift;
                return of(Run(moved));
            }
        }

        public void Dispose() => trace.Dispose();
    }

    private sealed class NoSquare(bool negative) : ILoss
    {
        public void Define(ILossScope scope)
        {
            var error = scope.Model("V") - scope.Data("V");
            scope.Add(negative ? -1 * Functions.Power(error, 2) : Functions.Abs(error) * (1 * Units.mV), Units.mV * Units.mV);
        }
    }

    private sealed class Chosen : ILoss
    {
        public void Define(ILossScope scope)
        {
            var (error, spike) = (scope.Model("V") - scope.Data("V"), scope.Data("spike"));
            scope.Add(Functions.Where(spike > 0.5, Functions.Power(error / spike, 2), Functions.Power(error, 2)), Units.mV * Units.mV);
        }
    }
}
