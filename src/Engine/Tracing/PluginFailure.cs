using System.Reflection;

namespace BrainModular.Engine.Tracing;

/// <summary>What a plugin threw.</summary>
public static class PluginFailure
{
    /// <summary>What an exception is of: one that reflection or a static constructor wrapped says nothing of itself.</summary>
    public static Exception CauseOf(Exception exception)
    {
        while (exception is TargetInvocationException or TypeInitializationException && exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }
}
