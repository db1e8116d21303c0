"""Makes hrv-time-neurokit2.json: RR series by formula, and what NeuroKit2 says of them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install neurokit2==0.2.13
    /tmp/venv/bin/python firmware-wasm/vectors/make-hrv-time.py

NeuroKit2's TINN is left out (cores/hrv/NOTES.md). In its place stands a dense least-squares search over the same histogram,
written here with numpy and on purpose without the shortcuts of the core.
"""

import json
import math
import pathlib
import warnings

import neurokit2
import numpy as np

BIN_MS = 1000 / 128


def noise(count, seed):
    """Numerical Recipes' LCG, -1 to 1."""
    state, values = seed, []
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        values.append(state / 2**31 - 1)
    return values


def breathing(count, seed, mean_ms, slow_ms, fast_ms, noise_ms, decimals):
    """Slow and respiratory waves over the beats, and noise."""
    return [
        round(mean_ms + slow_ms * math.sin(i / 60) + fast_ms * math.sin(i * 1.3) + noise_ms * r, decimals)
        for i, r in enumerate(noise(count, seed))
    ]


def gapped(series, every):
    """Every n-th interval is missing: NaN for NeuroKit2, a flag on the next one for the core."""
    return [math.nan if i % every == every - 1 else rr for i, rr in enumerate(series)]


SERIES = {
    "five minutes, whole ms": breathing(380, 1, 790, 20, 35, 15, 0),
    "seventeen minutes, tenths of a us": breathing(1040, 2, 980, 45, 30, 20, 4),
    "fast and nearly still": breathing(600, 3, 431.7, 1, 0.5, 0.25, 4),
    "wild": breathing(500, 4, 900, 100, 150, 400, 2),
    "ends on the edges of segments": [500.0, 1000.0] * 400,
    "one interval longer than a segment": [801.0] * 200 + [65000.0] + [810.0, 790.0] * 60,
    "longest on an edge of a bin": [992.1875, 1000.0, 996.5, 1000.0, 990.0, 1000.0],
    "two": [800.0, 850.0],
    "three": [800.0, 850.0, 790.0],
    "seven": [801.5, 777.0, 840.25, 821.0, 760.5, 799.0, 812.0],
    "with gaps": gapped(breathing(700, 5, 830, 30, 40, 25, 3), 23),
    "with gaps, short": [800.0, math.nan, 850.0, 845.0, math.nan, 900.0, 903.0, 880.0],
}


def tinn(rr):
    """Least squares over the whole histogram, both feet of the triangle at every bin from the apex outwards."""
    bins = np.arange(0, np.max(rr) + BIN_MS, BIN_MS)
    heights, edges = np.histogram(rr, bins=bins)
    apex = int(np.argmax(heights))
    used = np.nonzero(heights)[0]

    def base(row):
        best, best_error = 1, math.inf
        for length in range(1, len(row) + 1):
            q = row[0] * np.clip(1 - np.arange(len(row)) / length, 0, None)
            error = float(np.sum((row - q) ** 2))
            if error < best_error - 1e-9:
                best, best_error = length, error
        return best

    return (base(heights[used[0] : apex + 1][::-1]) + base(heights[apex : used[-1] + 1])) * BIN_MS


def clean(value):
    return float(value) if math.isfinite(value) else None


def vector(name, series):
    rr, after_gap, gap = [], [], False
    for value in series:
        if math.isnan(value):
            gap = True
        else:
            rr.append(value)
            after_gap.append(gap)
            gap = False
    indices = neurokit2.hrv_time({"RRI": np.array(series)}).iloc[0].to_dict()
    values = {key: clean(value) for key, value in indices.items() if key != "HRV_TINN"}
    gaps = [i for i, flag in enumerate(after_gap) if flag]
    return {"name": name, "rrMs": rr, "afterGapAt": gaps, "values": values, "tinnLeastSquares": tinn(np.array(rr))}


warnings.simplefilter("ignore")
document = {
    "origin": f"NeuroKit2 {neurokit2.__version__} hrv_time, numpy {np.__version__}; made by make-hrv-time.py",
    "vectors": [vector(name, series) for name, series in SERIES.items()],
}
path = pathlib.Path(__file__).with_name("hrv-time-neurokit2.json")
lines = ",\n".join("    " + json.dumps(entry) for entry in document["vectors"])
path.write_text(f'{{\n  "origin": {json.dumps(document["origin"])},\n  "vectors": [\n{lines}\n  ]\n}}\n')
