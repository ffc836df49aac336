using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Tests.Kernels;

/// <summary>For steps whose derivative no test asks for.</summary>
internal sealed class NoSurrogate : ISurrogate
{
    public Expr Derivative(Expr x) => x;

    public Expr Smooth(Expr x) => x;
}
