using BrainModular.Symbolics;

namespace BrainModular.Models;

/// <summary>
/// A synapse model is release o weight o receptor: an optional part per presynaptic unit, the projection's weight, an optional
/// part per postsynaptic unit, and an optional plasticity rule per connection.
/// </summary>
public interface ISynapseModel
{
    /// <summary>Writes the model's equations into the scopes of its parts.</summary>
    void Define(ISynapseScope scope);
}

/// <summary>The scopes of a synapse's parts. A part whose scope is not touched does not exist.</summary>
public interface ISynapseScope
{
    /// <summary>The presynaptic part: from the presynaptic spike to what the connections carry.</summary>
    IReleaseScope Release { get; }

    /// <summary>The postsynaptic part: from the weighted sum to a current into the postsynaptic neuron.</summary>
    IReceptorScope Receptor { get; }

    /// <summary>The rule by which each connection's weight changes.</summary>
    IPlasticityScope Plasticity { get; }
}

/// <summary>The presynaptic part, one copy per presynaptic unit, fused into that population's kernel.</summary>
public interface IReleaseScope : IModelScope
{
    /// <summary>The presynaptic unit's spike in this step, 0 or 1.</summary>
    Expr PresynapticSpike { get; }

    /// <summary>Declares what is sent instead of the bare spike, such as u x of Tsodyks and Markram.</summary>
    void Send(Expr amplitude);
}

/// <summary>The postsynaptic part, one copy per postsynaptic unit, fused into that population's kernel.</summary>
public interface IReceptorScope : IModelScope
{
    /// <summary>The postsynaptic membrane potential.</summary>
    Expr PostsynapticPotential { get; }

    /// <summary>Declares the current into the postsynaptic neuron, positive inward (depolarising); several add up.</summary>
    void Current(Expr current);

    /// <summary>
    /// Declares by how much the postsynaptic potential moves at once at the end of this step, before it is compared with a threshold: it is part of the potential's
    /// <see cref="StateVariable.Stepped"/>. Several add up; what falls into a refractory period (<see cref="INeuronScope.Refractory"/>) is lost.
    /// </summary>
    void Displace(Expr potential);
}

/// <summary>A plasticity rule, one copy per connection.</summary>
public interface IPlasticityScope : IModelScope
{
    /// <summary>The presynaptic spike as it arrives, after the delay.</summary>
    Expr PresynapticSpike { get; }

    /// <summary>The postsynaptic spike.</summary>
    Expr PostsynapticSpike { get; }

    /// <summary>The connection's weight. Its <see cref="StateVariable.Rate"/> or <see cref="StateVariable.Next"/> is the rule.</summary>
    StateVariable Weight { get; }
}
