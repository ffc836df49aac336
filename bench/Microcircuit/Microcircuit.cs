namespace BrainModular.Bench.Microcircuit;

/// <summary>
/// The numbers of the cortical microcircuit of Potjans and Diesmann 2014, DOI 10.1093/cercor/bhs358 (tables 4 and 5). Rates are the means of the full-scale
/// network that NEST 3 publishes with its implementation (full_mean_rates).
/// </summary>
internal static class Microcircuit
{
    /// <summary>The background's rate in Hz, of each of the external connections.</summary>
    public const double BackgroundRate = 8;

    /// <summary>The mean potential that a spike of an excitatory cell brings, in mV.</summary>
    public const double Psp = 0.15;

    /// <summary>How many times as strong inhibition is.</summary>
    public const double G = -4;

    /// <summary>The standard deviation of weights over their mean.</summary>
    public const double RelativeDeviation = 0.1;

    public static IReadOnlyList<string> Populations { get; } = ["L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"];

    public static IReadOnlyList<int> Counts { get; } = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948];

    /// <summary>External connections to a cell.</summary>
    public static IReadOnlyList<int> External { get; } = [1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100];

    /// <summary>In Hz.</summary>
    public static IReadOnlyList<double> Rates { get; } = [0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829];

    /// <summary>The probability that a pair is connected, [target][source].</summary>
    public static IReadOnlyList<double[]> Probabilities { get; } =
    [
        [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0, 0.0076, 0],
        [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0, 0.0042, 0],
        [0.0077, 0.0059, 0.0497, 0.1350, 0.0067, 0.0003, 0.0453, 0],
        [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0, 0.1057, 0],
        [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0],
        [0.0548, 0.0269, 0.0257, 0.0022, 0.0600, 0.3158, 0.0086, 0],
        [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
        [0.0364, 0.0010, 0.0034, 0.0005, 0.0277, 0.0080, 0.0658, 0.1443],
    ];

    public static bool IsExcitatory(int population) => population % 2 == 0;

    /// <summary>The mean potential of a connection in mV; the one from layer 4 to layer 2/3 is doubled.</summary>
    public static double PspOf(int target, int source) => !IsExcitatory(source) ? G * Psp : target == 0 && source == 2 ? 2 * Psp : Psp;
}
