namespace BrainModular.Examples.MakeRecording;

/// <summary>The stimuli: a step of current in each sweep.</summary>
internal static class Protocol
{
    /// <summary>Samples per second.</summary>
    public const double Rate = 20_000;

    /// <summary>From one sample to the next, in ms.</summary>
    public const double Interval = 1000 / Rate;

    public const double Before = 50;
    public const double Duration = 300;
    public const double After = 100;

    /// <summary>In nA, in an order in which every third, which a fit holds out, lies between the others.</summary>
    public static readonly double[] Amplitudes = [-0.1, 0.1, 0.07, 0.2, 0.3, 0.15, 0.4, 0.03, -0.05];

    /// <summary>The current of a sweep in nA.</summary>
    public static double[] Current(double amplitude)
    {
        var current = new double[(int)((Before + Duration + After) / Interval)];
        current.AsSpan((int)(Before / Interval), (int)(Duration / Interval)).Fill(amplitude);
        return current;
    }
}
