using BrainModular.Models;

namespace BrainModular.Engine.Tests.Steps;

/// <summary>A neuron model that a test writes down where it needs it.</summary>
internal sealed partial class WrittenModel(Action<INeuronScope> define) : INeuronModel
{
    public void Define(INeuronScope scope) => define(scope);
}
