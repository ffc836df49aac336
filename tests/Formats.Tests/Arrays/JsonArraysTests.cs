using BrainModular.Formats.Arrays;

namespace BrainModular.Formats.Tests.Arrays;

public sealed class JsonArraysTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Arrays_inside_arrays_have_a_shape_and_are_written_as_they_were()
    {
        const string Text = """{"a":[[[1,2.5],[3,-4]],[[0,0],[0,1e-30]],[[7,8],[9,10]]],"b":5}""";
        var arrays = Read(Text);

        Assert.Equal([3, 2, 2], arrays["a"].Shape);
        Assert.Equal([1, 2.5, 3, -4, 0, 0, 0, 1e-30, 7, 8, 9, 10], arrays["a"].Elements);
        Assert.Empty(arrays["b"].Shape);
        File.WriteAllBytes(folder["b.json"], JsonArrays.Encode(arrays));
        Assert.Equal(arrays["a"].Elements, JsonArrays.Read(folder["b.json"])["a"].Elements);
    }

    [Fact]
    public void Single_numbers_are_written_shortly_and_what_is_not_finite_as_null() =>
        Assert.Equal("""{"v":[0.1,null]}"""u8, JsonArrays.Encode(new Dictionary<string, NumberArray> { ["v"] = new([2], [0.1f, double.NaN], IsSingle: true) }));

    [Theory]
    [InlineData("[1, 2]", "an array of 2")]
    [InlineData("""{"a": [[1, 2], [3]]}""", "an array of 1 stands beside arrays of 2")]
    [InlineData("""{"a": [1, [2]]}""", "an array of 1 stands where a number should")]
    [InlineData("""{"a": [1, "2"]}""", "a string stands where")]
    [InlineData("""{"a": [[1], 2]}""", "a number stands beside")]
    [InlineData("""{"a": {"b": 1}}""", "an object stands where")]
    [InlineData("""{"a": [1], "a": [2]}""", "not JSON")]
    [InlineData("""{"a": [1""", "not JSON")]
    public void What_has_no_shape_is_refused(string text, string problem) =>
        Assert.Contains(problem, DiagnosticAssert.Fails("BM3603", () => Read(text)).Problem, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_named() => Assert.Equal("absent.json", DiagnosticAssert.Fails("BM3600", () => JsonArrays.Read("absent.json")).Place.File);

    private IReadOnlyDictionary<string, NumberArray> Read(string text)
    {
        File.WriteAllText(folder["a.json"], text);
        return JsonArrays.Read(folder["a.json"]);
    }
}
