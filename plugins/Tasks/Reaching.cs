using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tasks;

/// <summary>
/// Centre-out reaching: move the hand from the centre to one of eight targets around it (Georgopoulos, Kalaska, Caminiti and Massey 1982,
/// 10.1523/JNEUROSCI.02-11-01527.1982) along the path of minimum jerk (Flash and Hogan 1985, 10.1523/JNEUROSCI.05-07-01688.1985):
/// <code>
/// target 500 ms | movement 500 ms | hold 250 ms
/// x(t), y(t) = distance (cos, sin)(direction) (10 s^3 - 15 s^4 + 6 s^5),  s = 0 before the movement, time in the movement / its duration, 1 after it
/// </code>
/// The channels <c>target</c> are driven throughout, <c>go</c> from the movement on. Targets are the hand's coordinates in cm at the end of each step; every step counts.
/// </summary>
internal sealed class Reaching : ITask
{
    private readonly int targets;
    private readonly double distance;
    private readonly InputCode code;
    private readonly Ring ring;
    private readonly ChannelGroup go;
    private readonly TrialLayout layout;

    public Reaching(ISettings settings)
    {
        var reader = new TaskSettings(settings);
        targets = settings.Integer("targets", 8, 1, 360, "how many targets there are, evenly around the circle");
        distance = settings.Number("distance", 8, 1e-6, 1e6, "from the centre to a target, in cm");
        var shown = reader.Duration("target", 500 * ms, "how long the target is shown before the movement");
        var movement = reader.Duration("movement", 500 * ms, "how long the movement lasts");
        var hold = reader.Duration("hold", 250 * ms, "how long the hand stays at the target", optional: true);
        code = InputCode.Read(settings, reader);
        ring = new(settings, "target", code);
        go = new("go", ring.Group.Count, settings.Integer("goChannels", 8, 1, 100_000, "input channels that call for the movement"));
        reader.ThrowIfAny();
        layout = new([new("target", shown), new("movement", movement), new("hold", hold)], code, [ring.Group, go], TargetKind.Value, ["x", "y"]);
    }

    public TaskShape Shape(Quantity timeStep) => layout.Shape(timeStep);

    public void Generate(TrialBatch batch, IRandomStream random)
    {
        var writer = layout.Clear(batch, random);
        var movement = writer.Period("movement");
        Period fromMovement = new("", movement.Start, batch.Shape.Steps - movement.Start);
        for (var trial = 0; trial < batch.Trials; trial++)
        {
            var target = random.Integer(targets);
            ring.Drive(writer, trial, writer.Whole, target, targets);
            writer.Drive(trial, go, fromMovement, code.HighestRate);
            var (y, x) = Math.SinCos(2 * Math.PI * target / targets);
            for (var step = 0; step < batch.Shape.Steps; step++)
            {
                var s = Math.Clamp((step + 1.0 - movement.Start) / movement.Steps, 0, 1);
                var along = distance * s * s * s * (10 + (s * (-15 + (6 * s))));
                writer.Aim(trial, step, [along * x, along * y]);
            }
        }
    }
}
