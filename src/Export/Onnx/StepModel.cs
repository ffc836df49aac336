using BrainModular.Engine.Ir;
using BrainModular.Engine.Steps;

namespace BrainModular.Export.Onnx;

/// <summary>What is exported: one population's step with its parameters' values. All numbers are in engine units (mV, ms, nA, ...).</summary>
/// <param name="Population">The population's name, a part of the names of inputs and outputs.</param>
/// <param name="NeuronType">The name of its model, which becomes the name of the function in the file.</param>
/// <param name="Step">The step, not lowered to a processor. Every state <c>S</c> that it reads has an output <c>S.next</c>, its value at the step's end.</param>
/// <param name="Units">How many units the population has.</param>
/// <param name="TimeStep">The length of the step, ms.</param>
public sealed record StepModel(string Population, string NeuronType, IrFunction Step, int Units, double TimeStep)
{
    /// <summary>The value of every parameter that the step reads: one number for all units, or one for each.</summary>
    public required IReadOnlyDictionary<string, double[]> Parameters { get; init; }

    /// <summary>Each state's value at time 0, for all units or for each.</summary>
    public required IReadOnlyDictionary<string, double[]> Initial { get; init; }

    /// <summary>What the step gives beside the states: spikes and other observables.</summary>
    public required IReadOnlyList<StepOutput> Outputs { get; init; }

    /// <summary>Further entries for the file's metadata, such as seed and provenance; keys without the prefix <c>brainmodular.</c></summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The names of the states in the order of rows.</summary>
    public IReadOnlyList<string> States => [.. Rows(IrInputKind.State).Select(static row => row.Name)];

    /// <summary>The step's input rows of a kind.</summary>
    public IEnumerable<IrInput> Rows(IrInputKind kind) => Step.Inputs.Where(row => row.Kind == kind);

    /// <summary>The unit of an input row or a state.</summary>
    public string UnitOf(string row) => EngineUnit.Of(Step.Inputs.First(input => input.Name == row).Dimension);

    /// <summary>A model's step with the engine's split into what runs once and what runs at every step undone.</summary>
    /// <param name="function">The step, its parameters bound as inputs so that the file shows them; those bound as constants are folded in.</param>
    /// <param name="population">The population's name.</param>
    /// <param name="units">How many units it has.</param>
    /// <param name="timeStep">The length of the step for which the function was built, ms.</param>
    /// <param name="parameters">The values of the parameters that are inputs.</param>
    /// <param name="initial">Each state's value at time 0.</param>
    public static StepModel From(
        StepFunction function, string population, int units, double timeStep,
        IReadOnlyDictionary<string, double[]> parameters, IReadOnlyDictionary<string, double[]> initial) =>
        new(population, function.Model.Name, Whole(function, function.Step.Outputs, static row => row), units, timeStep)
        {
            Parameters = parameters,
            Initial = initial,
            Outputs =
            [
                .. function.Model.Spikes.Select(static spike => new StepOutput(spike.Name, "1", IsEvent: true)),
                .. function.Model.Outputs.Select(static output => new StepOutput(output.Name, EngineUnit.Of(output.Unit.Dimension), IsEvent: false)),
            ],
        };

    /// <summary>The step as one function, what runs once included.</summary>
    /// <param name="function">The step.</param>
    /// <param name="outputs">Those of its outputs that are wanted.</param>
    /// <param name="rows">What an input row becomes.</param>
    internal static IrFunction Whole(StepFunction function, IEnumerable<IrOutput> outputs, Func<IrInput, IrInput> rows)
    {
        var graph = new IrGraph();
        var done = new Dictionary<IrNode, IrNode>();
        IrOutput[] wanted = [.. outputs.Select(output => new IrOutput(output.Name, Rebuilt(output.Node)))];
        var used = IrFunction.Reachable(wanted.Select(static output => output.Node)).Select(static node => node.Input).OfType<IrInput>().ToHashSet();
        var inputs = function.Step.Inputs.Where(static row => row.Kind != IrInputKind.Invariant).Concat(function.Prologue.Inputs).Distinct().Select(rows);
        return IrVerifier.Check(new IrFunction(function.Step.Name, [.. inputs.Where(row => row.Kind == IrInputKind.State || used.Contains(row))], wanted));

        IrNode Rebuilt(IrNode root)
        {
            foreach (var node in IrFunction.Reachable([root]).Where(node => !done.ContainsKey(node)))
            {
                done[node] = node.Input switch
                {
                    { Kind: IrInputKind.Invariant } invariant => Rebuilt(function.Prologue.Output(invariant.Name)),
                    { } row => graph.Input(rows(row)),
                    null => graph.Like(node, [.. node.Operands.Select(operand => done[operand])]),
                };
            }

            return done[root];
        }
    }
}

/// <summary>An output of the step: spikes (0 or 1) where <paramref name="IsEvent"/>, else a value.</summary>
public sealed record StepOutput(string Name, string Unit, bool IsEvent);
