using System.Collections.Frozen;
using BrainModular.Engine.Networks.Online;
using BrainModular.Host.Configuration;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition;

/// <summary>The methods by which a training finds gradients, by the names that configurations have for them.</summary>
internal sealed class GradientMethods(Faults faults)
{
    private static readonly FrozenDictionary<string, OnlineRule> Rules = new Dictionary<string, OnlineRule>
    {
        ["rtrl"] = OnlineRule.RealTimeRecurrent,
        ["d-rtrl"] = OnlineRule.Diagonal,
        ["es-d-rtrl"] = OnlineRule.Factored,
        ["e-prop"] = OnlineRule.EligibilityPropagation,
    }.ToFrozenDictionary();

    /// <summary>All methods as a training can use them, with symmetric feedback; backpropagation through time comes first and is null.</summary>
    public static IReadOnlyList<(string Name, OnlineMethod? Method)> All(TrainConfig config) =>
    [
        (ExperimentSchema.Backpropagation, null),
        .. Rules.OrderBy(static r => r.Value).Select(r => (r.Key, (OnlineMethod?)new OnlineMethod(r.Value) { TimeConstants = r.Value == OnlineRule.Factored ? TimeConstants(config) : [] })),
    ];

    /// <summary>The online method of a training; null for backpropagation through time. Keys that the method has no use for are faults.</summary>
    public OnlineMethod? Compose(TrainConfig config)
    {
        if (config.Traces is not null && !config.LearnsFromReward)
        {
            Refuse(config, "traces", "are of reward", "none");
        }

        if (config.LearnsFromReward && config.Loss is not null)
        {
            Refuse(config, "loss", "is of targets", "none");
        }

        if (config.LearnsFromReward && config.UpdateEvery > 0)
        {
            Refuse(config, "updateEvery", "is of losses that every step has", "0: rewards come at the end of trials");
        }

        if (config.Feedback != "symmetric" && config.GradientMethod != "e-prop")
        {
            Refuse(config, "feedback", "is of e-prop", "\"symmetric\"");
        }

        if (config.Timescales.Count > 0 && config.GradientMethod != "es-d-rtrl")
        {
            Refuse(config, "timescales", "are of es-d-rtrl", "none");
        }

        if (config.Method == ExperimentSchema.Backpropagation)
        {
            if (config.UpdateEvery > 0 || config.IsStream)
            {
                var key = config.IsStream ? "stream" : "updateEvery";
                faults.Add("BM2627", $"'{key}' needs gradients while time runs forward, and bptt goes back through whole trials", config.Section.PlaceOf(key), "an online 'method', such as \"d-rtrl\"", $"choose one, or remove '{key}'");
            }

            return null;
        }

        if (config.GradientWindow > 0)
        {
            Refuse(config, "gradientWindow", "is of backpropagation through time", "0");
        }

        return new(Rules[config.GradientMethod])
        {
            Feedback = config.Feedback switch { "random" => Feedback.Random, "adaptive" => Feedback.Adaptive, _ => Feedback.Symmetric },
            TimeConstants = TimeConstants(config),
        };
    }

    private static double[] TimeConstants(TrainConfig config) => [.. config.Timescales.Select(static t => t.In(Units.ms)).Order()];

    private void Refuse(TrainConfig config, string key, string problem, string expected) =>
        faults.Add("BM2627", $"'{key}' {problem}, and the method is {config.Method}", config.Section.PlaceOf(key), expected, "remove it, or choose its method");
}
