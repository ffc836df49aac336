using System.IO.Compression;
using BrainModular.Diagnostics;
using BrainModular.Models;
using BrainModular.Tasks;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Tasks;

public sealed class ImageClassificationTests
{
    private const string Name = "image-classification";

    /// <summary>The latency code keeps all of an image: the spikes' times give its values, and these the label in the file.</summary>
    [SkippableTheory]
    [InlineData("train", 1)]
    [InlineData("validation", 1)]
    [InlineData("test", 0.5)]
    public void Latencies_of_real_digits_give_the_image_back(string split, double timeStep)
    {
        var path = RealData.Require("ml-digits-uci", "digits.csv.gz");
        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var lines = text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1797, lines.Length);
        var trials = Trials.Generate(Name, 200, timeStep, 1, ("path", path), ("code", "latency"), ("split", split), ("image", 160 * ms));
        Assert.Equal((64, 10, PortKind.Event), (trials.Shape.Inputs, trials.Shape.Targets, trials.Shape.InputKind));
        HashSet<string> part = [.. lines.Where((_, i) => Part(i, 5) == split)];
        for (var trial = 0; trial < 200; trial++)
        {
            var values = Enumerable.Range(0, 64).Select(pixel =>
            {
                var spikes = Enumerable.Range(0, trials.Shape.Steps).Where(step => trials.Input(step, pixel, trial) == 1).ToArray();
                return spikes.Length == 0 ? 0 : (int)Math.Round(16 * (1 - (spikes.Single() / (trials.Shape.Steps - 1.0))));
            });
            Assert.Contains(string.Join(',', values.Append(trials.Answer(trial, "image"))), part);
        }
    }

    [Fact]
    public void Rates_follow_the_intensities()
    {
        var path = SmallImages.Write("one.csv", "0,1,2,4,1", "0,1,2,4,0");
        var trials = Trials.Generate(Name, 200, 1, 1, ("path", path), ("testEvery", 2));
        double[] rates = [0, 63.75 / 4, 63.75 / 2, 63.75];
        for (var pixel = 0; pixel < 4; pixel++)
        {
            var spikes = Enumerable.Range(0, 200).Sum(trial => trials.Sum(trial, new("", pixel, 1), trials.Period("image")));
            NormalDistribution.AssertNear(rates[pixel] / 1000, spikes / (200 * 350), 200 * 350);
        }

        Assert.All(Enumerable.Range(0, 200), trial => Assert.Equal(1, trials.Answer(trial, "image")));
    }

    [SkippableFact]
    public void Real_idx_files_are_read_with_their_labels()
    {
        var path = RealData.Require("ml-fashion-mnist-subset", "train4000-images-idx3-ubyte.gz");
        var pixels = Unpack(path)[16..];
        var labels = Unpack(path.Replace("images-idx3", "labels-idx1", StringComparison.Ordinal))[8..];
        var trials = Trials.Generate(Name, 50, 1, 1, ("path", path), ("code", "graded"), ("image", 2 * ms));
        Assert.Equal((784, 10, PortKind.Graded), (trials.Shape.Inputs, trials.Shape.Targets, trials.Shape.InputKind));
        var known = Enumerable.Range(0, 4000).Where(static i => Part(i, 5) == "train").ToLookup(i => Convert.ToHexString(pixels.AsSpan(784 * i, 784)), i => (int)labels[i]);
        for (var trial = 0; trial < 50; trial++)
        {
            byte[] shown = [.. Enumerable.Range(0, 784).Select(pixel => (byte)Math.Round(255 * trials.Input(1, pixel, trial)))];
            Assert.Contains(trials.Answer(trial, "image"), known[Convert.ToHexString(shown)]);
        }
    }

    [Fact]
    public void All_images_of_the_part_are_shown_and_no_others()
    {
        foreach (var (split, count) in (ReadOnlySpan<(string, int)>)[("train", 63), ("validation", 12), ("test", 25), ("all", 100)])
        {
            var trials = Trials.Generate(Name, 1500, 1, 1, ("code", "graded"), ("split", split), ("testEvery", 4), ("image", 1 * ms));
            var shown = Enumerable.Range(0, 1500)
                .Select(trial => (trials.Answer(trial, "image"), string.Join(',', Enumerable.Range(0, 16).Select(pixel => (int)Math.Round(16 * trials.Input(0, pixel, trial)))))).ToHashSet();
            var expected = Enumerable.Range(0, 100).Where(i => split == "all" || Part(i, 4) == split).Select(i => (i / 10, string.Join(',', SmallImages.Values(i)))).ToHashSet();
            Assert.Equal(count, expected.Count);
            Assert.True(shown.SetEquals(expected));
        }
    }

    /// <summary>No image that weights were learnt from comes again in validation or evaluation.</summary>
    [Theory]
    [InlineData(TrialUse.Training, "train", 63)]
    [InlineData(TrialUse.Validation, "validation", 12)]
    [InlineData(TrialUse.Evaluation, "test", 25)]
    public void Each_use_has_images_of_its_own_unless_a_part_is_asked_for(TrialUse use, string part, int count)
    {
        ITask Of(params (string, object)[] settings) => Trials.Task(Name, [("testEvery", 4), .. settings]).For(use);
        Assert.Equal($"{count} images of the part '{part}'", Of().Examples);
        Assert.Equal("63 images of the part 'train'", Of(("split", "train")).Examples);
        Assert.Equal("100 images of the part 'all'", Of(("split", "all")).Examples);
    }

    [Theory]
    [InlineData("1,2,0\n1,x,0", "BM3202", 2, 3, "'x' is no intensity")]
    [InlineData("1,2,0\n-1,2,0", "BM3202", 2, 1, "'-1' is no intensity")]
    [InlineData("1,2,0\n\n1,2,0.5", "BM3202", 3, 5, "'0.5' is no label")]
    [InlineData("1,2,0\n1,2,3,0", "BM3203", 2, 1, "the image has 3 values")]
    [InlineData("a,b,label", "BM3202", 1, 1, "'a' is no intensity")]
    [InlineData("", "BM3203", 1, 1, "the file holds no images")]
    [InlineData("3", "BM3203", 1, 1, "the file holds no images")]
    public void A_fault_of_the_text_is_named_with_line_and_column(string text, string id, int line, int column, string problem)
    {
        var path = SmallImages.Write($"fault-{id}-{line}-{column}-{text.Length}.csv", text.Split('\n'));
        var fault = Refused(("path", path));
        Assert.Equal((id, problem, new Place(path, Line: line, Column: column)), (fault.Id, fault.Problem, fault.Place));
        Assert.NotNull(fault.Expected);
        Assert.NotNull(fault.Cure);
    }

    [Fact]
    public void Files_that_are_missing_or_damaged_are_named()
    {
        var missing = Path.Combine(AppContext.BaseDirectory, "no-such-file.csv");
        Assert.Equal(("BM3201", missing), (Refused(("path", missing)).Id, Refused(("path", missing)).Place.File));
        var folder = Refused(("path", AppContext.BaseDirectory));
        Assert.Equal(("BM3201", AppContext.BaseDirectory), (folder.Id, folder.Place.File));
        Assert.Contains("folder", folder.Problem, StringComparison.Ordinal);

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write("1,2,0"u8);
        }

        var bytes = packed.ToArray();
        bytes[10] ^= 0xFF;
        Assert.Equal("BM3204", Refused(("path", SmallImages.Write("damaged.csv.gz", bytes))).Id);
    }

    [Fact]
    public void Idx_files_that_do_not_fit_are_named()
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 40];
        var path = SmallImages.Write("a-images-idx3", images);
        var labels = SmallImages.Write("a-labels-idx1", [0, 0, 8, 1, 0, 0, 0, 2, 3, 4]);
        Assert.Equal(5, Trials.Task(Name, ("path", path), ("testEvery", 2)).Shape(1 * ms).Targets);

        SmallImages.Write("a-labels-idx1", [0, 0, 8, 1, 0, 0, 0, 1, 3]);
        Assert.Equal(("BM3203", labels), (Refused(("path", path)).Id, Refused(("path", path)).Place.File));
        SmallImages.Write("a-labels-idx1", [0, 0, 8, 3, 0, 0, 0, 2, 3, 4]);
        Assert.Equal(("BM3204", labels), (Refused(("path", path)).Id, Refused(("path", path)).Place.File));
        Assert.Equal("BM3204", Refused(("path", SmallImages.Write("short-images-idx3", images[..^1]))).Id);
        Assert.Equal("BM3201", Refused(("path", SmallImages.Write("alone-images-idx3", images))).Id);
    }

    [Fact]
    public void A_part_without_images_is_refused()
    {
        var fault = Refused(("split", "test"), ("testEvery", 101));
        Assert.Equal(("BM3205", "of 100 images none is in the part 'test'"), (fault.Id, fault.Problem));
    }

    private static string Part(int image, int testEvery) =>
        (image % (2 * testEvery)) switch { var i when i % testEvery == testEvery - 1 => "test", var i when i == (2 * testEvery) - 2 => "validation", _ => "train" };

    private static Diagnostic Refused(params (string Key, object Value)[] settings) =>
        Assert.Single(Assert.Throws<DiagnosticException>(() => Trials.Task(Name, settings).Shape(1 * ms)).Diagnostics);

    private static byte[] Unpack(string path)
    {
        using var unpacked = new MemoryStream();
        using var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        packed.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
