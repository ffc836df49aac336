using BrainModular.Host.Composition;
using BrainModular.Host.Composition.Simulations;

namespace BrainModular.Host.Simulations;

/// <summary>A trained network in a stage <c>simulate</c>.</summary>
public sealed class TrainedSimulationTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("brain-simulation-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void It_fires_as_in_its_evaluation_and_nothing_comes_in_where_only_a_duration_is_given()
    {
        var stages = """
            "evaluate": { "from": "train", "trials": 400 },
            "simulate": { "from": "train", "trials": 400, "record": { "variables": { "y": { "population": "out", "variable": "y", "units": "0-1" }, "g": { "population": "E", "variable": "exc.g", "units": "3" } } } },
            "silent": { "type": "simulate", "from": "train", "duration": "100 ms" },
            "driven": { "type": "simulate", "from": "train", "duration": "100 ms", "inputs": { "input": { "poisson": "400 Hz" } } },

            """;
        var (outcomes, _) = TinyTraining.Run(TinyTraining.Load(TinyTraining.Then(stages).Replace("\"maxTrials\": 720", "\"maxTrials\": 240", StringComparison.Ordinal)), folder);
        var (trained, evaluated) = ((TrainOutcome)outcomes["train"], (EvaluateOutcome)outcomes["evaluate"]);
        var simulated = (SimulationOutcome)outcomes["simulate"];
        try
        {
            foreach (var (population, rate) in evaluated.Evaluation.Rates)
            {
                Assert.True(rate > 1, $"{population} is silent");
                Assert.InRange((double)simulated.Summary["rates"]![population]!, 0.9 * rate, 1.1 * rate);
            }

            Assert.Equal((400, 400 * 60.0), ((int)simulated.Summary["trials"]!, (double)simulated.Summary["simulatedMs"]!));
            Assert.Equal((2, 60), (simulated.Recording.Traces[0][399].Length, simulated.Recording.Traces[0][399][1].Length));

            // What is read out tells the sides apart: the evidence is in the trials, so both signs come up.
            var margins = simulated.Recording.Traces[0].Select(static y => y[1][^1] - y[0][^1]).ToList();
            Assert.True(margins.Count(static m => m > 0) is > 100 and < 300, "the readout does not follow the trials");
            Assert.Contains(simulated.Recording.Traces[1].SelectMany(static trial => trial[0]), static g => g > 0);
            Assert.Equal(0, ((SimulationOutcome)outcomes["silent"]).Recording.Count);
            Assert.True(((SimulationOutcome)outcomes["driven"]).Recording.Count > 0);
        }
        finally
        {
            foreach (var outcome in outcomes.Values)
            {
                outcome.Release();
            }
        }
    }
}
