using BrainModular.Host.Configuration;

namespace BrainModular.Host;

public sealed class SweepChoiceTests
{
    [Theory]
    [InlineData("1,3,5-9", new long[] { 1, 3, 5, 6, 7, 8, 9 })]
    [InlineData(" 4 ", new long[] { 4 })]
    [InlineData("10-10, 2", new long[] { 10, 2 })]
    public void Numbers_and_ranges_are_read_in_their_order(string text, long[] expected) => Assert.Equal(expected, SweepChoice.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("1,,2")]
    [InlineData("5-3")]
    [InlineData("1-2-3")]
    [InlineData("-1")]
    [InlineData("1,2,1")]
    [InlineData("0-99999999999")]
    [InlineData("all")]
    public void Anything_else_is_no_list(string text) => Assert.Null(SweepChoice.Parse(text));

    [Fact]
    public void One_list_holds_out_every_third()
    {
        var (train, test) = new SweepChoice([10, 11, 12, 13, 14, 15, 16], null).Split([], everyThird: true);
        Assert.Equal([10, 11, 13, 14, 16], train);
        Assert.Equal([12, 15], test);
    }

    [Fact]
    public void Nothing_given_takes_all_of_the_file()
    {
        var (train, test) = new SweepChoice(null, null).Split([1, 2, 3], everyThird: true);
        Assert.Equal([1, 2], train);
        Assert.Equal([3], test);
    }

    [Fact]
    public void An_empty_test_list_leaves_all_for_training()
    {
        var (train, test) = new SweepChoice([1, 2, 3], []).Split([1, 2, 3], everyThird: true);
        Assert.Equal([1, 2, 3], train);
        Assert.Empty(test);
    }

    [Fact]
    public void A_test_list_alone_leaves_the_rest_for_training()
    {
        var (train, test) = new SweepChoice(null, [2]).Split([1, 2, 3], everyThird: true);
        Assert.Equal([1, 3], train);
        Assert.Equal([2], test);
    }
}
