using BrainModular.Host.Commands;
using BrainModular.Host.Configuration;

namespace BrainModular.Host.Tests.Configuration;

public sealed class ReferencePageTests
{
    [Fact]
    public void The_reference_page_holds_every_key_as_the_program_prints_it()
    {
        using var tables = new StringWriter { NewLine = "\n" };
        SchemaReport.Write(ExperimentSchema.Experiment, tables);
        var page = File.ReadAllText(Path.Combine(RealData.Repository, "docs", "configuration.md"));

        Assert.True(
            page.EndsWith(tables.ToString(), StringComparison.Ordinal),
            "docs/configuration.md does not end as ./brain describe config prints it: replace everything from '## The configuration' on by what it prints");
    }

    [Fact]
    public void The_page_of_features_holds_every_feature_as_the_program_prints_it()
    {
        using var tables = new StringWriter { NewLine = "\n" };
        FeatureReport.Write(tables);
        var page = File.ReadAllText(Path.Combine(RealData.Repository, "docs", "features.md"));

        Assert.True(
            page.EndsWith(tables.ToString(), StringComparison.Ordinal),
            "docs/features.md does not end as ./brain describe features prints it: replace everything from '## Spike times' on by what it prints");
    }
}
