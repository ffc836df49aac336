using Microsoft.ML.OnnxRuntime;

namespace BrainModular.Export.Tests.OnnxRuntime;

public sealed class NativeLibraryTests
{
    [Fact]
    public void The_native_runtime_loads_and_offers_the_cpu()
    {
        Assert.Contains("CPUExecutionProvider", OrtEnv.Instance().GetAvailableProviders());
        Assert.True(Version.Parse(OrtEnv.Instance().GetVersionString()) >= new Version(1, 20));
    }
}
