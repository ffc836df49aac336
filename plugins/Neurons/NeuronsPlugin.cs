using BrainModular.Models;
using BrainModular.Plugins;
using BrainModular.Plugins.Neurons;
using BrainModular.Plugins.Neurons.Channels;
using BrainModular.Plugins.Neurons.Surrogates;

[assembly: BrainModularPlugin(typeof(NeuronsPlugin))]

namespace BrainModular.Plugins.Neurons;

/// <summary>The built-in neuron models, ion channels and surrogates.</summary>
public sealed class NeuronsPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(ICatalogBuilder catalog)
    {
        catalog.Add<INeuronModel>(
            "leaky-integrate-and-fire", "A passive membrane with threshold, reset and absolute refractoriness", static s => new LeakyIntegrateAndFire(s));
        catalog.Add<INeuronModel>(
            "generalized-integrate-and-fire", "Integrate-and-fire with two spike-triggered currents", static s => new GeneralizedIntegrateAndFire(s));
        catalog.Add<INeuronModel>(
            "hodgkin-huxley", "Sodium, potassium and leak currents with the kinetics of Traub and Miles", static s => new HodgkinHuxley(s));
        catalog.Add<INeuronModel>(
            "hodgkin-huxley-1952", "The squid giant axon, per area of membrane", static s => new HodgkinHuxley1952(s));
        catalog.Add<INeuronModel>(
            "mihalas-niebur", "Integrate-and-fire with two spike-triggered currents and a threshold that is a variable", static s => new MihalasNiebur(s));
        catalog.Add<INeuronModel>("glif", "The five levels of integrate-and-fire neurons of the Allen Institute", static s => new GeneralizedLeakyIntegrateAndFire(s));
        catalog.Add<INeuronModel>(
            "gif-pozzorini", "Integrate-and-fire with spike-triggered currents and a threshold that spikes and potential move", static s => new GifPozzorini(s));
        catalog.Add<INeuronModel>(
            "exponential-integrate-and-fire", "Integrate-and-fire whose spikes begin by an exponential upstroke", static s => new ExponentialIntegrateAndFire(s));
        catalog.Add<INeuronModel>(
            "adaptive-exponential-integrate-and-fire", "The same with an adaptation current (AdEx)", static s => new AdaptiveExponential(s));
        catalog.Add<INeuronModel>(
            "quadratic-integrate-and-fire", "Integrate-and-fire whose spikes begin by a quadratic upstroke", static s => new QuadraticIntegrateAndFire(s));
        catalog.Add<INeuronModel>("izhikevich", "Two equations and a reset that give the firing patterns of cortical cells", static s => new Izhikevich(s));
        catalog.Add<INeuronModel>("fitzhugh-nagumo", "A cubic potential and a linear recovery: excitability in two equations", static s => new FitzHughNagumo(s));
        catalog.Add<INeuronModel>("morris-lecar", "Calcium, potassium and leak currents in two equations", static s => new MorrisLecar(s));
        catalog.Add<INeuronModel>("conductance-based", "One compartment made of the ion channels that the configuration lists", static s => new ConductanceBased(s));
        catalog.Add<INeuronModel>("minimal-cortical", "The minimal cells of Pospischil et al.: regular and fast spiking, bursting, low-threshold", static s => new MinimalCortical(s));
        catalog.Add<INeuronModel>("intfire1", "NEURON's artificial cell that decays, adds up events and spikes at 1", static _ => new IntFire1());
        catalog.Add<INeuronModel>("leaky-readout", "A leaky sum of events from which a network's answer is read", static _ => new LeakyReadout());
        AddChannels(catalog);
        AddSurrogates(catalog);
    }

    private static void AddChannels(ICatalogBuilder catalog)
    {
        catalog.Add<IIonChannel>("leak", "What flows at all times", static _ => new Leak());
        catalog.Add<IIonChannel>("na-hodgkin-huxley", "Sodium of the squid axon", static s => new SodiumHodgkinHuxley(SodiumHodgkinHuxley.Measured.Read(s)));
        catalog.Add<IIonChannel>("k-hodgkin-huxley", "Potassium of the squid axon", static s => new PotassiumHodgkinHuxley(PotassiumHodgkinHuxley.Measured.Read(s)));
        catalog.Add<IIonChannel>("na-traub-miles", "Sodium of cortical cells", static s => new SodiumTraubMiles(SodiumTraubMiles.Measured.Read(s)));
        catalog.Add<IIonChannel>(
            "na-traub-miles-slow", "The same, which inactivates slowly, too", static s => new SodiumTraubMiles(SodiumTraubMiles.Measured.Read(s), slow: true));
        catalog.Add<IIonChannel>("kd-traub-miles", "Delayed-rectifier potassium of cortical cells", static s => new PotassiumTraubMiles(PotassiumTraubMiles.Measured.Read(s)));
        catalog.Add<IIonChannel>("m-yamada", "Slow potassium, which makes firing adapt", static s => new SlowPotassium(SlowPotassium.Measured.Read(s)));
        catalog.Add<IIonChannel>("cal-reuveni", "High-threshold calcium L, which makes cells burst", static s => new HighThresholdCalcium(HighThresholdCalcium.Measured.Read(s)));
        catalog.Add<IIonChannel>("cat-pospischil", "Low-threshold calcium T, which makes cells burst on rebound", static s => new LowThresholdCalcium(LowThresholdCalcium.Measured.Read(s)));
        catalog.Add<IIonChannel>("cat-huguenard", "Low-threshold calcium T of relay cells, by Goldman, Hodgkin and Katz", static s => new ThalamicCalcium(s));
        catalog.Add<IIonChannel>("a-connor", "Transient potassium, which delays the first spike", static s => new TransientPotassium(TransientPotassium.Measured.Read(s)));
        catalog.Add<IIonChannel>("h-kole", "The current that hyperpolarisation opens", static s => new HyperpolarizationActivated(HyperpolarizationActivated.Measured.Read(s)));
        catalog.Add<IIonChannel>("sk-koehler", "Potassium that calcium opens at once", static _ => new SmallConductancePotassium());
        catalog.Add<IIonChannel>("ahp-destexhe", "Potassium that calcium opens slowly", static _ => new AfterHyperpolarization());
    }

    private static void AddSurrogates(ICatalogBuilder catalog)
    {
        catalog.Add<ISurrogate>("sigmoid", "A logistic step", static s => new SigmoidSurrogate(s));
        catalog.Add<ISurrogate>("arctan", "An inverse tangent step with long tails", static s => new ArctanSurrogate(s));
        catalog.Add<ISurrogate>("gaussian", "A cumulative normal step", static s => new GaussianSurrogate(s));
        catalog.Add<ISurrogate>("relu", "A triangular derivative of finite width", static s => new ReluSurrogate(s));
        catalog.Add<ISurrogate>("piecewise-quadratic", "A triangular derivative of area 1", static s => new PiecewiseQuadraticSurrogate(s));
        catalog.Add<ISurrogate>("piecewise-exp", "A derivative that falls exponentially on either side, of area 1", static s => new PiecewiseExpSurrogate(s));
        catalog.Add<ISurrogate>("soft-sign", "A step with algebraic tails", static s => new SoftSignSurrogate(s));
        catalog.Add<ISurrogate>("nonzero-sign-log", "A logarithm on either side, whose derivative falls slowest", static s => new NonzeroSignLogSurrogate(s));
        catalog.Add<ISurrogate>("erf", "An error function's step", static s => new ErfSurrogate(s));
        catalog.Add<ISurrogate>("piecewise-leaky-relu", "A rectangular derivative with constant tails", static s => new PiecewiseLeakyReluSurrogate(s));
        catalog.Add<ISurrogate>("squarewave-fourier-series", "The first terms of a square wave's Fourier series", static s => new SquarewaveFourierSeriesSurrogate(s));
        catalog.Add<ISurrogate>("s2nn", "A logistic step below threshold, a logarithm above", static s => new S2nnSurrogate(s));
        catalog.Add<ISurrogate>("q-pseudo-spike", "A derivative whose tails are as fat as is wished", static s => new QPseudoSpikeSurrogate(s));
        catalog.Add<ISurrogate>("leaky-relu", "One constant derivative below threshold and one above", static s => new LeakyReluSurrogate(s));
        catalog.Add<ISurrogate>("log-tailed-relu", "A constant derivative above threshold that falls beyond 1", static s => new LogTailedReluSurrogate(s));
        catalog.Add<ISurrogate>("multi-gaussian-grad", "A normal bell with a trough on either side", static s => new MultiGaussianGradSurrogate(s));
        catalog.Add<ISurrogate>("inv-square-grad", "A derivative of 1 at threshold that falls with the square of the distance", static s => new InvSquareGradSurrogate(s));
        catalog.Add<ISurrogate>("slayer-grad", "A derivative of 1 at threshold that falls exponentially", static s => new SlayerGradSurrogate(s));
        catalog.Add<ISurrogate>("none", "No derivative: gradients with the steps of spikes held fixed", static _ => new NoSurrogate());
    }
}
