using BrainModular.Engine.Networks;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Export.Nir;

/// <summary>How what arrives at a port moves a unit.</summary>
/// <param name="Effect">Where the unit would settle, in its own dimension, under a constant arrival of 1.</param>
/// <param name="Decay">The time constant of the receptor between port and unit, in ms; null where there is none.</param>
/// <param name="Gain">What the receptor settles at under a constant arrival of 1; 1 where there is none.</param>
internal sealed record Drive(double Effect, double? Decay, double Gain);

/// <summary>One unit as a leaky integrator, in engine units: <c>Tau dx/dt = Rest - x + drives</c>.</summary>
/// <param name="State">What is integrated.</param>
/// <param name="Tau">In ms.</param>
/// <param name="Rest">Where it settles with nothing arriving.</param>
/// <param name="Threshold">From where on it spikes; null where it does not.</param>
/// <param name="Reset">Where a spike takes it.</param>
/// <param name="Drives">By port.</param>
internal sealed record UnitDynamics(StateVariable State, double Tau, double Rest, double? Threshold, double Reset, IReadOnlyDictionary<string, Drive> Drives)
{
    private const string Potential = "V";

    /// <summary>Reads a population's first unit that has no primitive, or all of them.</summary>
    /// <returns>The units, or in words what has no primitive.</returns>
    public static (IReadOnlyList<UnitDynamics> Units, string? Problem) Of(PopulationDefinition population, double timeStep)
    {
        var units = new List<UnitDynamics>();
        var several = population.Values.Values.Any(static v => v.Length > 1);
        for (var unit = 0; unit < (several ? population.Count : 1); unit++)
        {
            double? Given(string name) => population.Values.TryGetValue(name, out var given) ? given[given.Length == 1 ? 0 : unit] : null;
            var equations = new UnitEquations(population.Model, p => Given(p.Name) ?? p.Default.InEngineUnits, s => Given(StepOptions.InitialOf(s.Name)), timeStep);
            var reader = new Reader(population.Model, equations, h => Decay(population.Integrator, h), timeStep);
            if (reader.Read() is not { } dynamics)
            {
                return ([], reader.Problem);
            }

            units.Add(dynamics);
        }

        return (several ? units : [.. Enumerable.Repeat(units[0], population.Count)], null);
    }

    /// <summary>What is left, after a step, of a state that decays: by how an integrator steps dx/dt = -x / tau, with h = dt / tau.</summary>
    private static double Decay(Integrator integrator, double h) => integrator.Name switch
    {
        "euler" => 1 - h,
        "heun" => 1 - h + (h * h / 2),
        "rk4" => 1 - h + (h * h / 2) - (h * h * h / 6) + (h * h * h * h / 24),
        _ => Math.Exp(-h),
    };

    private sealed class Reader(ModelDefinition model, UnitEquations equations, Func<double, double> decay, double timeStep)
    {
        private readonly Dictionary<StateVariable, (string Port, double Tau, double Gain)> receptors = [];

        public string Problem { get; private set; } = "";

        public UnitDynamics? Read()
        {
            foreach (var current in model.Injections.Where(c => equations.Of(c) is null))
            {
                return Fail($"the current of {Owner(current)} is no multiple of its state: NIR has no conductances and no gap junctions");
            }

            if (equations.LosesEvents)
            {
                return Fail("what would displace its potential is lost while it is refractory, or is no weighted sum of events");
            }

            if (model.Releases.Count > 0)
            {
                return Fail($"its synapse {model.Releases[0].Name.Split('.')[0]} has a presynaptic part");
            }

            if (model.Spikes.Count > 1)
            {
                return Fail("it has several kinds of spikes");
            }

            return Excess(out var excess) && Main(excess) is { } state ? Read(state, excess) : null;
        }

        /// <summary>How far it is above its threshold, as an affine form; null where it does not spike.</summary>
        private bool Excess(out AffineForm? excess)
        {
            excess = null;
            if (model.Spikes.Count == 0)
            {
                return true;
            }

            var spike = model.Spikes[0].Value;
            excess = spike.Operation == Operation.Heaviside ? equations.Of(spike.Operands[0]) : null;
            return excess is not null || Fail("its spike is no threshold of one state") is not null;
        }

        /// <summary>The state that is compared with a threshold, or, where there is none, the potential or the only one.</summary>
        private StateVariable? Main(AffineForm? excess)
        {
            var moving = equations.Moving;
            var found = excess is not null ? moving.Where(s => excess.Slope(s.Stepped) > 0).ToList()
                : moving.Where(static s => s.Name == Potential).ToList() is { Count: 1 } potential ? potential : [.. moving];
            if (found.Count != 1)
            {
                Fail(excess is null ? $"it has {found.Count} states that change and no potential" : "its threshold changes, or its spike depends on several states");
                return null;
            }

            return found[0];
        }

        private UnitDynamics? Read(StateVariable state, AffineForm? excess)
        {
            foreach (var other in equations.Moving.Where(s => s != state))
            {
                if (!Receptor(other))
                {
                    return Fail($"its state {other.Name} is neither a leaky integrator nor a current that decays exponentially");
                }
            }

            if (equations.Rate(state) is not { } rate || rate.Slope(state) is not (< 0 and var slope) || rate.Slopes.Keys.Any(s => s != state && !IsDrive(s)))
            {
                return Fail($"the rate of {state.Name} is no leak towards a constant plus what arrives");
            }

            var (tau, rest) = (-1 / slope, -rate.Constant / slope);
            if (equations.Initial(state) is not { } initial || Math.Abs(initial - rest) > 1e-9 * Math.Max(1, Math.Abs(rest)))
            {
                return Fail($"{state.Name} does not begin at rest, and NIR has no initial values");
            }

            if (equations.Next(state, spike: false) is not { Constant: 0 } after || after.Slope(state.Stepped) != 1 || after.Slopes.Keys.Any(s => s != state.Stepped && PortOf(s) is null))
            {
                return Fail($"{state.Name} jumps by more than what arrives, or is held");
            }

            if (excess is null)
            {
                return new(state, tau, rest, null, 0, Drives(rate, after, tau));
            }

            var scale = excess.Slope(state.Stepped);
            if (excess.Slopes.Count != after.Slopes.Count || after.Slopes.Any(s => excess.Slopes.GetValueOrDefault(s.Key) != scale * s.Value) || equations.Next(state, spike: true) is not { IsConstant: true } reset)
            {
                return Fail($"a spike does not take {state.Name} to a constant, or comes before what arrives is added");
            }

            return new(state, tau, rest, -excess.Constant / scale, reset.Constant, Drives(rate, after, tau));
        }

        private Dictionary<string, Drive> Drives(AffineForm rate, AffineForm after, double tau)
        {
            var drives = new Dictionary<string, Drive>();
            foreach (var (symbol, slope) in rate.Slopes)
            {
                if (symbol is StateVariable receptor && receptors.TryGetValue(receptor, out var kinetics))
                {
                    drives[kinetics.Port] = new(slope * tau, kinetics.Tau, kinetics.Gain);
                }
                else if (PortOf(symbol) is { } port)
                {
                    drives[port] = new(slope * tau, null, 1);
                }
            }

            foreach (var (symbol, jump) in after.Slopes)
            {
                if (PortOf(symbol) is { } port)
                {
                    drives[port] = new(jump / (1 - decay(timeStep / tau)), null, 1);
                }
            }

            return drives;
        }

        private bool IsDrive(Symbol symbol) => PortOf(symbol) is not null || (symbol is StateVariable state && receptors.ContainsKey(state));

        /// <summary>Whether a state decays to 0 and jumps by what arrives at one port; it is kept if so.</summary>
        private bool Receptor(StateVariable state)
        {
            if (equations.Rate(state) is not { Constant: 0, Slopes.Count: 1 } rate || rate.Slope(state) is not (< 0 and var slope) || equations.Initial(state) is not 0)
            {
                return false;
            }

            if (equations.Next(state, spike: false) is not { Constant: 0, Slopes.Count: 2 } after || after.Slope(state.Stepped) != 1
                || equations.Next(state, spike: true) is not { Constant: 0, Slopes.Count: 2 } spiked || spiked.Slopes.Any(s => after.Slopes.GetValueOrDefault(s.Key) != s.Value))
            {
                return false;
            }

            var (symbol, jump) = after.Slopes.First(s => s.Key != state.Stepped);
            if (PortOf(symbol) is not { } port)
            {
                return false;
            }

            receptors[state] = (port, -1 / slope, jump / (1 - decay(-slope * timeStep)));
            return true;
        }

        private string? PortOf(Symbol symbol) => model.Ports.FirstOrDefault(p => p.Sum == symbol)?.Name;

        /// <summary>The synapse whose names stand in an expression.</summary>
        private static string Owner(Expr expression)
        {
            var pending = new Stack<Expr>([expression]);
            while (pending.TryPop(out var next))
            {
                if (next is Symbol { Kind: SymbolKind.State or SymbolKind.Input } symbol && symbol.Name.Contains('.', StringComparison.Ordinal))
                {
                    return $"synapse {symbol.Name[..symbol.Name.IndexOf('.', StringComparison.Ordinal)]}";
                }

                foreach (var operand in next.Operands)
                {
                    pending.Push(operand);
                }
            }

            return "a synapse";
        }

        private UnitDynamics? Fail(string problem)
        {
            Problem = problem;
            return null;
        }
    }
}
