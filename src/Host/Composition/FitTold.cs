using System.Globalization;
using BrainModular.Engine.Fitting;
using BrainModular.Host.Reports;

namespace BrainModular.Host.Composition;

/// <summary>What a fit says at its end: a line for the fitted sweeps and one for those held out.</summary>
internal static class FitTold
{
    public static void Tell(IStageProgress to, FitPlan plan, ComposedRecording recording, Assessment train, Assessment? test)
    {
        if (recording.IsResampled)
        {
            to.Tell(recording.Resampling);
        }

        if (plan.RecordedSpikes)
        {
            to.Tell("recorded spikes were given to the model during the fit; the figures below are of the model running freely, with its own spikes");
        }

        to.Tell(Line("fitted", train));
        if (test is not null)
        {
            to.Tell(Line("held out", test));
        }
        else
        {
            to.Tell("no sweep is held out, so nothing says how the model predicts others");
        }
    }

    private static string Line(string part, Assessment assessment)
    {
        var (model, recorded) = (assessment.Sweeps.Sum(static s => s.ComparedSpikes.Length), assessment.Sweeps.Sum(static s => s.Sweep.ComparedSpikes.Length));
        var scores = assessment.Scores;
        List<string> figures = [$"{assessment.Sweeps.Count} {(assessment.Sweeps.Count == 1 ? "sweep" : "sweeps")}"];
        if (assessment.ExplainedVariance is { } explained)
        {
            figures.Add($"{NumberText.Percent(explained)} of the variance between spikes");
        }

        if (model + recorded > 0)
        {
            figures.Add($"{model.ToString(CultureInfo.InvariantCulture)} spikes for {recorded.ToString(CultureInfo.InvariantCulture)} recorded");
        }

        if (scores.Gamma is { } gamma)
        {
            figures.Add(
                $"Gamma {NumberText.Fixed(gamma)}{(scores.Reliability is { } own ? $" (the cell with itself {NumberText.Fixed(own)})" : "")}");
        }

        if (scores.Similarity is { } similarity)
        {
            figures.Add($"Md* {NumberText.Fixed(similarity)}");
        }

        return $"{part}: {string.Join(", ", figures)}";
    }
}
