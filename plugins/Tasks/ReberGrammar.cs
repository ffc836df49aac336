namespace BrainModular.Plugins.Tasks;

/// <summary>
/// The finite-state grammar of Reber 1967 (10.1016/S0022-5371(67)80149-X) with begin and end symbols, as in Cleeremans, Servan-Schreiber and McClelland 1989
/// (10.1162/neco.1989.1.3.372). After the end symbol the next string begins.
/// </summary>
internal static class ReberGrammar
{
    /// <summary>The symbols; a symbol's number is its place.</summary>
    public const string Symbols = "BTPSXVE";

    /// <summary>From each state: the symbols that may come, with the state that each leads to.</summary>
    public static readonly IReadOnlyList<(char Symbol, int Next)[]> Arcs =
    [
        [('B', 1)],
        [('T', 2), ('P', 3)],
        [('S', 2), ('X', 4)],
        [('T', 3), ('V', 5)],
        [('X', 3), ('S', 6)],
        [('P', 4), ('V', 6)],
        [('E', 0)],
    ];
}
