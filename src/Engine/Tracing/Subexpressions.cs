using BrainModular.Symbolics;

namespace BrainModular.Engine.Tracing;

/// <summary>What an expression is made of.</summary>
internal static class Subexpressions
{
    /// <summary>Whether it, or anything it is made of, is as wanted.</summary>
    public static bool Any(Expr root, Func<Expr, bool> wanted)
    {
        var (seen, pending) = (new HashSet<Expr>(ReferenceEqualityComparer.Instance), new Stack<Expr>([root]));
        while (pending.TryPop(out var next))
        {
            if (wanted(next))
            {
                return true;
            }

            if (seen.Add(next))
            {
                foreach (var operand in next.Operands)
                {
                    pending.Push(operand);
                }
            }
        }

        return false;
    }
}
