"""Makes spectrum-reference.json: RR series by formula, and their spectra by other people's code.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install neurokit2==0.2.13
    /tmp/venv/bin/python firmware-wasm/vectors/make-spectrum.py

neurokit    NeuroKit2's hrv_frequency, as it is
kubios      scipy's CubicSpline and welch; the smoothness priors by solving the full matrix with numpy
taskforce   scipy's CubicSpline, detrend and periodogram
ar          Burg's recursion in numpy, as Marple 1987 prints it
lomb        scipy's lombscargle

Bands other than NeuroKit2's are integrals of the density, linear between bins, from edge to edge.
"""

import json
import math
import pathlib
import warnings

import neurokit2
import numpy as np
import scipy.interpolate
import scipy.signal

NAMES = ["ULF", "VLF", "LF", "HF", "VHF", "TP", "LFHF", "LFn", "HFn", "LnHF"]
LAMBDA = 500
ORDER = 16


def noise(seed):
    """Numerical Recipes' LCG, -1 to 1."""
    state = seed
    while True:
        state = (1664525 * state + 1013904223) % 2**32
        yield state / 2**31 - 1


def heart(seconds, seed, mean_ms, slow_ms, fast_ms, noise_ms, decimals=4):
    """Intervals with a drift, a wave of 0.095 Hz, breathing of 0.27 Hz and noise."""
    values, clock_s = [], 0.0
    for chance in noise(seed):
        wave = slow_ms * math.sin(0.6 * clock_s) + fast_ms * math.sin(1.7 * clock_s) + 25 * math.sin(clock_s / 90)
        values.append(round(mean_ms + wave + noise_ms * chance, decimals))
        clock_s += values[-1] / 1000
        if clock_s > seconds:
            return values


SERIES = {
    "one minute": heart(60, 1, 800, 30, 40, 20),
    "five minutes": heart(300, 2, 910, 40, 25, 30),
    "five minutes, whole ms": heart(299, 3, 640, 15, 10, 8, 0),
    "fast and wild": heart(300, 4, 520, 60, 40, 150),
    "twelve minutes": heart(720, 5, 1010, 45, 55, 25),
    "twenty seconds": heart(20, 6, 850, 30, 40, 20),
    "seven beats": heart(6, 7, 850, 30, 40, 20),
}


def trapezoid_between(hz, density, low, high):
    inside = hz[(hz > low) & (hz < high)]
    edges = np.concatenate([[low], inside, [high]])
    return float(np.trapezoid(np.interp(edges, hz, density), edges))


def indices(hz, density, seconds, low_hz=0.0, neurokit_bands=False):
    """Bands from edge to edge, of what was measured for long enough, and the ratios."""
    value = dict.fromkeys(NAMES, math.nan)
    edge = 0.0033 if neurokit_bands else 0.0
    bands = {"VLF": (edge, 0.04, 100), "LF": (0.04, 0.15, 50), "HF": (0.15, 0.4, 2 / 0.15), "VHF": (0.4, 0.5, 2 / 0.15)}
    if neurokit_bands:
        bands["ULF"] = (0.0, edge, 100)
    for name, (low, high, least_s) in bands.items():
        low = max(low, low_hz)
        if seconds >= least_s and low < high:
            value[name] = trapezoid_between(hz, density, low, high)
    if neurokit_bands:
        value["TP"] = float(np.nansum([value[name] for name in NAMES[:5]]))
        whole = value["TP"]
    else:
        value["TP"] = value["VLF"] + value["LF"] + value["HF"]
        whole = value["LF"] + value["HF"]
    value["LFHF"] = value["LF"] / value["HF"]
    value["LFn"], value["HFn"] = value["LF"] / whole, value["HF"] / whole
    value["LnHF"] = math.log(value["HF"]) if value["HF"] > 0 else math.nan
    return [value[name] for name in NAMES]


def grid(rr):
    times = np.cumsum(np.array(rr) / 1000)
    samples = np.arange(0, times[-1] - times[0] + 1e-9, 0.25)
    return scipy.interpolate.CubicSpline(times - times[0], rr)(samples)


def smooth(x):
    second = np.diff(np.eye(len(x)), n=2, axis=0)
    return x - np.linalg.solve(np.eye(len(x)) + LAMBDA**2 * second.T @ second, x)


def points_for(count):
    return max(8, 2 ** math.ceil(math.log2(1.2 * count)))


def neurokit(rr, normalize=False):
    try:
        table = neurokit2.hrv_frequency({"RRI": rr, "RRI_Time": np.cumsum(np.array(rr) / 1000)}, normalize=normalize)
    except ValueError:
        return [math.nan] * len(NAMES)
    return [float(table["HRV_" + name].iloc[0]) for name in NAMES]


def kubios(rr):
    x = smooth(grid(rr))
    length = min(len(x), 1200)
    hz, density = scipy.signal.welch(x, 4, "hann", length, length // 2, points_for(length), detrend=False)
    density[0] *= 2
    return indices(hz, density, sum(rr) / 1000)


def taskforce(rr):
    x = scipy.signal.detrend(grid(rr))
    hz, density = scipy.signal.welch(x, 4, "hann", len(x), 0, points_for(len(x)), detrend=False)
    density[0] *= 2
    return indices(hz, density, sum(rr) / 1000)


def autoregressive(rr):
    x = smooth(grid(rr))
    forward, backward = x[1:], x[:-1]
    a, variance = np.ones(1), np.mean(x**2)
    for _ in range(ORDER):
        reflection = -2 * forward @ backward / (forward @ forward + backward @ backward)
        a = np.concatenate([a, [0]]) + reflection * np.concatenate([a, [0]])[::-1]
        variance *= 1 - reflection**2
        forward, backward = (forward + reflection * backward)[1:], (backward + reflection * forward)[:-1]
    bins = min(1026, len(x))
    hz = np.arange(bins) * 0.5 / (bins - 2)
    response = np.exp(-2j * np.pi * np.outer(hz / 4, np.arange(ORDER + 1))) @ a
    return indices(hz, 2 * variance / 4 / abs(response) ** 2, sum(rr) / 1000)


def lomb(rr, ends_ms, linear, low_cycles=0):
    times = (np.array(ends_ms) - ends_ms[0]) / 1000
    x = np.array(rr) - np.polyval(np.polyfit(times, rr, 1 if linear else 0), times)
    hz = np.arange(0, 0.5 + 1 / times[-1], 0.5 / times[-1])
    density = scipy.signal.lombscargle(times, x, 2 * np.pi * np.maximum(hz, 1e-9)) * 2 * np.mean(rr) / 1000
    density[0] = density[1]
    return indices(hz, density, sum(rr) / 1000, low_cycles / times[-1], low_cycles > 0)


def case(name, rr):
    ends = np.cumsum(rr).tolist()
    values = {
        "neurokit": neurokit(rr),
        "neurokit normalised": neurokit(rr, True),
    }
    if len(rr) >= 10:
        values["kubios"] = kubios(rr)
        values["taskforce"] = taskforce(rr)
        values["kubios, Lomb"] = lomb(rr, ends, True)
        values["neurokit, Lomb"] = lomb(rr, ends, False, 4)
        values["kubios, AR"] = autoregressive(rr)
    return {"name": name, "rrMs": rr, "endsMs": ends, "values": values}


def gapped_case(name, rr):
    """The middle fifth was not measured."""
    ends = np.cumsum(rr)
    keep = [i for i in range(len(rr)) if not 2 * len(rr) // 5 <= i < 3 * len(rr) // 5]
    rr, ends = [rr[i] for i in keep], ends[keep].tolist()
    values = {"kubios": lomb(rr, ends, True), "taskforce": lomb(rr, ends, True), "neurokit": lomb(rr, ends, False, 4)}
    gap = next(i for i in range(1, len(rr)) if ends[i] - ends[i - 1] > rr[i] + 1)
    signed = [-value if i == gap else value for i, value in enumerate(rr)]
    return {"name": name + ", a gap in the middle", "rrMs": signed, "endsMs": ends, "values": values}


def finite(values):
    return [value if math.isfinite(value) else None for value in values]


def main():
    warnings.filterwarnings("ignore")
    cases = [case(name, rr) for name, rr in SERIES.items()]
    cases.append(gapped_case("five minutes", SERIES["five minutes"]))
    for entry in cases:
        entry["values"] = {name: finite(values) for name, values in entry["values"].items()}
        entry["endsMs"] = [round(end, 4) for end in entry["endsMs"]]
    document = {
        "source": "vectors/make-spectrum.py",
        "versions": {"neurokit2": neurokit2.__version__, "numpy": np.__version__, "scipy": scipy.__version__},
        "names": NAMES,
        "cases": cases,
    }
    path = pathlib.Path(__file__).with_name("spectrum-reference.json")
    path.write_text(json.dumps(document, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")


if __name__ == "__main__":
    main()
