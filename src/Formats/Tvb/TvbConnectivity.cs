namespace BrainModular.Formats.Tvb;

/// <summary>A connectivity of The Virtual Brain: regions, the weights between them and the lengths of the tracts.</summary>
/// <param name="Labels">[region]: the regions' names.</param>
/// <param name="Centres">[region]: the regions' centres x, y, z, in mm.</param>
/// <param name="Weights">[region][region]: how strongly a row's region is reached by a column's, in the file's own measure.</param>
/// <param name="TractLengths">[region][region], in mm; null where the file has none.</param>
/// <param name="Areas">[region], in mm^2; null where the file has none.</param>
/// <param name="Cortical">[region]: 1 in cortex, 0 below; null where the file has none.</param>
/// <param name="Hemispheres">[region]: 1 on the right, 0 on the left; null where the file has none.</param>
public sealed record TvbConnectivity(
    string[] Labels, double[][] Centres, double[][] Weights, double[][]? TractLengths, double[]? Areas, double[]? Cortical, double[]? Hemispheres);
