"""The microcircuit in NEST, from the configuration that BrainModular runs: microcircuit_nest.py CONFIG THREADS

Prints one JSON line: seconds by the clock of what is simulated after the time that is left out (nothing of what makes the network), rates in Hz by population, and the most memory.
Membrane and currents are stepped exactly, numbers have 64 bits, all spikes are recorded. A population has one generator of Poisson input, which sends each cell its own.
"""
import json
import resource
import sys
import time

import nest
import numpy as np


def number(quantity):
    return float(quantity.split()[0])


with open(sys.argv[1], encoding="utf-8") as file:
    stage = json.load(file)["stages"]["simulate"]
network = stage["network"]
step = number(network["timeStep"])
nest.ResetKernel()
nest.set(resolution=step, local_num_threads=int(sys.argv[2]), rng_seed=1)
tau_synapse = number(network["synapses"]["current"]["parameters"]["tau"])
populations = {}
for name, population in network["populations"].items():
    cell = {key: number(value) for key, value in population["neuron"]["parameters"].items()}
    populations[name] = nest.Create("iaf_psc_exp", population["count"], {
        "tau_m": cell["tauM"], "C_m": 1000 * cell["tauM"] / cell["R"], "E_L": cell["EL"], "V_th": cell["Vth"], "V_reset": cell["Vreset"], "t_ref": cell["tref"],
        "tau_syn_ex": tau_synapse, "tau_syn_in": tau_synapse,
    })
    mean, deviation = map(number, population["initial"]["V"]["normal"])
    populations[name].V_m = nest.random.normal(mean, deviation)

for projection in network["projections"].values():
    target, weights = populations[projection["to"]], projection["weights"]
    if projection["connectome"]["type"] == "one-to-one":
        generator = nest.Create("poisson_generator", params={"rate": number(stage["inputs"][projection["from"]]["poisson"])})
        nest.Connect(generator, target, "all_to_all", {"weight": weights["value"], "delay": number(projection["delay"])})
        continue

    mean, deviation = map(number, projection["delay"]["normal"])
    drawn = nest.random.normal(weights["mean"], weights["sd"])
    nest.Connect(
        populations[projection["from"]], target, {"rule": "fixed_total_number", "N": projection["connectome"]["connections"]},
        {
            "weight": nest.math.redraw(drawn, 0, np.inf) if weights["mean"] > 0 else nest.math.redraw(drawn, -np.inf, 0),
            "delay": nest.math.redraw(nest.random.normal(mean, deviation), step, np.inf),
        })

recorders = {name: nest.Create("spike_recorder") for name in populations}
for name, recorder in recorders.items():
    nest.Connect(populations[name], recorder)

left_out = number(stage["record"]["warmUp"])
seconds = number(stage["duration"]) - left_out
with nest.RunManager():
    nest.Run(1000 * left_out)
    before = {name: recorder.n_events for name, recorder in recorders.items()}
    start = time.perf_counter()
    nest.Run(1000 * seconds)
    wall = time.perf_counter() - start

print(json.dumps({
    "impl": "nest", "version": nest.__version__, "seconds": seconds, "wall_s": wall,
    "rates": {name: (recorder.n_events - before[name]) / len(populations[name]) / seconds for name, recorder in recorders.items()},
    "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
