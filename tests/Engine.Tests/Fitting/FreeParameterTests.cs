using BrainModular.Engine.Fitting;
using BrainModular.Models;

namespace BrainModular.Engine.Tests.Fitting;

public sealed class FreeParameterTests
{
    public static TheoryData<double, double, ParameterScale> Ranges => new()
    {
        { -80, -40, ParameterScale.Linear },
        { 0, 1e-3, ParameterScale.Linear },
        { 1e-4, 0.1, ParameterScale.Logarithmic },
        { 0.5, 5000, ParameterScale.Logarithmic },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Coordinate_and_value_are_each_other_s_inverse_and_the_bounds_are_exact(double lower, double upper, ParameterScale scale)
    {
        var free = new FreeParameter("p", lower, upper, scale);
        Assert.Equal((lower, upper), (free.Value(0), free.Value(1)));
        Assert.Equal((lower, upper), (free.Value(-0.3), free.Value(1.7)));
        Assert.Equal((0, 1), (free.Coordinate(lower), free.Coordinate(upper)));
        for (var x = 0.05; x < 1; x += 0.05)
        {
            Assert.Equal(x, free.Coordinate(free.Value(x)), 1e-13);
            Assert.InRange(free.Value(x), lower, upper);
        }
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Slope_is_the_derivative_of_the_value(double lower, double upper, ParameterScale scale)
    {
        var free = new FreeParameter("p", lower, upper, scale);
        for (var x = 0.1; x < 0.95; x += 0.1)
        {
            var slope = Ir.Evaluation.Slope(free.Value, x, 1e-3);
            Assert.Equal(1, free.Slope(x) / slope, 1e-8);
        }
    }

    [Fact]
    public void Middle_of_a_logarithmic_parameter_is_the_geometric_mean() =>
        Assert.Equal(10, new FreeParameter("p", 1, 100, ParameterScale.Logarithmic).Value(0.5), 1e-12);
}
