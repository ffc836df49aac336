using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Host.Composition.Networks;
using BrainModular.Host.Configuration;
using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;

namespace BrainModular.Host.Composition.Simulations;

/// <summary>Puts the simulation of a network together from its configuration: network, inputs, what is recorded. Every fault is collected.</summary>
internal sealed class SimulationComposer(ComponentFactory components, Faults faults, EdgeLimit limit)
{
    private const int MostSteps = 1 << 30;
    private const double Tolerance = 1e-6;

    /// <param name="config">The stage.</param>
    /// <param name="trained">The training whose network it takes; null for none, or one with faults.</param>
    /// <param name="fitted">What fits give to cells and units.</param>
    /// <param name="random">The stage's random stream.</param>
    /// <returns>The simulation, or null where faults keep it from being run.</returns>
    public ComposedSimulation? Compose(SimulationConfig config, ComposedTraining? trained, FittedCells fitted, IRandomStream random)
    {
        var before = faults.Found.Count;
        CheckKeys(config);
        if ((config.Network ?? trained?.Origin.Config) is not { } network)
        {
            return null;
        }

        var timeStep = network.TimeStep.InEngineUnits;
        var (task, shape) = Task(config, network, trained);
        var steps = shape?.Steps ?? (HasTask(config) ? null : Steps(config, timeStep));
        var notes = new List<string>();
        var inputs = new InputComposer(timeStep, steps ?? 1, faults, notes);
        var ends = Ends(config, trained, shape, inputs);
        var composed = trained?.Network
            ?? new NetworkComposer(components, faults, limit).Compose(network, ends, config.Surrogate, fitted, random.Split("network"));
        if (composed is null || steps is null || faults.Found.Count > before)
        {
            return null;
        }

        notes.InsertRange(0, composed.Notes);
        var signals = Signals(config, composed, inputs, task is null ? null : new TaskInput(task, shape!));
        var variables = new VariableComposer(composed.Definition, steps.Value, config.Trials, faults).Compose(config);
        var (bin, firstCounted) = (RateBin(config, timeStep), FirstCounted(config, timeStep, steps.Value));
        var precision = network.Stepping.IsDouble ? Precision.Double : Precision.Single;
        if (faults.Found.Count > before || Program(composed.Definition, precision, variables, network) is not { } program)
        {
            return null;
        }

        return new(config, program, steps.Value, signals!, bin, variables, notes)
        {
            Trained = trained,
            Shape = shape,
            FirstCounted = firstCounted,
            Again = trained is null && FittedCells.Needs(network) ? values => Again(config, values, random) : null,
        };
    }

    private ComposedSimulation Again(SimulationConfig config, FittedCells values, IRandomStream random)
    {
        var found = new Faults();
        var again = new SimulationComposer(components, found, limit).Compose(config, null, values, random) ?? throw new DiagnosticException([.. found.Found]);
        return again with { Again = null };
    }

    private void CheckKeys(SimulationConfig config)
    {
        foreach (var key in SimulationConfig.ForeignKeys.Where(config.Section.IsGiven))
        {
            faults.Add(
                "BM2641", $"stage {config.Name} simulates a network, which has no '{key}'", config.Section.PlaceOf(key), "'network', 'task', 'inputs', 'duration', 'trials', 'seed' and 'record'",
                key is "integrator" or "timeStep" or "precision" ? "say it in 'network'" : "remove it");
        }

        if (config.Network is not null && config.Section.IsGiven("from"))
        {
            faults.Add("BM2618", $"stage {config.Name} has a network, and takes another's by 'from'", config.Section.PlaceOf("network"), "one of the two", "remove one");
        }

        if (config.Task is not null && (config.Inputs is not null || config.Duration is not null))
        {
            faults.Add(
                "BM2642", $"the trials of a task come into the network of stage {config.Name}, which say what comes in and how long they last",
                config.Section.PlaceOf(config.Inputs is not null ? "inputs" : "duration"), "a 'task', or 'inputs' and a 'duration'", "remove one of them");
        }
    }

    /// <summary>Whether trials of a task come in: a given one, or that of a training where nothing else is said.</summary>
    private static bool HasTask(SimulationConfig config) => config.Task is not null || (config.Network is null && config.Inputs is null && config.Duration is null);

    private (ITask? Task, TaskShape? Shape) Task(SimulationConfig config, NetworkConfig network, ComposedTraining? trained)
    {
        if (config.Task is not { } settings)
        {
            return HasTask(config) ? (trained?.Task, trained?.Shape) : default;
        }

        TaskShape? shape = null;
        var task = components.Create<ITask>(settings, faults);
        if (task is not null)
        {
            faults.Collect(() => shape = ComponentFactory.Guarded(components.Catalog.Get<ITask>(settings.Type!, settings.TypePlace), settings.Place, () => task.Shape(network.TimeStep)));
        }

        if (trained is not null && shape is not null && (shape.Inputs, shape.InputKind) != (trained.Shape.Inputs, trained.Shape.InputKind))
        {
            faults.Add(
                "BM2619", $"the task has {shape.Inputs} input channels of {shape.InputKind} values, and the network of stage {trained.Config.Name} was trained on {trained.Shape.Inputs} of {trained.Shape.InputKind} values",
                config.Section.PlaceOf("task"), "a task with the channels of what was learnt", "change the task's settings");
        }

        return (task, shape);
    }

    private int? Steps(SimulationConfig config, double timeStep)
    {
        if (config.Duration is not { } duration)
        {
            faults.Add("BM2321", $"stage {config.Name} simulates a network but has no duration", config.Place, "how long to simulate, or a 'task' whose trials say so", "add \"duration\": \"1 s\"");
            return null;
        }

        return Whole(duration, timeStep, config.Section.PlaceOf("duration"));
    }

    private int RateBin(SimulationConfig config, double timeStep) => Whole(config.RateBin, timeStep, config.Section.Find<ConfigSection>("record")?.PlaceOf("rates") ?? config.Place) ?? 1;

    private int FirstCounted(SimulationConfig config, double timeStep, int steps)
    {
        var first = (int)Math.Min(Math.Ceiling(config.WarmUp.InEngineUnits / timeStep), int.MaxValue);
        if (first >= steps)
        {
            faults.Add(
                "BM2643", FormattableString.Invariant($"a warm-up of {config.WarmUp} leaves nothing of the {steps * timeStep:R} ms of a trial"), config.Section.Get<ConfigSection>("record").PlaceOf("warmUp"),
                "less than a trial", "shorten it, or simulate for longer");
        }

        return first;
    }

    private int? Whole(Quantity duration, double timeStep, Place place)
    {
        var exact = duration.InEngineUnits / timeStep;
        if (exact is >= 0.5 and <= MostSteps && Math.Abs(exact - Math.Round(exact)) <= Tolerance * exact)
        {
            return (int)Math.Round(exact);
        }

        faults.Add("BM2643", FormattableString.Invariant($"{duration} are {exact:R} time steps of {timeStep:R} ms"), place, $"a whole number of time steps, from 1 to {MostSteps}", "change it, or the network's 'timeStep'");
        return null;
    }

    private NetworkEnds Ends(SimulationConfig config, ComposedTraining? trained, TaskShape? shape, InputComposer composer)
    {
        if (HasTask(config))
        {
            return NetworkEnds.Of(shape, needsReadout: false);
        }

        List<NetworkInput> inputs = [.. (config.Inputs ?? []).Select(composer.Channels)];
        foreach (var input in inputs)
        {
            if (trained is null)
            {
                break;
            }

            if (input.Name != NetworkSchema.Input || input.Kind != trained.Shape.InputKind || (input.Count ?? trained.Shape.Inputs) != trained.Shape.Inputs)
            {
                faults.Add(
                    "BM2619", $"the network of stage {trained.Config.Name} has no input {input.Name} of this kind and size", input.Place,
                    $"'{NetworkSchema.Input}' with {trained.Shape.Inputs} {(trained.Shape.InputKind == Models.PortKind.Event ? "spiking" : "graded")} channels", "correct it");
            }
        }

        return new(inputs, null, NeedsReadout: false);
    }

    /// <summary>What comes in, in the order of the network's inputs; where nothing is said of one it is silent.</summary>
    private static List<IInputSignal>? Signals(SimulationConfig config, ComposedNetwork network, InputComposer composer, TaskInput? task)
    {
        var signals = new List<IInputSignal>();
        foreach (var input in network.Definition.Inputs)
        {
            IInputSignal? signal = task is not null ? task
                : (config.Inputs ?? []).FirstOrDefault(i => i.Name == input.Name) is { } given ? composer.Signal(given, input.Count, network.InputIds.GetValueOrDefault(input.Name))
                : new SilentInput();
            if (signal is null)
            {
                return null;
            }

            signals.Add(signal);
        }

        return signals;
    }

    private NetworkProgram? Program(NetworkDefinition definition, Precision precision, IReadOnlyList<RecordedVariable> variables, NetworkConfig network)
    {
        try
        {
            return ComposedSimulation.Compile(definition, precision, variables);
        }
        catch (DiagnosticException exception)
        {
            foreach (var fault in exception.Diagnostics)
            {
                faults.Add(fault.Place == default ? fault with { Place = network.Section.Place } : fault);
            }

            return null;
        }
    }
}
