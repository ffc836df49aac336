using BrainModular.Models;
using BrainModular.Plugins.Neurons.Channels;
using BrainModular.Symbolics;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// The minimal cells of the cortex of Pospischil et al. (2008, 10.1007/s00422-008-0263-8): one compartment with few channels, under the names that those
/// have in <c>conductance-based</c> (leak, na, kd, m, cal, cat). In mS/cm^2:
/// <code>
/// cell                     leak g, E        na   kd   m      cal    cat    area
/// regular-spiking          0.1, -70 mV      50   5    0.07                 28,953 um^2
/// fast-spiking             0.15, -70 mV     50   10                        14,103 um^2
/// intrinsically-bursting   0.01, -85 mV     50   5    0.03   0.17          28,953 um^2
/// low-threshold-spiking    0.01, -60 mV     50   5    0.03          0.4    28,953 um^2
/// </code>
/// EK is -100 mV, ENa 50, ECa 120, all Vth are -55, at 36 degC: the values of the authors' published code (ModelDB 123623).
/// </summary>
internal sealed class MinimalCortical(ISettings settings) : INeuronModel
{
    private const double Pyramidal = 28_953;
    private const double Interneuron = 14_103;

    private readonly CompartmentSettings compartment = new(settings, 36);

    private readonly string cell = settings.Choice(
        "cell", "regular-spiking", ["regular-spiking", "fast-spiking", "intrinsically-bursting", "low-threshold-spiking"], "which of the cells it is");

    public void Define(INeuronScope scope)
    {
        var area = cell == "fast-spiking" ? Interneuron : Pyramidal;
        new Compartment(scope, compartment, area, potassium: -100).Carry(membrane =>
            Own().Aggregate(scope.Channels(membrane), (sum, c) => sum + scope.Channel(c.Name, c.Channel, membrane)));
    }

    private IEnumerable<(string Name, IIonChannel Channel)> Own()
    {
        yield return ("leak", cell switch
        {
            "regular-spiking" => new Leak(0.1, -70),
            "fast-spiking" => new Leak(0.15, -70),
            "intrinsically-bursting" => new Leak(0.01, -85),
            _ => new Leak(0.01, -60),
        });
        yield return ("na", new SodiumTraubMiles(SodiumTraubMiles.Measured, 50));
        yield return ("kd", new PotassiumTraubMiles(PotassiumTraubMiles.Measured, cell == "fast-spiking" ? 10 : 5));
        if (cell != "fast-spiking")
        {
            yield return ("m", new SlowPotassium(SlowPotassium.Measured, cell == "regular-spiking" ? 0.07 : 0.03));
        }

        if (cell == "intrinsically-bursting")
        {
            yield return ("cal", new HighThresholdCalcium(HighThresholdCalcium.Measured, 0.17));
        }

        if (cell == "low-threshold-spiking")
        {
            yield return ("cat", new LowThresholdCalcium(LowThresholdCalcium.Measured, 0.4));
        }
    }
}
