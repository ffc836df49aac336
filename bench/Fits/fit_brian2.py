"""The Hodgkin-Huxley fit by Brian2 and SciPy's differential evolution: fit_brian2.py INPUTS.csv SEED LEVEL

Prints one JSON line: seconds by the clock and of the processor until the mean squared error in mV^2 is at most LEVEL, making and compiling the model left out, the loss, and evaluations.
A generation is one group of neurons, five traces of each of 60 candidates, in machine code by Cython.
"""
import json
import sys
import time

import brian2 as b2
import numpy as np
import scipy.optimize

b2.prefs.codegen.target = "cython"
TRUE = np.array([0.0083637, 24.6977, 5.8149, -55.3109])
LOWER = np.array([1e-4, 0.01, 0.01, -65.0])
UPPER = np.array([0.1, 40.0, 20.0, -50.0])
CANDIDATES = 60
TRACES = 5
STEPS = 1497

EQUATIONS = """
dv/dt = (current(t, i % 5) - gNa * m**3 * h * (v - 50) - gK * n**4 * (v + 90) - gL * (v + 65)) / 0.2 / ms : 1
dm/dt = (1.28 * (u - 13) / 4 / (1 - exp(-(u - 13) / 4)) * (1 - m) - 1.4 * (40 - u) / 5 / (1 - exp(-(40 - u) / 5)) * m) / ms : 1
dh/dt = (0.128 * exp((17 - u) / 18) * (1 - h) - 4 / (1 + exp((40 - u) / 5)) * h) / ms : 1
dn/dt = (0.16 * (u - 15) / 5 / (1 - exp(-(u - 15) / 5)) * (1 - n) - 0.5 * exp((10 - u) / 40) * n) / ms : 1
u = v - vth : 1
error : 1
gL : 1 (constant)
gNa : 1 (constant)
gK : 1 (constant)
vth : 1 (constant)
"""


class Reached(Exception):
    pass


def group(current, count, measured):
    cells = b2.NeuronGroup(count, EQUATIONS, method="exponential_euler", namespace={"current": current, "measured": measured})
    cells.v = -65
    if measured is not None:
        cells.run_regularly("error += (v - measured(t, i % 5))**2", when="start")
    return cells


def take(cells, values):
    for name, column in zip(("gL", "gNa", "gK", "vth"), values):
        setattr(cells, name, np.repeat(column, TRACES))


def main():
    seed, level = int(sys.argv[2]), float(sys.argv[3])
    b2.defaultclock.dt = 0.01 * b2.ms
    table = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
    current = b2.TimedArray(1e9 * table[:, 1:STEPS + 1].T, dt=0.01 * b2.ms)

    cells = group(current, TRACES, None)
    take(cells, TRUE[:, None])
    monitor = b2.StateMonitor(cells, "v", record=True, when="start")
    b2.Network(cells, monitor).run(STEPS * 0.01 * b2.ms)
    measured = b2.TimedArray(np.array(monitor.v).T, dt=0.01 * b2.ms)

    cells = group(current, CANDIDATES * TRACES, measured)
    network = b2.Network(cells)
    network.store()
    best, evaluations = [np.inf], [0]

    def losses(points):
        values = LOWER[:, None] * (UPPER / LOWER)[:, None] ** points
        values[3] = LOWER[3] + points[3] * (UPPER[3] - LOWER[3])
        network.restore()
        take(cells, values)
        network.run(STEPS * 0.01 * b2.ms)
        found = np.array(cells.error).reshape(-1, TRACES).sum(axis=1) / (STEPS * TRACES)
        evaluations[0] += found.size
        best[0] = min(best[0], np.nanmin(found))
        if best[0] <= level:
            raise Reached
        return np.where(np.isfinite(found), found, 1e9)

    # Code is made, or found, when a network runs first; that does not count.
    losses(np.full((4, CANDIDATES), 0.5))
    best[0], evaluations[0], began, cpu = np.inf, 0, time.perf_counter(), time.process_time()
    try:
        scipy.optimize.differential_evolution(
            losses, [(0, 1)] * 4, popsize=CANDIDATES // 4, maxiter=300, seed=seed, polish=False, updating="deferred", vectorized=True, tol=0, atol=0)
    except Reached:
        pass
    print(json.dumps({"wall_s": time.perf_counter() - began, "cpu_s": time.process_time() - cpu, "loss": best[0], "evaluations": evaluations[0]}))


main()
