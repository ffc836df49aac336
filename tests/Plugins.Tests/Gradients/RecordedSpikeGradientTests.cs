using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Plugins.Losses;
using BrainModular.Plugins.Neurons;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Gradients;

/// <summary>Models that recorded spikes reset have smooth losses: the gradient is the derivative with spikes as they are, no surrogate in it.</summary>
public sealed class RecordedSpikeGradientTests
{
    private const int Steps = 3000;

    [Theory]
    [InlineData("gif-pozzorini", "spike-likelihood")]
    [InlineData("gif-pozzorini coupling=voltage firing=escape", "spike-likelihood")]
    [InlineData("gif-pozzorini coupling=voltage slope=lowering", "voltage-mean-squared-error")]
    [InlineData("gif-pozzorini coupling=voltage slope=lowering", "threshold-violation")]
    [InlineData("gif-pozzorini firing=median", "threshold-violation")]
    [InlineData("leaky-integrate-and-fire", "threshold-violation")]
    [InlineData("generalized-integrate-and-fire", "threshold-violation")]
    [InlineData("glif", "threshold-violation")]
    [InlineData("mihalas-niebur", "threshold-violation")]
    [InlineData("gif-pozzorini potassium=gated", "voltage-mean-squared-error")]
    [InlineData("leaky-integrate-and-fire", "voltage-mean-squared-error")]
    [InlineData("generalized-integrate-and-fire", "voltage-mean-squared-error")]
    [InlineData("glif", "voltage-mean-squared-error")]
    [InlineData("adaptive-exponential-integrate-and-fire", "voltage-mean-squared-error")]
    [InlineData("izhikevich", "voltage-mean-squared-error")]
    public void The_gradient_is_the_derivative(string neuron, string loss)
    {
        using var subject = new Subject(neuron, loss);
        var (value, gradient) = subject.Run(subject.Start, withGradient: true);
        Assert.True(gradient.Count(static g => Math.Abs(g) > 1e-9) >= 3, "hardly any parameter matters");
        for (var p = 0; p < gradient.Length; p++)
        {
            var numeric = subject.Difference(p);
            var scale = Math.Max(Math.Abs(numeric), 1e-3 * value / Math.Max(Math.Abs(subject.Start[p]), 1e-3));
            Assert.True(Math.Abs(gradient[p] - numeric) <= 1e-6 * scale, $"{subject.Names[p]}: {gradient[p]} against {numeric}");
        }
    }

    [Fact]
    public void The_likelihood_of_a_constant_hazard_is_that_of_a_Poisson_process_with_dead_time()
    {
        using var subject = new Subject("gif-pozzorini currents=0 thresholds=0", "spike-likelihood");
        var values = subject.Start.ToArray();
        void Set(string name, double value) => values[subject.Names.ToList().IndexOf(name)] = value;
        Set("EL", -60);
        Set("Vreset", -60);
        Set("VTstar", -60);
        Set("lambda0", 0.02);
        Set("gL", 1e9);
        Set("C", 1e-3);

        // Five spikes, after each of which 4 ms are left out; all other steps of 0.1 ms have the hazard 0.02 per ms.
        var left = Steps - (5 * 40) - 5;
        var expected = ((left * 0.02 * 0.1) - (5 * Math.Log(1 - Math.Exp(-0.02 * 0.1)))) / 0.1 / Steps;
        Assert.Equal(expected, subject.Run(values, withGradient: false).Loss, 1e-9 * expected);
    }

    [Fact]
    public void A_model_that_nothing_resets_is_refused()
    {
        var fault = Assert.Throws<Diagnostics.DiagnosticException>(() => new Subject("hodgkin-huxley", "voltage-mean-squared-error"));
        Assert.Equal("BM2312", fault.Diagnostics[0].Id);
    }

    [Fact]
    public void The_distance_from_threshold_of_a_model_that_spikes_by_chance_is_refused()
    {
        var fault = Assert.Throws<Diagnostics.DiagnosticException>(() => new Subject("gif-pozzorini firing=escape", "threshold-violation"));
        Assert.Equal("BM4308", fault.Diagnostics[0].Id);
    }

    private sealed class Subject : IDisposable
    {
        private const double TimeStep = 0.1;
        private readonly TrainingProgram program;
        private readonly Trace trace;
        private readonly double width;

        public Subject(string neuron, string lossName)
        {
            // The second derivative of violations jumps where a step comes to the right side of the threshold.
            width = lossName == "threshold-violation" ? 1e-6 : 1e-4;
            var catalog = RecordingCatalog.Of(new NeuronsPlugin());
            var surrogate = catalog.Create<ISurrogate>("sigmoid");
            var words = neuron.Split(' ');
            var model = ModelTracer.Trace(
                neuron, catalog.Create<INeuronModel>(words[0], [.. words.Skip(1).Select(static w => w.Split('=')).Select(static w => (w[0], (object)(int.TryParse(w[1], out var n) ? n : w[1])))]), surrogate);
            var loss = ModelTracer.Trace(lossName, RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>(lossName), model, surrogate);
            var options = new StepOptions(
                TimeStep, Integrator.All.First(static i => i.Name == "exponential-euler"), SharedInputs: true, RecordedSpikes: true,
                Bindings: model.Parameters.Where(static p => p.Name != "tref").ToDictionary(static p => p.Name, static _ => ParameterBinding.PerElement));
            program = new(TrainingFunctions.Derive(StepFunction.Build(model, loss, null, options)), TimeStep, Precision.Double, CompileOptions.Default);
            Start = [.. Names.Select(n => model.FindParameter(n)!.Default.InEngineUnits)];
            trace = new(
                Steps,
                new Dictionary<string, double[]>
                {
                    ["I"] = [.. Enumerable.Range(0, Steps).Select(static t => 0.1 * (1 + Math.Sin(t / 150.0)))],
                    ["data.V"] = [.. Enumerable.Range(0, Steps).Select(static t => -60 + (5 * Math.Sin(t / 90.0)))],
                    ["data.spike"] = [.. Enumerable.Range(0, Steps).Select(static t => t is 400 or 700 or 1300 or 1350 or 2500 ? 1.0 : 0)],
                    ["weight"] = [.. Enumerable.Repeat(1.0 / Steps, Steps)],
                },
                new Dictionary<string, double>(),
                Precision.Double);
        }

        public IReadOnlyList<string> Names => program.Functions.Parameters;

        public double[] Start { get; }

        public void Dispose() => trace.Dispose();

        /// <summary>Richardson's extrapolation of central differences.</summary>
        public double Difference(int parameter)
        {
            var h = width * (Start[parameter] == 0 ? 1 : Math.Abs(Start[parameter]));
            return ((4 * Central(parameter, h / 2)) - Central(parameter, h)) / 3;
        }

        public (double Loss, double[] Gradient) Run(double[] parameters, bool withGradient)
        {
            using var run = new BackpropagationThroughTime(program, trace, lanes: 1, long.MaxValue);
            var (loss, gradient) = (new double[1], parameters.Select(static _ => new double[1]).ToArray());
            run.Run([.. parameters.Select(static v => new[] { v })], loss, withGradient ? gradient : null);
            return (loss[0], [.. gradient.Select(static g => g[0])]);
        }

        private double Central(int parameter, double h)
        {
            double At(double shift)
            {
                var moved = Start.ToArray();
                moved[parameter] += shift;
                return Run(moved, withGradient: false).Loss;
            }

            return (At(h) - At(-h)) / (2 * h);
        }
    }
}
