namespace BrainModular.Bench.Proof;

/// <summary>What is to be reached: a case whose name contains all the words, against a reference, in at most so many times its time.</summary>
/// <param name="Words">Parts of the case's name.</param>
/// <param name="Against">The reference.</param>
/// <param name="Most">The largest ratio of our time to the reference's that is good enough.</param>
internal sealed record Goal(string[] Words, string Against, double Most)
{
    /// <summary>The goals; of several that fit a case the first counts.</summary>
    public static IReadOnlyList<Goal> All { get; } =
    [
        new(["start-up"], "its limit", 1),
        new(["on two threads"], "one thread", 1 / 1.7),
        new(["memory"], "best peer", 0.3),
        new(["most of them with a spike"], "C++", 1),
        new(["COBA"], "C++", 0.8),
        new(["CUBA"], "C++", 0.8),
        new(["COBA"], "Brian2", 1 / 6.0),
        new(["CUBA"], "Brian2", 1 / 4.0),
        new(["CUBA"], "NEST", 1 / 15.0),
        new(["CUBA"], "NEST, delay of 1.5 ms", 1 / 15.0),
        new(["microcircuit"], "NEST", 1 / 8.0),
        new(["Hodgkin-Huxley", "forward and gradient"], "C++", 0.9),
        new(["Hodgkin-Huxley"], "C++", 0.85),
        new(["Hodgkin-Huxley, 1024"], "TorchScript", 1 / 25.0),
        new(["Hodgkin-Huxley, 1024"], "PyTorch", 1 / 45.0),
        new(["recurrent LIF", "compact support"], "C++", 0.6),
        new(["recurrent LIF"], "C++", 0.9),
        new(["recurrent LIF, 128 units, 1 trial,", "500 steps"], "best peer", 1 / 150.0),
        new(["recurrent LIF, 512 units, 32 trials, 500 steps"], "best peer", 1 / 4.0),
        new(["recurrent LIF, 2048 units, 32 trials, 100 steps"], "best peer", 1 / 3.0),
        new(["sparse product", "0.1% active: forward"], "C++", 0.85),
        new(["sparse product", "1% active: forward"], "C++", 0.55),
        new(["sparse product", "10% active: forward"], "C++", 0.65),
        new(["sparse product", "adjoint"], "C++", 1),
        new(["es-d-rtrl"], "forward step with all weights", 3),
        new(["d-rtrl"], "trace traffic", 1.3),
    ];

    /// <summary>The goal of a case against a reference; null where there is none.</summary>
    public static double? Of(string name, string against) =>
        All.FirstOrDefault(g => g.Against == against && g.Words.All(w => w.EndsWith("forward", StringComparison.Ordinal) && w.Contains("active", StringComparison.Ordinal)
            ? name.Contains($" {w}", StringComparison.Ordinal) : name.Contains(w, StringComparison.Ordinal)))?.Most;
}
