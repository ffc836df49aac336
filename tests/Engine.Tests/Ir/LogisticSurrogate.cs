using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Engine.Tests.Ir;

/// <summary>The logistic function, whose derivative tests can write down.</summary>
internal sealed class LogisticSurrogate : ISurrogate
{
    public Expr Derivative(Expr x) => Smooth(x) * (1 - Smooth(x));

    public Expr Smooth(Expr x) => Sigmoid(x);
}
