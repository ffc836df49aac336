namespace BrainModular.Plugins.Connectomes.Generators;

/// <summary>
/// Units placed evenly on a surface whose opposite edges meet: on a ring of the given circumference, or row by row on a square grid of the given
/// side whose last row may be shorter. Unit (row, column) of R rows and C columns lies at x = (column + 1/2) extent / C, y = (row + 1/2) extent / R.
/// </summary>
/// <param name="Count">How many units.</param>
/// <param name="Columns">How many in a row.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Extent">The surface's extent in um.</param>
internal readonly record struct Lattice(int Count, int Columns, int Rows, double Extent)
{
    public static Lattice Ring(int count, double extent) => new(count, count, 1, extent);

    public static Lattice Grid(int count, double extent)
    {
        var columns = (int)Math.Ceiling(Math.Sqrt(count));
        return new(count, columns, columns == 0 ? 0 : (count + columns - 1) / columns, extent);
    }

    /// <summary>A unit's place along the rows, in um.</summary>
    public double X(int unit) => ((unit % Columns) + 0.5) * Extent / Columns;

    /// <summary>A row's place, in um.</summary>
    public double Y(int row) => (row + 0.5) * Extent / Rows;
}
