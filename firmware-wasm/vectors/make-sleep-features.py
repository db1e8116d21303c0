"""Makes sleep-features.json: counts and heart rates by formula, and the two features of their epochs as Walch 2019 (Sleep 42, zsz180) defines
them and its programme (github.com/ojwalch/sleep_classifiers, MIT) computes them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install numpy==2.4.6
    /tmp/venv/bin/python firmware-wasm/vectors/make-sleep-features.py

Counts here lie in the middle of their 15 s. That programme stretches their times over the recording, from its first moment to its last.
"""

import json
import math
import pathlib

import numpy as np

REACH_S = 285
EPOCHS = 120


def noise(seed):
    """Numerical Recipes' LCG, -1 to 1."""
    state = seed
    while True:
        state = (1664525 * state + 1013904223) % 2**32
        yield state / 2**31 - 1


def night(step_s, seed):
    """Counts of 15 s, still but for a restless quarter of an hour and a turn now and then; a heart rate every `step_s` that goes with it."""
    random = noise(seed)
    counts, rates = [], []
    for slot in range(2 * EPOCHS):
        is_awake = 100 <= slot < 160
        moves = next(random) > (0 if is_awake else 0.9)
        counts.append(math.floor(0.5 + (120 if is_awake else 30) * (1 + next(random))) if moves else 0)
    for index in range(30 * EPOCHS // step_s):
        time_s = index * step_s
        slow = 4 * math.sin(time_s / 700) + 3 * math.sin(time_s / 97 + math.sin(time_s / 400))
        rates.append(math.floor(60.5 + slow + 0.05 * counts[time_s // 15] + 2 * next(random)))
    return counts, rates


def from_second_to_second(times_s, values):
    seconds = np.arange(times_s[0], times_s[-1], 1.0)
    return seconds, np.interp(seconds, times_s, values)


def windows(seconds, values):
    for epoch in range(EPOCHS):
        yield values[(seconds > 30 * epoch - REACH_S) & (seconds < 30 * epoch + 30 + REACH_S)]


def bell(length, spread_s):
    return np.exp(-0.5 * ((np.arange(length) - length // 2) / spread_s) ** 2)


def activity(counts):
    times_s = 15.0 * np.arange(len(counts)) + 7.5
    for window in windows(*from_second_to_second(times_s, counts)):
        weights = bell(len(window), 50)
        yield float(weights @ window / weights.sum())


def heart_spread(rates, step_s):
    seconds, values = from_second_to_second(float(step_s) * np.arange(len(rates)), rates)
    values = values - values.mean()
    half = REACH_S // 2
    # Mirrored at its ends. At the second end the mirror comes before the last value: so does the published programme.
    padded = np.concatenate([values[:half][::-1], values[:-1], values[-half:][::-1], values[-1:]])
    filtered = np.convolve(padded, bell(REACH_S, 120) - 0.75 * bell(REACH_S, 600), mode="valid")
    filtered /= np.percentile(np.abs(filtered), 90)
    for window in windows(seconds, filtered):
        yield float(window.std())


SERIES = {"a heart rate every 5 s": dict(step_s=5, seed=1), "a heart rate every second": dict(step_s=1, seed=2)}


def describe(name, step_s, seed):
    counts, rates = night(step_s, seed)
    return {
        "name": name,
        "stepS": step_s,
        "seed": seed,
        "activity": [round(value, 3) for value in activity(counts)],
        "heartSpread": [round(value, 4) for value in heart_spread(rates, step_s)],
    }


if __name__ == "__main__":
    document = {"origin": f"numpy {np.__version__}", "series": [describe(name, **how) for name, how in SERIES.items()]}
    lines = json.dumps(document).replace('{"name"', '\n{"name"')
    pathlib.Path(__file__).with_name("sleep-features.json").write_text(lines + "\n")
