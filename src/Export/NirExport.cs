using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Export.Nir;
using BrainModular.Formats.Nir;

namespace BrainModular.Export;

/// <summary>
/// Writes a trained network in the Neuromorphic Intermediate Representation (Pedersen et al. 2024, 10.1038/s41467-024-52259-9): its equations as primitives in
/// continuous time, in the units of the SI, potentials above rest.
/// </summary>
public static class NirExport
{
    /// <summary>What of a network has no primitive: each population and projection, with the reason; none where it can be written.</summary>
    public static IReadOnlyList<Diagnostic> Check(NetworkDefinition network, NetworkReadout readout) => new NetworkNir(network, readout, single: false).Check();

    /// <summary>Writes the file and reads it again.</summary>
    /// <param name="program">The network.</param>
    /// <param name="coordinates">Its coordinates, as an optimiser left them.</param>
    /// <param name="readout">What is read out.</param>
    /// <param name="path">The file, by custom <c>.nir</c>; its numbers are of the network's precision.</param>
    /// <returns>What the file holds.</returns>
    /// <exception cref="DiagnosticException">BM2704: a population or projection has no primitive; BM3007, BM6103, BM6104: the file cannot be written.</exception>
    public static NirGraph Write(NetworkProgram program, double[] coordinates, NetworkReadout readout, string path)
    {
        var network = new NetworkNir(program.Definition, readout, program.Precision == Precision.Single);
        NirFile.Write(network.Graph(p => program.Weights(p.SharesWeightsOf ?? p.Name, coordinates)), path);
        return NirFile.Read(path);
    }
}
