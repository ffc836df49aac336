namespace BrainModular.EndToEnd.Runs;

/// <summary>A leaky membrane (20 ms, 100 MOhm, -65 mV) that was exported, with a step of 0.1 ms.</summary>
public sealed class ExportedNeuron : IDisposable
{
    public ExportedNeuron()
    {
        Place = new();
        Place.Write("charging.json", """
            {
              "stages": {
                "step": {
                  "type": "simulate",
                  "neuron": { "type": "leaky-integrate-and-fire", "parameters": { "tauM": "20 ms", "R": "100 MOhm", "EL": "-65 mV" } },
                  "stimulus": { "amplitude": "100 pA", "start": "10 ms" },
                  "duration": "60 ms",
                  "timeStep": "0.1 ms",
                },
                "export": { "from": "step" },
              },
            }
            """);
        Place.Run("run", "charging.json", "--out", "out").Succeeded();
    }

    internal Workplace Place { get; }

    public void Dispose() => Place.Dispose();
}
