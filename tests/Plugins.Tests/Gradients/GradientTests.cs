using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Plugins.Losses;
using BrainModular.Plugins.Neurons;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Gradients;

/// <summary>Every neuron model with every integrator, in smooth mode, against central differences of its own loss.</summary>
public sealed class GradientTests
{
    private const int Steps = 200;

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var integrator in Integrator.All)
        {
            foreach (var neuron in NeuronCase.All)
            {
                cases.Add(neuron.Name, integrator.Name);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_adjoint_is_the_derivative_of_the_smooth_loss(string neuron, string integrator)
    {
        using var subject = new Subject(neuron, integrator, memoryBudget: long.MaxValue);
        var gradient = subject.Gradient(subject.Start);
        Assert.Contains(gradient, static g => Math.Abs(g) > 1e-9);
        for (var p = 0; p < gradient.Length; p++)
        {
            var numeric = subject.CentralDifference(p);
            Assert.True(Math.Abs(gradient[p] - numeric) <= 1e-6 * Math.Max(subject.Scale(p), Math.Abs(numeric)), $"{subject.Names[p]}: {gradient[p]} against {numeric}");
        }
    }

    [Theory]
    [MemberData(nameof(NeuronCase.Names), MemberType = typeof(NeuronCase))]
    public void The_adjoint_goes_through_the_states_of_a_loss_that_filters_spikes(string neuron)
    {
        using var subject = new Subject(neuron, "exponential-euler", memoryBudget: long.MaxValue, RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>("spike-aware"));
        var gradient = subject.Gradient(subject.Start);
        Assert.Contains(gradient, static g => Math.Abs(g) > 1e-9);
        for (var p = 0; p < gradient.Length; p++)
        {
            var numeric = subject.CentralDifference(p);
            Assert.True(Math.Abs(gradient[p] - numeric) <= 1e-6 * Math.Max(subject.Scale(p), Math.Abs(numeric)), $"{subject.Names[p]}: {gradient[p]} against {numeric}");
        }
    }

    [Theory]
    [InlineData("generalized-integrate-and-fire")]
    [InlineData("hodgkin-huxley")]
    public void Running_segments_again_gives_the_same_bits_as_storing_all_states(string neuron)
    {
        using var stored = new Subject(neuron, "exponential-euler", memoryBudget: long.MaxValue);
        using var again = new Subject(neuron, "exponential-euler", memoryBudget: 0);
        Assert.Equal(stored.Gradient(stored.Start), again.Gradient(again.Start));
    }

    private sealed class Subject : IDisposable
    {
        private readonly TrainingProgram program;
        private readonly Trace trace;
        private readonly long memoryBudget;

        public Subject(string neuron, string integrator, long memoryBudget, ILoss? filtering = null)
        {
            this.memoryBudget = memoryBudget;
            var surrogate = RecordingCatalog.Of(new NeuronsPlugin()).Create<BrainModular.Models.ISurrogate>("sigmoid");
            var subject = NeuronCase.Of(neuron);
            var model = subject.Model(surrogate);
            var loss = ModelTracer.Trace("loss", filtering ?? new SquaredError(), model, surrogate);
            // A refractory period is a count of whole steps: it has no derivative, and a smooth spike would set it to a fraction.
            var options = new StepOptions(
                subject.TimeStep, Integrator.All.First(i => i.Name == integrator), Bindings: model.Parameters.Where(static p => p.Name != "tref").ToDictionary(static p => p.Name, static _ => ParameterBinding.PerElement), Smooth: true, Values: new Dictionary<string, double> { ["tref"] = 0 });
            program = new(TrainingFunctions.Derive(StepFunction.Build(model, loss, null, options)), subject.TimeStep, Precision.Double, CompileOptions.Default);
            Names = program.Functions.Parameters;
            Start = [.. Names.Select(n => model.FindParameter(n)!.Default.InEngineUnits)];
            trace = new(
                Steps,
                new Dictionary<string, double[]>
                {
                    [model.Ports[0].Name] = [.. Enumerable.Range(0, Steps).Select(t => subject.Smooth * (1 + Math.Sin(t / 15.0)))],
                    ["data.V"] = [.. Enumerable.Range(0, Steps).Select(static t => -60 + (10 * Math.Sin(t / 9.0)))],
                    ["data.spike"] = [.. Enumerable.Range(0, Steps).Select(static t => t is 40 or 130 ? 1.0 : 0)],
                    ["weight"] = [.. Enumerable.Repeat(1.0 / Steps, Steps)],
                },
                new Dictionary<string, double>(),
                Precision.Double);
        }

        public IReadOnlyList<string> Names { get; }

        public double[] Start { get; }

        public void Dispose() => trace.Dispose();

        public double Scale(int parameter) => Loss(Start) / Math.Max(Math.Abs(Start[parameter]), 1e-3) * 1e-2;

        public double Loss(double[] parameters) => Run(parameters, false).Loss;

        public double[] Gradient(double[] parameters) => Run(parameters, true).Gradient;

        /// <summary>Richardson's extrapolation of central differences, as wide as the loss needs to move by more than its rounding.</summary>
        public double CentralDifference(int parameter)
        {
            var size = Start[parameter] == 0 ? 1e-2 : Math.Abs(Start[parameter]);
            var h = 1e-5 * size;
            while (h < 1e-3 * size && Math.Abs(Difference(parameter, h) * h) < 1e-8 * Loss(Start))
            {
                h *= 10;
            }

            return ((4 * Difference(parameter, h)) - Difference(parameter, 2 * h)) / 3;
        }

        private double Difference(int parameter, double h)
        {
            var (up, down) = (Start.ToArray(), Start.ToArray());
            up[parameter] += h;
            down[parameter] -= h;
            return (Loss(up) - Loss(down)) / (2 * h);
        }

        private (double Loss, double[] Gradient) Run(double[] parameters, bool withGradient)
        {
            using var run = new BackpropagationThroughTime(program, trace, lanes: 1, memoryBudget);
            var loss = new double[1];
            double[][] gradient = [.. parameters.Select(static _ => new double[1])];
            run.Run([.. parameters.Select(static p => new[] { p })], loss, withGradient ? gradient : null);
            return (loss[0], [.. gradient.Select(static g => g[0])]);
        }
    }

    private sealed class SquaredError : ILoss
    {
        public void Define(ILossScope scope)
        {
            var error = scope.Model("V") - scope.Data("V");
            scope.Add(error * error, Symbolics.Units.mV * Symbolics.Units.mV);
        }
    }
}
