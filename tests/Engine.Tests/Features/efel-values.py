"""Writes efel-values.json: the features that eFEL finds in the traces of icephys-efel-features, with its default settings.

python3 efel-values.py DATA OUT.json   (needs efel, numpy, scipy; DATA is the folder icephys-efel-features)
"""
import json
import multiprocessing
import sys
import warnings

import efel
import numpy as np

# file, columns of time, potential and current (a time with a point is the sampling interval in ms), factor of time, stimulus in ms, its current in nA
TRACES = [
    ("allfeatures/testdata.txt", (0, 1, None), 1, (700, 2700), 0.5),
    ("allfeatures/testbacdata.txt", (0, 1, None), 1, (295, 600), None),
    ("allfeatures/testbap1data.txt", (0, 1, None), 1, (295, 500), None),
    ("allfeatures/testbap2data.txt", (0, 1, None), 1, (295, 500), None),
    ("allfeatures/testdbdata.txt", (0, 1, None), 1, (419.995, 1419.995), None),
    ("allfeatures/testdb1data.txt", (0, 1, None), 1, (419.995, 1419.995), None),
    ("allfeatures/testdb2data.txt", (0, 1, None), 1, (419.995, 1419.995), None),
    ("allfeatures/testdb3data.txt", (0, 1, None), 1, (419.995, 1419.995), None),
    ("basic/AP_begin_indices_95810005.abf.csv", (0.1, 0, None), 1, (31.2, 431.2), None),
    ("basic/current.txt", (0, 2, 1), 1000, (700, 2700), 0.1),
    ("basic/dendritic_AP.txt", (0, 1, None), 1, (200, 1200), None),
    ("basic/min_AHP_values_single_peak.txt", (0, 1, None), 1, (1950, 2050), None),
    ("basic/sagtrace_1.txt", (0, 1, None), 1, (800, 3800), -0.1),
    ("basic/spike_outside_stim.txt", (0, 1, None), 1, (700, 2700), 0.3),
    ("basic/spiking_from_beginning_to_end.txt", (0, 1, None), 1, (20, 140), None),
    ("basic/zero_ISI_log_slope_skip95824004.abf.csv", (0, 1, None), 1, (31.2, 431.2), None),
]

# Made by formulas, as EfelTests makes them: bursts that are parted in both ways, and a resonant membrane under a current of rising frequency.
MADE = [("made/bursts", (500, 2600), None), ("made/resonance", (500, 4500), None)]

# Aliases of spike_count and spike_count_stimint.
DEPRECATED = ["Spikecount", "Spikecount_stimint"]


def windows(stimulus):
    return {"stim_start": [stimulus[0]], "stim_end": [stimulus[1]], "multi_stim_start": [stimulus[0]], "multi_stim_end": [stimulus[1]]}


def trace(file, columns, factor, stimulus, current):
    data = np.loadtxt(f"{sys.argv[1]}/testdata/{file}", ndmin=2)
    time, potential, injected = columns
    found = {
        "T": np.arange(len(data)) * time if isinstance(time, float) else data[:, time] * factor,
        "V": data[:, potential],
        **windows(stimulus),
    }
    if injected is not None:
        found["I"] = data[:, injected]
    if current is not None:
        found["stimulus_current"] = [current]
    return found


def made(file, stimulus):
    if file == "made/bursts":
        time = np.arange(30001) * 0.1
        potential = np.full(len(time), -70.0)
        bursts = [(600, 3, 40), (860, 4, 9), (1130, 6, 11), (1450, 1, 0), (1640, 5, 8), (1900, 7, 10), (2300, 2, 12), (2480, 1, 0)]
        for start, count, interval in bursts:
            for since in (time - (start + interval * k) for k in range(count)):
                after = np.maximum(since, 0)
                potential += 100 * np.exp(-((since / 0.4) ** 2)) - 12 * (np.exp(-after / 15) - np.exp(-after / 2))
        return {"T": time, "V": potential, **windows(stimulus)}

    time = np.arange(50001) * 0.1
    within = np.clip(time - 500, 0, 4000)
    current = 0.05 * np.sin(2 * np.pi * 50 / 8e6 * within**2)
    potential = np.empty(len(time))
    v, w = 0.0, 0.0
    for i, injected in enumerate(current):
        potential[i] = v - 70
        v, w = v + 0.1 * (injected - 0.01 * v - w) / 0.2, w + 0.1 * (0.02 * v - w) / 50
    return {"T": time, "V": potential, "I": current, **windows(stimulus)}


def rounded(values):
    if values is None or len(values) == 0 or not np.all(np.isfinite(values)):
        return None
    # Whole traces are told by their length and their sum.
    if len(values) > 1000:
        return {"count": len(values), "sum": float(f"{np.sum(values):.9g}")}
    return [float(f"{v:.9g}") for v in values]


def value(loaded, name, to):
    try:
        to.send(rounded(efel.get_feature_values([loaded], [name])[0][name]))
    except Exception as fault:
        print(name, repr(fault), file=sys.stderr)
        to.send(None)


def isolated(loaded, name):
    """In a process of its own: some traces end eFEL with a fault of memory; the feature counts as unknown then."""
    receive, to = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=value, args=(loaded, name, to))
    process.start()
    to.close()
    try:
        found = receive.recv()
    except EOFError:
        found = "unknown"
    process.join()
    return found


warnings.simplefilter("ignore")
names = [n for n in efel.get_feature_names() if n not in DEPRECATED]
out = []
for entry in TRACES:
    file, columns, factor, stimulus, current = entry
    loaded = trace(*entry)
    features = {name: isolated(loaded, name) for name in names}
    out.append({
        "file": file, "time": columns[0], "potential": columns[1], "current": columns[2], "timeFactor": factor,
        "start": stimulus[0], "end": stimulus[1], "stimulusCurrent": current, "features": features,
    })

for file, stimulus, current in MADE:
    loaded = made(file, stimulus)
    out.append({
        "file": file, "time": None, "potential": None, "current": None, "timeFactor": 1, "start": stimulus[0], "end": stimulus[1], "stimulusCurrent": current,
        "features": {name: isolated(loaded, name) for name in names},
    })

lines = []
for entry in out:
    head = {k: v for k, v in entry.items() if k != "features"}
    rows = ",\n".join(f"      {json.dumps(k)}: {json.dumps(v)}" for k, v in sorted(entry["features"].items()))
    lines.append("  {" + json.dumps(head)[1:-1] + ',\n    "features": {\n' + rows + "\n    }}")
with open(sys.argv[2], "w") as file:
    file.write("[\n" + ",\n".join(lines) + "\n]\n")
