using System.Text;

namespace BrainModular.Host.Configuration;

/// <summary>
/// How a neuron that fires by a hazard is fitted where nothing says how: in stages, of which all but the last are smooth problems. A fit called <c>fit</c> becomes
/// <code>
/// fit-potential   recorded spikes reset the model: membrane, reset and spike-triggered currents by the potential between spikes
/// fit-threshold   the threshold, its movements and its sharpness by the likelihood of the recorded spikes
/// fit             the same neuron without randomness (firing "median"): where its threshold lies, by the number of spikes in each sweep and, a little, the potential
/// </code>
/// The neuron has a threshold that follows the potential and a potassium current that opens with it, unless it is told otherwise, recorded spikes are taken out of a current that shows them, and an electrode's part out of a potential that shows it. The last stage has the fit's own name, so that later stages go on from it. Where <c>firing</c> is given, the fit ends with the likelihood. The resolved configuration has the stages with all that they do.
/// </summary>
internal sealed class StagedFit
{
    /// <summary>The neuron that is fitted so.</summary>
    private const string NeuronType = "gif-pozzorini";

    private const string Neuron = "neuron";
    private const string Parameters = "parameters";
    private const string Uncertainty = "uncertainty";

    /// <summary>The keys of a fit that each of the stages takes.</summary>
    private static readonly string[] Shared = ["integrator", "timeStep", "precision", "surrogate", "initialPotential", "spikePrecision"];

    /// <summary>All keys of a fit that does not say how it is done.</summary>
    private static readonly string[] Known = [.. Shared, "type", Neuron, "recording", Uncertainty];

    private static readonly ConfigObject Potential = Recipe(
        """
        { "spikes": "recording", "initialValues": "recording", "spikeWeight": 0, "optimizer": { "type": "l-bfgs-b", "maxIterations": 100 }, "starts": 1 }
        """);

    private static readonly ConfigObject Threshold = Recipe(
        """
        { "spikes": "recording", "loss": { "type": "spike-likelihood" }, "optimizer": { "type": "l-bfgs-b", "maxIterations": 100 }, "starts": 1 }
        """);

    private static readonly ConfigObject Count = Recipe(
        """
        {
          "loss": [{ "type": "features", "features": { "spike_count": {} } }, { "type": "voltage-mean-squared-error", "weight": 0.05 }], "spikeWeight": 0,
          "starts": 1
        }
        """);

    /// <summary>The lattice of the last stage, by parameter: 51 thresholds 0.4 mV apart, and, where it is given bounds, 7 times that differ by a factor of 2, within built-in ones. What counts beside a point lies within 0.8 mV.</summary>
    private static readonly (string Name, string Points, string Spacing, string Neighbours)[] Lattice = [("VTstar", "51", "0.005", "2"), (Memory, "7", "0.0752575", "0")];

    /// <summary>For how long the last stage remembers the hazard: as long as its bounds allow, as if nothing were forgotten. The neuron then fires when half of all cells with escape noise would have.</summary>
    private const string Memory = "tauHazard";
    private const string Lasting = "10000 ms";

    /// <summary>The keys of a recording that make good what a measurement adds, which is done where it is found.</summary>
    private static readonly string[] MadeGood = ["electrode", "spikeArtefacts"];

    private static readonly ConfigObject WhereFound = Recipe("""{ "when": "found" }""");

    private readonly ConfigMember stage;
    private readonly ConfigObject fit;
    private readonly ConfigObject neuron;

    private StagedFit(ConfigMember stage, ConfigObject fit, ConfigObject neuron) =>
        (this.stage, this.fit, this.neuron) = (stage, fit, Unless(Unless(neuron, "coupling", "voltage"), "potassium", "gated"));

    /// <summary>Puts the stages in the place of every fit that does not say how it is done.</summary>
    /// <param name="root">The configuration.</param>
    /// <param name="faults">Gets one for each stage whose name such a fit needs for a stage of its own.</param>
    public static ConfigObject Expanded(ConfigObject root, Faults faults)
    {
        if (root["stages"] is not ConfigObject stages)
        {
            return root;
        }

        var members = new List<ConfigMember>();
        foreach (var stage in stages.Members)
        {
            if (Of(stage) is not { } staged)
            {
                members.Add(stage);
                continue;
            }

            List<ConfigMember> made = [.. staged.Stages()];
            foreach (var taken in stages.Members.Where(s => s != stage && made.Any(m => m.Name == s.Name)))
            {
                faults.Add(
                    "BM2003", $"the fit '{stage.Name}', which does not say how it is done, makes a stage '{taken.Name}', and there is one of that name", taken.NamePosition.Place,
                    cure: "give one of the two another name");
            }

            members.AddRange(made);
        }

        return root.With("stages", stages with { Members = members });
    }

    private static StagedFit? Of(ConfigMember stage) =>
        stage.Value is ConfigObject fit && ((fit["type"] as ConfigText)?.Value ?? stage.Name) == "fit" && fit.Members.All(static m => Known.Contains(m.Name))
        && fit[Neuron] is ConfigObject neuron && (neuron["type"] as ConfigText)?.Value == NeuronType
            ? new(stage, fit, neuron) : null;

    private IEnumerable<ConfigMember> Stages()
    {
        var (potential, threshold) = ($"{stage.Name}-potential", $"{stage.Name}-threshold");
        var isRandom = neuron["firing"] is not null;
        yield return Made(
            potential, Potential, [Neuron, "recording", Uncertainty], null,
            ["C", "gL", "EL", "Vreset", .. Kernel("currents", "Eta"), .. Where("potassium", "gated", ["gK", "Vn", "kn", "tauN"])]);
        yield return Made(
            isRandom ? stage.Name : threshold, Threshold, [Uncertainty], potential,
            ["VTstar", "DeltaV", .. Kernel("thresholds", "Gamma"), .. Where("coupling", "voltage", ["tauTheta", "ka", "ki", "Vi"])]);
        if (!isRandom)
        {
            var free = Lattice.Where(l => !Given.Contains(l.Name) && (l.Name != Memory || HasMemory)).ToList();
            var optimizer = new ConfigObject(fit.Position, []).With("type", Text("grid-search", fit)).With("points", List(free.Select(static l => l.Points)))
                .With("spacing", List(free.Select(static l => l.Spacing))).With("neighbours", List(free.Select(static l => l.Neighbours)));
            yield return Made(stage.Name, Count.With("optimizer", free.Count > 0 ? optimizer : Recipe("""{ "type": "grid-search" }""")), [Neuron], threshold, [.. free.Select(static l => l.Name)]);
        }

        ConfigText List(IEnumerable<string> numbers) => Text(string.Join(", ", numbers), fit);
    }

    /// <summary>The parameters that keep the values given to them.</summary>
    private IReadOnlyList<string> Given => (neuron[Parameters] as ConfigObject)?.Members.Where(static m => IsFixed(m.Value)).Select(static m => m.Name).ToList() ?? [];

    private ConfigMember Made(string name, ConfigObject recipe, IReadOnlyList<string> taken, string? from, IReadOnlyList<string> free)
    {
        var own = fit with { Members = [.. fit.Members.Where(m => Shared.Contains(m.Name) || taken.Contains(m.Name))] };
        own = own.With("type", Text("fit", fit));
        if (own[Neuron] is not null)
        {
            own = own.With(Neuron, from is null ? neuron : Remembering(Onward).With("firing", Text("median", neuron)));
        }

        if (own["recording"] is ConfigObject recording)
        {
            own = own.With("recording", MadeGood.Where(key => recording[key] is null).Aggregate(recording, static (told, key) => told.With(key, WhereFound)));
        }

        if (from is not null)
        {
            own = own.With("from", Text(from, fit));
        }

        foreach (var member in recipe.Members)
        {
            own = own.With(member.Name, member.Value);
        }

        return stage with { Name = name, Value = own.With("free", new ConfigArray(fit.Position, [.. free.Except(Given).Select(f => Text(f, fit))])) };
    }

    /// <summary>Whether the neuron is told for how long it remembers the hazard.</summary>
    private bool HasMemory => (neuron[Parameters] as ConfigObject)?[Memory] is not null;

    private ConfigObject Remembering(ConfigObject told) => HasMemory ? told : told[Parameters] switch
    {
        null => told.With(Parameters, new ConfigObject(told.Position, []).With(Memory, Text(Lasting, told))),
        ConfigObject given => told.With(Parameters, given.With(Memory, Text(Lasting, told))),
        _ => told,
    };

    /// <summary>The neuron for a stage that goes on from another: values from which a parameter begins are those that the other came to.</summary>
    private ConfigObject Onward => neuron[Parameters] is not ConfigObject parameters ? neuron : neuron.With(Parameters, parameters with
    {
        Members = [.. parameters.Members.Select(static m => IsFixed(m.Value) ? m : m with { Value = WithoutValue((ConfigObject)m.Value) })],
    });

    private static ConfigObject Unless(ConfigObject neuron, string setting, string choice) => neuron[setting] is null ? neuron.With(setting, Text(choice, neuron)) : neuron;

    private static ConfigObject WithoutValue(ConfigObject bounded) => bounded with { Members = [.. bounded.Members.Where(static m => m.Name != "value")] };

    /// <summary>Whether a parameter keeps the value that it is given: one that is wrong does so, too, and is refused where it is read.</summary>
    private static bool IsFixed(ConfigNode parameter) => parameter is not ConfigObject bounded || (bounded["lower"] is null && bounded["upper"] is null);

    /// <summary>The parameters of a sum of exponentials, two of them unless the neuron says otherwise.</summary>
    private IEnumerable<string> Kernel(string setting, string name)
    {
        var number = neuron[setting] is ConfigNumber given && int.TryParse(given.Written, out var count) ? count : 2;
        return Enumerable.Range(1, Math.Clamp(number, 0, 4)).SelectMany(j => (string[])[$"q{name}{j}", $"tau{name}{j}"]);
    }

    private IEnumerable<string> Where(string setting, string choice, IEnumerable<string> parameters) => (neuron[setting] as ConfigText)?.Value == choice ? parameters : [];

    private static ConfigText Text(string value, ConfigNode at) => new(at.Position, value);

    private static ConfigObject Recipe(string json) => (ConfigObject)ConfigParser.Parse(Encoding.UTF8.GetBytes(json), new("the stages of a fit", ""), "", new Faults());
}
