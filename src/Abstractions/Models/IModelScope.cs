using BrainModular.Symbolics;

namespace BrainModular.Models;

/// <summary>
/// Where a model's definition is written down. Names are unique within a scope; a nested scope puts its own name and a dot before
/// those of its members, so a channel's conductance is <c>na.gMax</c>.
/// </summary>
public interface IModelScope
{
    /// <summary>The time at the start of the step.</summary>
    Expr Time { get; }

    /// <summary>The length of the step.</summary>
    Expr TimeStep { get; }

    /// <summary>Declares a parameter.</summary>
    /// <param name="name">Its name, the field's standard symbol.</param>
    /// <param name="defaultValue">The value where none is given; its unit is the parameter's unit.</param>
    /// <param name="bounds">The values that make sense, of the same dimension.</param>
    /// <param name="description">What it means, in a few words.</param>
    /// <param name="scale">How an optimiser sees it.</param>
    /// <exception cref="Diagnostics.DiagnosticException">BM4304: the name is taken; BM4305: default outside of the bounds or another dimension.</exception>
    Parameter Parameter(string name, Quantity defaultValue, Interval bounds, string description, ParameterScale scale = ParameterScale.Linear);

    /// <summary>Declares a state variable.</summary>
    /// <param name="name">Its name, the field's standard symbol; the membrane potential is <c>V</c>.</param>
    /// <param name="initial">Its value at time 0, from parameters, constants and the states declared before it, as they begin.</param>
    /// <param name="unit">The unit in which it is documented and recorded.</param>
    /// <param name="description">What it means, in a few words.</param>
    /// <param name="range">Values that the equations never leave, such as (0, 1) for a gate; integrators choose cheaper exact forms by it.</param>
    StateVariable State(string name, Expr initial, Unit unit, string description, Interval? range = null);

    /// <summary>Declares a graded input whose connections have dimensionless weights, such as the stimulus current <c>I</c>, and gives its sum.</summary>
    Expr Input(string name, Unit unit, string description);

    /// <summary>Declares an input port of any kind.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Whether events or graded values arrive.</param>
    /// <param name="signal">The unit of what one connection carries; <see cref="Unit.One"/> for events.</param>
    /// <param name="weight">The unit of a connection's weight.</param>
    /// <param name="description">What arrives, in a few words.</param>
    InputPort Port(string name, PortKind kind, Unit signal, Unit weight, string description);

    /// <summary>Declares a spike output (an event port) and gives the spike: 1 where the excess is at least 0, else 0.</summary>
    /// <param name="name">Its name; a neuron's main one is <c>spike</c>.</param>
    /// <param name="excess">The dimensionless distance above threshold, usually <c>(V.Stepped - Vth) / (1 * mV)</c>: its scale is the surrogate's.</param>
    Expr Spike(string name, Expr excess);

    /// <summary>
    /// Declares a spike output for models that draw their action potentials, and gives the spike: 1 in the one step that crosses a
    /// threshold upwards, <c>before &lt; 0</c> and <c>after >= 0</c>, else 0. It is the product H(after) (1 - H(before)), each H with the
    /// surrogate of the scope, so that a higher potential moves a spike forward in time and brings back a missed one.
    /// </summary>
    /// <param name="name">Its name; a neuron's main one is <c>spike</c>.</param>
    /// <param name="before">The dimensionless distance above threshold at the start of the step, such as <c>(V - Vspike) / (10 * mV)</c>.</param>
    /// <param name="after">The same at the step's end, from <c>V.Stepped</c>.</param>
    Expr Crossing(string name, Expr before, Expr after);

    /// <summary>Declares a graded output port, or any value worth recording, computed from the states at the start of the step.</summary>
    void Output(string name, Expr value, Unit unit, string description);

    /// <summary>A standard normal random number, another one for each step, unit and lane.</summary>
    /// <param name="stream">The name of the stream; two streams are independent.</param>
    Expr Normal(string stream);

    /// <summary>A random number uniform in (0, 1), another one for each step, unit and lane.</summary>
    /// <param name="stream">The name of the stream; two streams are independent.</param>
    Expr Uniform(string stream);

    /// <summary>A scope inside this one; the names declared there begin with <paramref name="name"/> and a dot.</summary>
    IModelScope Nested(string name);
}
