using System.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Symbolics;

namespace BrainModular.Bench.Startup;

/// <summary>How long it takes to make a running step of a neuron model.</summary>
/// <param name="Name">The model.</param>
/// <param name="Seconds">Of each time.</param>
internal sealed record NeuronCompilation(string Name, IReadOnlyList<double> Seconds)
{
    /// <summary>All models of the built-in plugin that define themselves by their settings alone, each so many times, after one that does not count.</summary>
    public static IReadOnlyList<NeuronCompilation> All(int times)
    {
        var catalog = DefaultCatalog.Of(new NeuronsPlugin());
        return [.. catalog.NamesOf<INeuronModel>().Select(name => new NeuronCompilation(name, [.. Enumerable.Range(0, times + 1).Select(_ => Once(catalog, name)).Skip(1)]))];
    }

    private static unsafe double Once(DefaultCatalog catalog, string name)
    {
        var watch = Stopwatch.StartNew();
        var model = ModelTracer.Trace(name, catalog.Create<INeuronModel>(name), catalog.Create<ISurrogate>("sigmoid"));
        var integrator = Integrator.All.First(static i => i.Name == "exponential-euler");
        var step = StepFunction.Build(model, new StepOptions(0.1, integrator));
        foreach (var function in new[] { step.Prologue, step.Step })
        {
            var kernel = KernelCompiler.Compile(function, Precision.Single);
            using var rows = new RowBuffer(kernel.Function.Inputs.Count + kernel.Function.Outputs.Count, 16, Precision.Single);
            using var table = new RowTable((int)rows.Rows);
            for (var i = 0; i < rows.Rows; i++)
            {
                table.Set(i, rows.Row(i));
            }

            kernel.Run(table.Pointers, 16);
        }

        return watch.Elapsed.TotalSeconds;
    }
}
