"""The Hodgkin-Huxley fit by gradients of PyTorch and SciPy's L-BFGS-B: fit_pytorch.py INPUTS.csv GL,GNA,GK,VTH LEVEL

Prints one JSON line: seconds by the clock and of the processor until the mean squared error in mV^2 is at most LEVEL, compiling left out, the loss, and evaluations.
The five traces are one batch; equations, exponential Euler and target are those of HodgkinHuxleyCase.cs.
"""
import json
import sys
import time

import numpy as np
import scipy.optimize
import torch

TRUE = [0.0083637, 24.6977, 5.8149, -55.3109]
LOWER = np.array([1e-4, 0.01, 0.01, -65.0])
UPPER = np.array([0.1, 40.0, 20.0, -50.0])
STEP = 0.01


@torch.jit.script
def linoid(x):
    return -x / torch.expm1(-x)


@torch.jit.script
def potentials(g_l, g_na, g_k, v_th, current):
    v = torch.full_like(current[0], -65.0)
    m = torch.zeros_like(v)
    h = torch.zeros_like(v)
    n = torch.zeros_like(v)
    recorded = [v]
    for t in range(current.shape[0] - 1):
        u = v - v_th
        opening_m = 1.28 * linoid((u - 13.0) / 4.0)
        closing_m = 1.4 * linoid((40.0 - u) / 5.0)
        opening_h = 0.128 * torch.exp((17.0 - u) / 18.0)
        closing_h = 4.0 * torch.sigmoid((u - 40.0) / 5.0)
        opening_n = 0.16 * linoid((u - 15.0) / 5.0)
        closing_n = 0.5 * torch.exp((10.0 - u) / 40.0)
        sodium = g_na * m * m * m * h
        potassium = g_k * n * n * n * n
        total = sodium + potassium + g_l
        target = (current[t] + sodium * 50.0 - potassium * 90.0 - g_l * 65.0) / total
        rate_m, rate_h, rate_n = opening_m + closing_m, opening_h + closing_h, opening_n + closing_n
        v = target + (v - target) * torch.exp(-0.01 * total / 0.2)
        m = opening_m / rate_m + (m - opening_m / rate_m) * torch.exp(-0.01 * rate_m)
        h = opening_h / rate_h + (h - opening_h / rate_h) * torch.exp(-0.01 * rate_h)
        n = opening_n / rate_n + (n - opening_n / rate_n) * torch.exp(-0.01 * rate_n)
        recorded.append(v)
    return torch.stack(recorded)


def coordinate(values):
    at = np.log(np.array(values[:3]) / LOWER[:3]) / np.log(UPPER[:3] / LOWER[:3])
    return np.append(at, (values[3] - LOWER[3]) / (UPPER[3] - LOWER[3]))


class Reached(Exception):
    pass


def main():
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(2)
    table = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
    current = torch.tensor(1e9 * table[:, 1:1498].T.copy())
    start, level = [float(x) for x in sys.argv[2].split(",")], float(sys.argv[3])
    with torch.no_grad():
        target = potentials(*[torch.tensor(x) for x in TRUE], current)
    lower, upper = torch.tensor(LOWER), torch.tensor(UPPER)
    best, evaluations = [np.inf], [0]

    def loss(x):
        at = torch.tensor(x, requires_grad=True)
        conductances = lower[:3] * torch.exp(at[:3] * torch.log(upper[:3] / lower[:3]))
        v_th = lower[3] + at[3] * (upper[3] - lower[3])
        error = ((potentials(conductances[0], conductances[1], conductances[2], v_th, current) - target) ** 2).mean()
        error.backward()
        evaluations[0] += 1
        best[0] = min(best[0], float(error))
        if best[0] <= level:
            raise Reached
        return float(error), at.grad.numpy()

    # The compiler of scripts looks at the first calls; they do not count.
    for _ in range(2):
        loss(coordinate(start))
    best[0], evaluations[0], began, cpu = np.inf, 0, time.perf_counter(), time.process_time()
    try:
        scipy.optimize.minimize(loss, coordinate(start), jac=True, method="L-BFGS-B", bounds=[(0, 1)] * 4, options={"ftol": 0, "gtol": 0, "maxiter": 200})
    except Reached:
        pass
    print(json.dumps({"wall_s": time.perf_counter() - began, "cpu_s": time.process_time() - cpu, "loss": best[0], "evaluations": evaluations[0]}))


main()
