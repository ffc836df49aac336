using System.Numerics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Export.Checking;
using BrainModular.Export.Onnx;

namespace BrainModular.Export.Tests.Fixtures;

/// <summary>Runs a step by the evaluator, number by number.</summary>
internal static class Trajectories
{
    /// <summary>A run with random inputs: small multiples of 1/64, so that float32 holds them exactly.</summary>
    public static ReferenceTrajectory Run<T>(StepModel model, int steps, int seed)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new System.Random(seed);
        return Run<T>(model, steps, _ => random.Next(0, 128) / 64.0) with { Name = $"seed {seed}" };
    }

    /// <summary>A run in which every row reads the same function of the step.</summary>
    public static ReferenceTrajectory Run<T>(StepModel model, int steps, Func<int, double> input)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var rows = model.Rows(IrInputKind.Signal).Concat(model.Rows(IrInputKind.Noise))
            .ToDictionary(row => row.Name, _ => Enumerable.Range(0, steps * model.Units).Select(index => input(index / model.Units)).ToArray());
        var states = model.States.ToDictionary(state => state, state => new double[(steps + 1) * model.Units]);
        var events = model.Outputs.Where(output => output.IsEvent).ToDictionary(output => output.Name, _ => new double[steps * model.Units]);
        for (var unit = 0; unit < model.Units; unit++)
        {
            foreach (var (state, values) in states)
            {
                values[unit] = PerUnit(model.Initial[state], unit);
            }

            for (var step = 0; step < steps; step++)
            {
                var at = (step * model.Units) + unit;
                var results = Evaluator.Evaluate<T>(model.Step, row => row.Kind switch
                {
                    IrInputKind.State => states[row.Name][at],
                    IrInputKind.Parameter => PerUnit(model.Parameters[row.Name], unit),
                    IrInputKind.Time => step * model.TimeStep,
                    _ => rows[row.Name][at],
                });
                foreach (var (state, values) in states)
                {
                    values[at + model.Units] = results[$"{state}.next"];
                }

                foreach (var (name, values) in events)
                {
                    values[at] = results[name];
                }
            }
        }

        return new ReferenceTrajectory("function", steps, rows, states, events);
    }

    /// <summary>A run of the engine, products and sums not contracted, with the same random inputs.</summary>
    public static ReferenceTrajectory OfEngine(StepModel model, Precision precision, KernelBackend backend, int steps, int seed)
    {
        var random = new System.Random(seed);
        var rows = model.Rows(IrInputKind.Signal).ToDictionary(row => row.Name, _ => Enumerable.Range(0, steps * model.Units).Select(_ => random.Next(0, 128) / 64.0).ToArray());
        var states = model.States.ToDictionary(state => state, state => Enumerable.Range(0, model.Units).Select(unit => PerUnit(model.Initial[state], unit)).ToList());
        var events = model.Outputs.Where(output => output.IsEvent).ToDictionary(output => output.Name, _ => new List<double>());
        using var kernel = new EngineKernel(model.Step, precision, backend, model.Units);
        for (var step = 0; step < steps; step++)
        {
            var results = kernel.Run(row => row.Kind switch
            {
                IrInputKind.State => [.. states[row.Name].Skip(step * model.Units)],
                IrInputKind.Parameter => [.. Enumerable.Range(0, model.Units).Select(unit => PerUnit(model.Parameters[row.Name], unit))],
                _ => rows[row.Name][(step * model.Units)..((step + 1) * model.Units)],
            });
            foreach (var (state, values) in states)
            {
                values.AddRange(results[$"{state}.next"]);
            }

            foreach (var (name, values) in events)
            {
                values.AddRange(results[name]);
            }
        }

        return new ReferenceTrajectory($"engine, seed {seed}", steps, rows, states.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray()),
            events.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray()));
    }

    private static double PerUnit(double[] values, int unit) => values.Length == 1 ? values[0] : values[unit];
}
