using BrainModular.Connectomes;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Optimizers;
using BrainModular.Recordings;
using BrainModular.Tasks;

namespace BrainModular.Host.Plugins;

/// <summary>What a plugin may offer, and the word for it in lists and messages.</summary>
internal static class Contracts
{
    private static readonly (Type Contract, string Noun)[] Table =
    [
        (typeof(INeuronModel), "neuron"),
        (typeof(ISynapseModel), "synapse"),
        (typeof(IIonChannel), "channel"),
        (typeof(ISurrogate), "surrogate"),
        (typeof(ILoss), "loss"),
        (typeof(IOptimizer), "optimizer"),
        (typeof(IRecordingLoader), "recording"),
        (typeof(IConnectomeLoader), "connectome"),
        (typeof(ITask), "task"),
    ];

    public static IEnumerable<string> Nouns => Table.Select(row => row.Noun);

    /// <summary>The word for a contract, or null where it is none.</summary>
    public static string? NounOf(Type contract) => Table.FirstOrDefault(row => row.Contract == contract).Noun;
}
