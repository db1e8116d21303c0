"""Makes rsa-neurokit2.json: beats and breaths by formula, and what NeuroKit2's hrv_rsa says of them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install neurokit2==0.2.13
    /tmp/venv/bin/python firmware-wasm/vectors/make-rsa.py

hrv_rsa makes the beats anew from their intervals, so that they begin at sample 0 whatever they began at; the breaths stay where they
are. The first beat of most series is therefore at sample 0; one is not, and shows what happens then.
"""

import json
import math
import pathlib
import warnings

import neurokit2
import numpy as np
import pandas as pd
import scipy


def noise(seed):
    """Numerical Recipes' LCG, -1 to 1."""
    state = seed
    while True:
        state = (1664525 * state + 1013904223) % 2**32
        yield state / 2**31 - 1


def heart(seconds, rate_hz, breath_s, swing_s, mean_s, jitter_s, seed, first=0):
    """Samples of beats whose intervals follow a breath of `breath_s`, with noise."""
    random, beats = noise(seed), [first / rate_hz]
    while beats[-1] < seconds - 2:
        swing = swing_s * math.sin(2 * math.pi * beats[-1] / breath_s)
        slow = 0.02 * math.sin(beats[-1] / 11)
        beats.append(beats[-1] + mean_s + swing + slow + jitter_s * next(random))
    return [round(beat * rate_hz) for beat in beats]


def lungs(seconds, rate_hz, breath_s, uneven, seed):
    """Samples of troughs, and of the peaks between them."""
    random, troughs = noise(seed), [1.0]
    while troughs[-1] < seconds - 8:
        troughs.append(troughs[-1] + breath_s * (1 + uneven * next(random)))
    peaks = [a + 0.4 * (b - a) for a, b in zip(troughs, troughs[1:])]
    return [round(t * rate_hz) for t in troughs], [round(p * rate_hz) for p in peaks]


SERIES = {
    "five minutes, calm": dict(seconds=300, rate_hz=100, breath_s=4.0, swing_s=0.05, mean_s=0.85, jitter_s=0.01, seed=1),
    "three minutes, fast": dict(seconds=180, rate_hz=250, breath_s=2.6, swing_s=0.01, mean_s=0.55, jitter_s=0.004, seed=2),
    "slow breath, strong": dict(seconds=240, rate_hz=500, breath_s=7.5, swing_s=0.14, mean_s=1.05, jitter_s=0.02, seed=3),
    "hardly any": dict(seconds=120, rate_hz=1000, breath_s=3.3, swing_s=0.002, mean_s=0.7, jitter_s=0.003, seed=4),
    "few beats to a breath": dict(seconds=150, rate_hz=200, breath_s=2.0, swing_s=0.05, mean_s=1.5, jitter_s=0.03, seed=5),
    "first beat late": dict(seconds=300, rate_hz=100, breath_s=4.0, swing_s=0.05, mean_s=0.85, jitter_s=0.01, seed=1, first=130),
}


def clean(value):
    return float(value) if math.isfinite(value) else None


def vector(name, settings):
    seconds, rate_hz = settings["seconds"], settings["rate_hz"]
    count = seconds * rate_hz
    beats = np.array(heart(**settings))
    troughs, peaks = lungs(seconds, rate_hz, settings["breath_s"], 0.15, settings["seed"] + 10)
    rsp = neurokit2.rsp_phase({"RSP_Peaks": peaks, "RSP_Troughs": troughs}, desired_length=count)
    rsp["RSP_Peaks"] = np.isin(np.arange(count), peaks).astype(int)
    ecg = pd.DataFrame({
        "ECG_Rate": neurokit2.signal_rate(beats, sampling_rate=rate_hz, desired_length=count),
        "ECG_R_Peaks": np.isin(np.arange(count), beats).astype(int),
    })
    values = neurokit2.hrv_rsa(ecg, rsp, beats, sampling_rate=rate_hz)
    return {
        "name": name,
        "rateHz": rate_hz,
        "sampleCount": count,
        "beats": beats.tolist(),
        "troughs": troughs,
        "peaks": peaks,
        "values": {key: clean(value) for key, value in values.items()},
    }


warnings.simplefilter("ignore")
document = {
    "origin": f"NeuroKit2 {neurokit2.__version__} hrv_rsa, numpy {np.__version__}, scipy {scipy.__version__}; made by make-rsa.py",
    "vectors": [vector(name, settings) for name, settings in SERIES.items()],
}
path = pathlib.Path(__file__).with_name("rsa-neurokit2.json")
lines = ",\n".join("    " + json.dumps(entry) for entry in document["vectors"])
path.write_text(f'{{\n  "origin": {json.dumps(document["origin"])},\n  "vectors": [\n{lines}\n  ]\n}}\n')
