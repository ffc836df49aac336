using System.Collections;
using System.Diagnostics.CodeAnalysis;
using BrainModular.Diagnostics;
using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>
/// The ions that a cell knows: sodium, potassium, calcium. A cell has the parameters of those alone that a channel asks for. Reversal potentials are parameters,
/// or follow from concentrations by Nernst; the calcium inside can be a pool under the membrane (Destexhe et al. 1994, 10.1152/jn.1994.72.2.803):
/// <code>
/// dCa/dt = max(0, -JCa / (2 F depth)) - (Ca - CaRest) / tauCa
/// </code>
/// Ca, CaRest in mM; depth in um; tauCa in ms; JCa is the calcium current per area, positive outward.
/// </summary>
internal sealed class CellIons(INeuronScope scope, Expr temperature, Quantity potassium, bool nernst, bool pool) : IReadOnlyDictionary<string, Ion>
{
    private static readonly Dictionary<string, (int Valence, Quantity Reversal, Interval Bounds, Quantity Inside, Quantity Outside)> Known = new()
    {
        ["Na"] = (1, 50 * mV, (20 * mV, 120 * mV), 10 * mM, 145 * mM),
        ["K"] = (1, -90 * mV, (-120 * mV, -60 * mV), 140 * mM, 5 * mM),
        ["Ca"] = (2, 120 * mV, (50 * mV, 160 * mV), 2.4e-4 * mM, 2 * mM),
    };

    private readonly Dictionary<string, Ion> asked = [];
    private StateVariable? calcium;

    public IEnumerable<string> Keys => Known.Keys;

    public IEnumerable<Ion> Values => Known.Keys.Select(name => this[name]);

    public int Count => Known.Count;

    /// <exception cref="DiagnosticException">BM4901: a cell knows no such ion.</exception>
    public Ion this[string key] => TryGetValue(key, out var ion) ? ion : throw new DiagnosticException(
        "BM4901", $"the cell knows no ion '{key}'", expected: $"one of {string.Join(", ", Known.Keys)}", cure: "use another channel, or another cell");

    public bool ContainsKey(string key) => Known.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Ion value)
    {
        if (!asked.TryGetValue(key, out value) && Known.ContainsKey(key))
        {
            asked[key] = value = Make(key);
        }

        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, Ion>> GetEnumerator() => Known.Keys.Select(name => KeyValuePair.Create(name, this[name])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Lets the calcium pool follow the current of all channels; called once all of them are defined.</summary>
    public void Follow()
    {
        if (calcium is null)
        {
            return;
        }

        var depth = scope.Parameter("depth", 1 * um, (0.01 * um, 20 * um), "depth of the shell that calcium enters", ParameterScale.Logarithmic);
        var tau = scope.Parameter("tauCa", 5 * ms, (0.5 * ms, 5000 * ms), "time constant of its removal", ParameterScale.Logarithmic);
        var current = scope.IonCurrent("Ca");
        Expr entry = current is { Operation: Operation.Constant, Value: 0 } ? 0 : Max(-current / (2 * Electrodiffusion.Faraday * depth), 0);
        calcium.Rate = entry - ((calcium - calcium.Initial) / tau);
    }

    private Ion Make(string name)
    {
        var (valence, reversal, bounds, insideDefault, outsideDefault) = Known[name];
        reversal = name == "K" ? potassium : reversal;
        var pooled = pool && name == "Ca";
        if (!nernst && !pooled)
        {
            return new(scope.Parameter($"E{name}", reversal, bounds, $"reversal potential of {name}"));
        }

        Expr inside = scope.Parameter($"{name}In", insideDefault, (insideDefault with { Value = insideDefault.Value / 50 }, insideDefault with { Value = insideDefault.Value * 50 }),
            pooled ? "calcium inside at rest" : $"{name} inside", ParameterScale.Logarithmic);
        var outside = scope.Parameter($"{name}Out", outsideDefault, (outsideDefault with { Value = outsideDefault.Value / 50 }, outsideDefault with { Value = outsideDefault.Value * 50 }),
            $"{name} outside", ParameterScale.Logarithmic);
        if (pooled)
        {
            inside = calcium = scope.State("Ca", inside, mM, "calcium under the membrane", (0 * mM, 1000 * mM));
        }

        return new(Electrodiffusion.Nernst(temperature, valence, inside, outside), inside, outside);
    }
}
