using BrainModular.Models;
using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tasks.Images;

/// <summary>
/// Classification of images from a file, one channel a pixel, in one of three codes:
/// <code>
/// rate     a Poisson train at rate x intensity, 63.75 Hz at most, for 350 ms (Diehl and Cook 2015, 10.3389/fncom.2015.00099)
/// latency  one spike, the earlier the brighter: (1 - intensity) of the image's duration after its start; none where the intensity is 0 (Thorpe, Delorme and Van Rullen 2001,
///          10.1016/S0893-6080(01)00083-1)
/// graded   the intensity throughout
/// </code>
/// Intensities are relative to the highest value in the file. Each trial shows an image of the chosen part of the file, all equally likely, drawn with replacement. Every <c>testEvery</c>-th
/// image is the part <c>test</c>, for evaluations; half as many, those before every second one of them, are the part <c>validation</c>; all others are the part <c>train</c>. The class is the
/// image's label; every step counts.
/// </summary>
internal sealed class ImageClassification : ITask
{
    private const string Latency = "latency";
    private const string Auto = "auto";

    private static readonly string[] Parts = ["train", "validation", "test"];

    private readonly string path, split;
    private readonly int testEvery;
    private readonly double duration;
    private readonly bool latency;
    private readonly InputCode code;
    private readonly Lazy<ImageSet> read;
    private readonly Lazy<Loaded> loaded;

    public ImageClassification(ISettings settings)
    {
        var reader = new TaskSettings(settings);
        path = settings.Path("path", "the images: text or IDX, packed or not");
        split = settings.Choice("split", Auto, [Auto, .. Parts, "all"], "which part of the images is shown; with 'auto' that of the trial's use");
        testEvery = settings.Integer("testEvery", 5, 2, 1_000_000, "one image in so many is held out for the part 'test'");
        duration = reader.Duration("image", 350 * ms, "how long an image is shown");
        var chosen = settings.Choice("code", "rate", ["rate", Latency, "graded"], "how an intensity becomes input");
        var rate = reader.Rate("rate", 63.75 * Hz, "the rate of a channel at the highest intensity, for the code 'rate'");
        latency = chosen == Latency;
        code = chosen == "graded" ? new(PortKind.Graded, 1, 0) : InputCode.Spikes(latency ? 0 : rate);
        reader.ThrowIfAny();
        read = new(() => ImageSet.Read(path));
        loaded = new(Load);
    }

    private ImageClassification(ImageClassification of, TrialUse use)
    {
        (path, testEvery, duration, latency, code, read) = (of.path, of.testEvery, of.duration, of.latency, of.code, of.read);
        split = Parts[(int)use];
        loaded = new(Load);
    }

    public string Examples => $"{loaded.Value.Part.Length} images of the part '{Shown}'";

    private string Shown => split == Auto ? Parts[(int)TrialUse.Training] : split;

    public ITask For(TrialUse use) => split == Auto ? new ImageClassification(this, use) : this;

    public TaskShape Shape(Quantity timeStep) => loaded.Value.Layout.Shape(timeStep);

    public void Generate(TrialBatch batch, IRandomStream random)
    {
        var (images, part, channels, layout) = loaded.Value;
        var writer = layout.Clear(batch, random);
        for (var trial = 0; trial < batch.Trials; trial++)
        {
            var image = part[random.Integer(part.Length)];
            for (var pixel = 0; pixel < images.Pixels; pixel++)
            {
                var intensity = images.Intensities[(image * images.Pixels) + pixel];
                if (!latency)
                {
                    writer.Drive(trial, channels[pixel], writer.Whole, code.HighestRate * intensity);
                }
                else if (intensity > 0)
                {
                    writer.Spike(trial, pixel, (int)Math.Round((1 - intensity) * (batch.Shape.Steps - 1)));
                }
            }

            writer.Answer(trial, writer.Whole, images.Labels[image]);
        }
    }

    private Loaded Load()
    {
        var images = read.Value;
        int[] part = [.. Enumerable.Range(0, images.Labels.Length).Where(i => Shown == "all" || PartOf(i) == Shown)];
        if (part.Length == 0)
        {
            throw new Diagnostics.DiagnosticException(
                "BM3205", $"of {images.Labels.Length} images none is in the part '{Shown}'", new(path), $"at least {2 * testEvery} images", "lower 'testEvery', or show the same ones throughout with \"split\": \"all\"");
        }

        var layout = new TrialLayout(
            [new("image", duration)],
            code,
            [new("pixels", 0, images.Pixels)],
            TargetKind.Class,
            [.. Enumerable.Range(0, images.Classes).Select(static label => label.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        return new(images, part, [.. Enumerable.Range(0, images.Pixels).Select(static pixel => new ChannelGroup("", pixel, 1))], layout);
    }

    private string PartOf(int image) =>
        Parts[(int)((image + 1) % testEvery == 0 ? TrialUse.Evaluation : (image + 2) % (2 * testEvery) == 0 ? TrialUse.Validation : TrialUse.Training)];

    private sealed record Loaded(ImageSet Images, int[] Part, ChannelGroup[] Channels, TrialLayout Layout);
}
