using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Training;
using BrainModular.Host.Composition.Networks;
using BrainModular.Host.Configuration;
using BrainModular.Optimizers;
using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;

namespace BrainModular.Host.Composition;

/// <summary>A training, ready to run.</summary>
/// <param name="Config">Its configuration.</param>
/// <param name="Origin">What its network was made of, which a later training takes over.</param>
/// <param name="Network">The network; where the stage takes another's, its weights are still to come.</param>
/// <param name="Program">The network, compiled.</param>
/// <param name="Task">The task.</param>
/// <param name="Shape">Its shape at the network's time step.</param>
/// <param name="Loss">What is minimised.</param>
/// <param name="Optimizer">Makes what changes the weights.</param>
internal sealed record ComposedTraining(
    TrainConfig Config, NetworkOrigin Origin, ComposedNetwork Network, NetworkProgram Program, ITask Task, TaskShape Shape, TaskLoss Loss, Func<IOptimizer> Optimizer)
{
    /// <summary>The training whose weights this one begins with; null for weights of its own.</summary>
    public ComposedTraining? Earlier { get; init; }

    /// <summary>Composes the training again with the values that fits came to; null where it takes nothing from a fit.</summary>
    public Func<FittedCells, ComposedTraining>? Again { get; init; }

    /// <summary>The projections that begin anew although the network is another training's.</summary>
    public bool BeginsAnew(ProjectionDefinition projection) => Earlier is null || Config.TakesInitialWeights || (Config.Task is not null && projection.Target == Network.Readout);

    /// <summary>Compiles the network, with other weights to start with.</summary>
    public NetworkProgram Compile(NetworkDefinition definition) => new(definition, Program.Precision, Program.Options);
}

/// <summary>What a network is made of: the same gives the same connections and parameters.</summary>
internal sealed record NetworkOrigin(NetworkConfig Config, ComponentConfig Surrogate, ComponentConfig Task, IRandomStream Random);

/// <summary>Puts a training together from its configuration: network, task, loss, optimiser. Every fault is collected.</summary>
internal sealed class TrainComposer(ComponentFactory components, Faults faults, EdgeLimit limit)
{
    /// <summary>What potentials are around, and how far they go from there, in mV.</summary>
    private static readonly (double, double) UsualPotentials = (-65, 25);

    private const EvaluationNeeds Known = EvaluationNeeds.Loss | EvaluationNeeds.Gradient;

    /// <param name="config">The stage.</param>
    /// <param name="earlier">The training that it takes from; null where it takes from none, or that one has faults.</param>
    /// <param name="fitted">What fits give to cells and units.</param>
    /// <param name="random">The stage's random stream.</param>
    /// <returns>The training, or null where faults keep it from being run.</returns>
    public ComposedTraining? Compose(TrainConfig config, ComposedTraining? earlier, FittedCells fitted, IRandomStream random)
    {
        var before = faults.Found.Count;
        var optimizer = Optimizer(config);
        if (config.Surrogate is { } surrogate)
        {
            components.Check(surrogate, faults);
        }

        if (Origin(config, earlier, random) is not { } origin)
        {
            return null;
        }

        var task = components.Create<ITask>(origin.Task, faults);
        var shape = task is null ? null : Shape(task, origin);
        var loss = shape is null ? null : Loss(config, shape);
        var network = new NetworkComposer(components, faults, limit).Compose(origin.Config, NetworkEnds.Of(shape, needsReadout: true), origin.Surrogate, fitted, origin.Random.Split("network"));
        if (earlier is not null && shape is not null && network is not null)
        {
            CheckTakesOver(config, earlier, shape);
        }

        if (network is null || optimizer is null || loss is null || faults.Found.Count > before)
        {
            return null;
        }

        network = Frozen(network, config);
        return Program(network, config, origin) is { } program && faults.Found.Count == before
            ? new(config, origin, network, program, task!, shape!, loss.Value, optimizer) {
                Earlier = earlier,
                Again = FittedCells.Needs(origin.Config) ? values => Again(config, earlier, values, random) : null,
            }
            : null;
    }

    private ComposedTraining Again(TrainConfig config, ComposedTraining? earlier, FittedCells values, IRandomStream random)
    {
        var found = new Faults();
        return new TrainComposer(components, found, limit).Compose(config, earlier, values, random) ?? throw new DiagnosticException([.. found.Found]);
    }

    private NetworkOrigin? Origin(TrainConfig config, ComposedTraining? earlier, IRandomStream random)
    {
        if (config.Network is not null && config.From.Count > 0)
        {
            faults.Add("BM2618", $"stage {config.Name} has a network, and takes another's by 'from'", config.Section.PlaceOf("network"), "one of the two", "remove one");
            return null;
        }

        if (config.Network is null && config.From.Count == 0)
        {
            faults.Add("BM2618", $"stage {config.Name} has no network", config.Place, "a 'network', or a training in 'from'", "add one");
        }

        if (config.Task is null && config.From.Count == 0)
        {
            faults.Add("BM2618", $"stage {config.Name} has no task", config.Place, "a 'task', or a training in 'from'", "add one");
        }

        if (config.From.Count == 0 && config.TakesInitialWeights)
        {
            faults.Add("BM2618", $"stage {config.Name} chooses between the weights of a training, and takes from none", config.Section.PlaceOf("weights"), "a training in 'from'", "add it, or remove 'weights'");
        }

        if (earlier is not null)
        {
            return earlier.Origin with { Task = config.Task ?? earlier.Origin.Task, Surrogate = config.Surrogate ?? earlier.Origin.Surrogate };
        }

        return config.Network is not null && config.Task is not null ? new(config.Network, config.Surrogate ?? ExperimentSchema.DefaultSurrogate(), config.Task, random) : null;
    }

    /// <summary>The task's shape; each use is asked for it, so that one without examples is found before any training.</summary>
    private TaskShape? Shape(ITask task, NetworkOrigin origin)
    {
        TaskShape? shape = null;
        faults.Collect(() => shape = ComponentFactory.Guarded(
            components.Catalog.Get<ITask>(origin.Task.Type!, origin.Task.TypePlace), origin.Task.Place, () => Enum.GetValues<TrialUse>().Select(use => task.For(use).Shape(origin.Config.TimeStep)).ToList()[0]));
        return shape;
    }

    private TaskLoss? Loss(TrainConfig config, TaskShape shape)
    {
        var isClass = shape.TargetKind == TargetKind.Class;
        if (config.Loss == "cross-entropy" && !isClass)
        {
            faults.Add("BM2616", "the task's targets are values, of which there is no cross-entropy", config.Section.PlaceOf("loss"), "\"mean-squared-error\"", "change it, or leave it out");
            return null;
        }

        if (config.LearnsFromReward && !isClass)
        {
            faults.Add(
                "BM2628", "the task's targets are values, and the method reward learns from choices between classes", config.Section.PlaceOf("method"), "a task whose targets are classes",
                "choose a task that asks for an answer, or a method that follows the targets, such as \"d-rtrl\"");
            return null;
        }

        return (config.Loss ?? (isClass ? "cross-entropy" : "")) == "cross-entropy" ? TaskLoss.CrossEntropy : TaskLoss.MeanSquaredError;
    }

    private Func<IOptimizer>? Optimizer(TrainConfig config)
    {
        // Training says when it is over, not the optimiser: one that has ended gives the point of the smallest loss of one batch, and not the last.
        var batches = ((config.MaxTrials + config.Batch - 1) / config.Batch) + 1;
        var position = config.Optimizer.Host.Node.Position;
        config.Optimizer.Suggested = [new("maxIterations", position, new ConfigNumber(position, $"{(config.UpdateEvery > 0 ? int.MaxValue : Math.Min(batches, int.MaxValue))}"))];
        if (components.Create<IOptimizer>(config.Optimizer, faults) is not { } made)
        {
            return null;
        }

        if ((made.Needs & ~Known) != 0 || (made.Needs & EvaluationNeeds.Gradient) == 0)
        {
            faults.Add("BM2620", $"the optimizer '{config.Optimizer.Type}' does not train networks", config.Optimizer.TypePlace, "one that follows noisy gradients, such as adam", "use another one");
            return null;
        }

        var component = components.Catalog.Get<IOptimizer>(config.Optimizer.Type!, config.Optimizer.TypePlace);
        return () => ComponentFactory.Create(component, config.Optimizer, new Faults());
    }

    private void CheckTakesOver(TrainConfig config, ComposedTraining earlier, TaskShape shape)
    {
        if (shape.Inputs != earlier.Shape.Inputs)
        {
            faults.Add(
                "BM2619", $"the task has {shape.Inputs} input channels, and the network of stage {earlier.Config.Name} was trained on {earlier.Shape.Inputs}", config.Section.PlaceOf("task"),
                $"a task with {earlier.Shape.Inputs} input channels", "change the task's settings");
        }
    }

    private ComposedNetwork Frozen(ComposedNetwork network, TrainConfig config)
    {
        var names = network.Definition.Projections.Select(static p => p.Name).ToList();
        foreach (var unknown in config.Frozen.Where(f => !names.Contains(f)))
        {
            faults.Add("BM2602", $"there is no projection '{unknown}'", config.Section.PlaceOf("frozen"), cure: NearestNames.Cure(unknown, names));
        }

        return network with
        {
            Definition = network.Definition with
            {
                Projections = [.. network.Definition.Projections.Select(p => p with { Trainable = p.Trainable && !config.Frozen.Contains(p.Name) })],
            },
        };
    }

    private NetworkProgram? Program(ComposedNetwork network, TrainConfig config, NetworkOrigin origin)
    {
        NetworkProgram? program = null;
        var options = new NetworkOptions
        {
            Training = true,
            Observed = [network.Readout],
            Rates = config.RateRegularizer is { } rates ? new(rates.Weight, rates.Target.In(Units.Hz)) : null,
            Voltages = Voltages(network, config),
            Online = new GradientMethods(faults).Compose(config),
        };
        try
        {
            program = new(network.Definition, origin.Config.Stepping.IsDouble ? Precision.Double : Precision.Single, options);
        }
        catch (DiagnosticException exception)
        {
            foreach (var fault in exception.Diagnostics)
            {
                faults.Add(fault.Place == default ? fault with { Place = origin.Config.Section.Place } : fault);
            }

            return null;
        }

        if (program.Coordinates == 0)
        {
            faults.Add("BM2617", $"stage {config.Name} has no weights to train", config.Place, "at least one projection with connections that is trainable and not frozen", "set its 'trainable' to true, or remove it from 'frozen'");
        }

        if (options.Voltages is not null && !program.Trained.Any(VoltageRegularizer.Applies))
        {
            faults.Add(
                "BM2625", $"none of the populations that stage {config.Name} trains has a membrane potential", config.Section.PlaceOf("voltageRegularizer"), "a population with a state V before trained weights end",
                "remove it, or train the projections onto such a population");
        }

        return program;
    }

    /// <summary>The bounds of potentials in engine units.</summary>
    private VoltageRegularizer? Voltages(ComposedNetwork network, TrainConfig config)
    {
        if (config.VoltageRegularizer is not { } given)
        {
            return null;
        }

        var (zero, one) = network.Rescaling?.Of(Dimension.Voltage) ?? UsualPotentials;
        var (lower, upper) = (given.Lower?.InEngineUnits ?? zero - one, given.Upper?.InEngineUnits ?? zero + one);
        if (lower >= upper)
        {
            faults.Add(
                "BM2626", $"potentials are to be from {new Quantity(lower, Units.mV)} to {new Quantity(upper, Units.mV)}", config.Section.PlaceOf("voltageRegularizer"), "a lower bound below the upper one",
                "correct 'lower' or 'upper'");
        }

        return new(given.Weight, lower, upper);
    }
}
