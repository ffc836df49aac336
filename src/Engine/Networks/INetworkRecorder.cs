using System.Numerics;

namespace BrainModular.Engine.Networks;

/// <summary>Where what is probed goes.</summary>
internal interface INetworkRecorder<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Takes what it wants of a population at the end of a step.</summary>
    void Keep(PopulationRun<T> population, int step, int stepInSegment);
}
