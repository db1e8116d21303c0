"""Reads both sets by their public layout: nights of Apple Watches (Walch 2019) and slpdb (Ichimaru & Moody 1999)."""

import gzip
from pathlib import Path

import numpy as np

EPOCH_S = 30
# PSG codes of Walch: 0 W, 1 N1, 2 N2, 3 and 4 N3, 5 REM; ours: 0 wake, 1 light, 2 deep, 3 REM, -1 not scored.
WALCH_STAGES = {-1: -1, 0: 0, 1: 1, 2: 1, 3: 2, 4: 2, 5: 3}
SLPDB_STAGES = {"W": 0, "1": 1, "2": 1, "3": 2, "4": 2, "R": 3, "MT": -1, "M": -1}
SLPDB_RATE_HZ = 250
KIND_ACTIVITY, KIND_SPREAD, KIND_INTERVAL = 1, 2, 3


def stage_of(book, code, where):
    """A code that nobody knows is no "not scored": the file is another one than it seems."""
    if code not in book:
        raise SystemExit(f"{where}: {code!r} is no stage of the code book {sorted(book, key=str)}")
    return book[code]


def walch(folder):
    """Inputs of an epoch lie at its place in time: the files skip epochs that were not scored."""
    for file in sorted(Path(folder).glob("*_psg_labels.out")):
        person = file.name.split("_")[0]
        columns = {name: np.loadtxt(file.with_name(f"{person}_{name}.out")) for name in ("count_feature", "hr_feature", "time_feature", "psg_labels")}
        lengths = {name: len(column) for name, column in columns.items()}
        if len(set(lengths.values())) > 1:
            raise SystemExit(f"{person}: columns differ in length: {lengths}")
        epochs = np.round(columns["time_feature"] * 3600 / EPOCH_S).astype(int)
        labels = np.full(epochs[-1] + 1, -1)
        for epoch, code in zip(epochs, columns["psg_labels"].astype(int)):
            labels[epoch] = stage_of(WALCH_STAGES, int(code), person)
        inputs = [
            (epoch * EPOCH_S, value, kind)
            for epoch, count, spread in zip(epochs, columns["count_feature"], columns["hr_feature"])
            for value, kind in ((count, KIND_ACTIVITY), (spread, KIND_SPREAD))
        ]
        yield {"person": person, "name": person, "inputs": inputs, "labels": labels}


def seconds(clock):
    value = 0.0
    for part in clock.split(":"):
        value = 60 * value + float(part)
    return value


def slpdb(folder):
    """slp01a and slp01b are parts of one man's night."""
    for file in sorted(Path(folder).glob("*.an")):
        name = file.stem
        scored = {}
        for line in file.read_text().splitlines():
            parts = line.split()
            if len(parts) > 6 and parts[2] == '"':
                scored[int(parts[1]) // (SLPDB_RATE_HZ * EPOCH_S)] = stage_of(SLPDB_STAGES, parts[6], name)
        labels = np.full(max(scored) + 1, -1)
        labels[list(scored)] = list(scored.values())
        yield {"person": name[:5], "name": name, "inputs": intervals(file.with_suffix(".rr")), "labels": labels}


def intervals(file):
    packed = file.with_name(file.name + ".gz")
    text = gzip.decompress(packed.read_bytes()).decode() if packed.exists() else file.read_text()
    rows = [line.split() for line in text.splitlines()]
    return [(seconds(row[4]), 1000 * float(row[2]), KIND_INTERVAL) for row in rows if len(row) == 5 and not row[1].startswith("[")]
