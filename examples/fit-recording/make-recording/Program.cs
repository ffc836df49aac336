using BrainModular.Examples.MakeRecording;
using BrainModular.Formats.Nwb;

// Makes the example's recording: dotnet run -c Release --project examples/fit-recording/make-recording -- FILE
// A Traub-Miles neuron whose parameters are known (Cell.Parameters) gets nine current steps; its potential is given an electrode's noise and
// the steps of a 16-bit converter. The same program gives the same bytes.
var path = args is [var given] ? given : "examples/fit-recording/recording.nwb";
var made = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
using var file = NwbWriter.Create(
    path, new("brainmodular-example-fit-recording", "Current steps into a simulated Traub-Miles neuron, with noise", made, made, "a simulated cell"));
for (var number = 1; number <= Protocol.Amplitudes.Length; number++)
{
    var current = Protocol.Current(Protocol.Amplitudes[number - 1]);
    var potential = Electrode.Record(Cell.Respond(current), seed: number);
    var name = FormattableString.Invariant($"step of {1000 * Protocol.Amplitudes[number - 1]:0} pA for {Protocol.Duration:0} ms");
    file.Stimulus(number, Protocol.Rate, [.. current.Select(i => i * 1e-9)], name);
    file.Recorded(number, Protocol.Rate, potential, name);
}

file.Commit();
