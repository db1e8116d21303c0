"""Makes hrv-neurokit2.json: what NeuroKit2 says of real and of made RR series.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install neurokit2==0.2.13
    /tmp/venv/bin/python firmware-wasm/vectors/make-hrv-neurokit2.py [../shared/data]

A real recording stays outside the repository: a case names the data set, the file and the part of it, and carries the SHA-256 of its
intervals (ms, little-endian f64), so that whoever has the data knows that they hold the same numbers. A made series is written out.

"values" holds the 95 columns of nk.hrv() with normalize=False (ms2), "normalised" the frequency columns with normalize=True, "rqa" the
columns of nk.hrv_rqa(). null: NeuroKit2 gives NaN, an infinity or no such column. Intervals go in as {"RRI": ms}, which quantises
nothing; a peak list would be cut to whole samples. Where time is missing between intervals, "gaps" says before which ones and how many
ms, and they go in as {"RRI", "RRI_Time"}. NeuroKit2 then leaves out the differences across the gap in the columns of "gapAware" only;
all others treat the two sides as neighbours or draw a spline over the gap, so they are no reference for a series with gaps.
"""

import csv
import gzip
import hashlib
import json
import math
import pathlib
import struct
import sys
import warnings

import neurokit2 as nk
import numpy as np
import scipy

HERE = pathlib.Path(__file__)
BEAT_CODES = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25, 30, 34, 35, 38, 41}

# kind, data set, file, first interval (from 0), number of intervals (None: to the end)
REAL = [
    ("welltory", "welltory_hrv_covid19", "hrv_measurements.csv.gz", 0, None, {"row": 0}),
    ("welltory", "welltory_hrv_covid19", "hrv_measurements.csv.gz", 0, None, {"row": 1344}),
    ("welltory", "welltory_hrv_covid19", "hrv_measurements.csv.gz", 0, None, {"row": 872}),
    ("welltory", "welltory_hrv_covid19", "hrv_measurements.csv.gz", 0, 60, {"row": 700}),
    ("wfdb", "rr_nsr2db", "nsr001.ecg", 2000, 440, {"rateHz": 128}),
    ("wfdb", "rr_nsr2db", "nsr001.ecg", 60000, 400, {"rateHz": 128}),
    ("wfdb", "rr_nsr2db", "nsr004.ecg", 2000, 400, {"rateHz": 128}),
    ("wfdb", "rr_nsr2db", "nsr004.ecg", 50000, 350, {"rateHz": 128}),
    ("gudb", "gudb_rpeaks", "subject_01__sitting__annotation_cs.tsv", 0, None, {"rateHz": 250}),
    ("gudb", "gudb_rpeaks", "subject_12__maths__annotation_cs.tsv", 0, None, {"rateHz": 250}),
    ("gudb", "gudb_rpeaks", "subject_12__jogging__annotation_cs.tsv", 0, None, {"rateHz": 250}),
    ("wfdb", "mitdb", "100.atr", 0, 370, {"rateHz": 360}),
    ("wfdb", "mitdb", "101.atr", 500, 75, {"rateHz": 360}),
    ("wfdb", "mitdb", "105.atr", 0, 420, {"rateHz": 360}),
    ("wfdb", "mitdb", "106.atr", 0, 330, {"rateHz": 360}),
    ("wfdb", "mitdb", "100.atr", 0, None, {"rateHz": 360}),
    ("text", "rr_series", "real_rri.txt", 0, 400, {}),
    ("text", "rr_series", "rest_rri.txt", 0, None, {}),
    ("hrm", "rr_series", "exercise_rri.hrm", 1000, 600, {}),
    ("hrm", "rr_series", "noisy_rri.hrm", 0, 400, {}),
]

# Columns of which NeuroKit2 leaves out what reaches across a gap, and those that see no order at all.
GAP_AWARE = """MeanNN SDNN RMSSD SDSD CVNN CVSD MedianNN MadNN MCVNN IQRNN SDRMSSD Prc20NN Prc80NN pNN50 pNN20 MinNN MaxNN HTI
SD1 SD2 SD1SD2 S CSI CVI CSI_Modified GI SI AI PI C1d C1a SD1d SD1a C2d C2a SD2d SD2a Cd Ca SDNNd SDNNa ShanEn""".split()


def main():
    warnings.simplefilter("ignore")
    data = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parents[2].parent / "shared" / "data"
    versions = f"NeuroKit2 {nk.__version__}, numpy {np.__version__}, scipy {scipy.__version__}"
    document = {
        "origin": f"{versions}: hrv_time, hrv_frequency, hrv_nonlinear, hrv_rqa; made by make-hrv-neurokit2.py",
        "gapAware": [f"HRV_{name}" for name in GAP_AWARE],
        "real": [real_case(data, *row) for row in REAL],
        "made": [made_case(name, rr, gaps) for name, (rr, gaps) in made_series().items()],
    }
    lines = [f'  "origin": {json.dumps(document["origin"])}', f'  "gapAware": {json.dumps(document["gapAware"])}']
    for part in ("real", "made"):
        cases = ",\n".join("    " + json.dumps(case) for case in document[part])
        lines.append(f'  "{part}": [\n{cases}\n  ]')
    HERE.with_name("hrv-neurokit2.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


def real_case(data, kind, data_set, file, first, count, more):
    rr = READERS[kind](data / data_set / file, **more)
    rr = rr[first:] if count is None else rr[first : first + count]
    part = {"firstInterval": first, "intervalCount": len(rr), **more}
    where = " ".join(f"{key} {value}" for key, value in part.items() if key != "rateHz")
    print(f"{data_set}/{file} {where}", flush=True)
    source = {"kind": kind, "dataSet": data_set, "file": file, **part}
    digest = hashlib.sha256(struct.pack(f"<{len(rr)}d", *rr)).hexdigest()
    return {"name": f"{data_set}/{file}, {where}", "source": source, "sha256": digest, **indices(rr, [])}


def made_case(name, rr, gaps):
    print(name, flush=True)
    return {"name": name, "rrMs": rr, "gaps": gaps, **indices(rr, gaps)}


# ------------------------------------------------------------------------------------------------------------ readers


def read_welltory(path, row):
    """Column rr_data of a row, counted from 0 after the header: whole ms with commas."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [float(text) for text in list(csv.DictReader(file))[row]["rr_data"].split(",")]


def read_wfdb(path, rateHz):
    """Intervals between all beat annotations, whatever their kind, uncorrected."""
    blob, at, tick, beats = path.read_bytes(), 0, 0, []
    while at + 1 < len(blob):
        (word,) = struct.unpack_from("<H", blob, at)
        code, low, at = word >> 10, word & 1023, at + 2
        if word == 0:
            break
        if code == 59:  # SKIP
            high, rest = struct.unpack_from("<hH", blob, at)
            tick, at = tick + high * 65536 + rest, at + 4
        elif code == 63:  # AUX
            at += low + (low & 1)
        elif code < 59:
            tick += low
            if code in BEAT_CODES:
                beats.append(tick)
    return [(b - a) * 1000 / rateHz for a, b in zip(beats, beats[1:])]


def read_gudb(path, rateHz):
    """One R peak a line, in samples."""
    peaks = [int(line) for line in path.read_text().split()]
    return [(b - a) * 1000 / rateHz for a, b in zip(peaks, peaks[1:])]


def read_text(path):
    return [float(line) for line in path.read_text().split()]


def read_hrm(path):
    """The lines after [HRData], ms."""
    return [float(line) for line in path.read_text(encoding="latin-1").split("[HRData]")[1].split()]


READERS = {"welltory": read_welltory, "wfdb": read_wfdb, "gudb": read_gudb, "text": read_text, "hrm": read_hrm}

# ------------------------------------------------------------------------------------------------------------ made


def noise(count, seed):
    """Numerical Recipes' LCG, -1 to 1."""
    state, values = seed, []
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        values.append(state / 2**31 - 1)
    return values


def breathing(count, seed, mean_ms, slow_ms, fast_ms, noise_ms, trend_ms=0.0, decimals=4):
    """Slow and respiratory waves over the beats, noise, and a trend from end to end."""
    return [
        round(
            mean_ms + trend_ms * i / count + slow_ms * math.sin(i / 11) + fast_ms * math.sin(i * 1.3) + noise_ms * r,
            decimals,
        )
        for i, r in enumerate(noise(count, seed))
    ]


def made_series():
    return {
        "made: five minutes at rest": (breathing(370, 11, 810, 30, 35, 25), []),
        "made: five minutes, whole ms": (breathing(360, 12, 833, 25, 30, 20, decimals=0), []),
        "made: very regular": (breathing(400, 13, 750, 1.5, 1, 0.5), []),
        "made: rate falls through the window": (breathing(380, 14, 620, 15, 25, 15, trend_ms=330), []),
        "made: 60 beats": (breathing(60, 15, 900, 25, 40, 25), []),
        "made: 1000 beats": (breathing(1000, 16, 870, 40, 30, 30), []),
        "made: fast and noisy": (breathing(700, 17, 430, 10, 8, 60), []),
        "made: with two gaps": (breathing(360, 18, 830, 30, 35, 25), [[100, 4200.5], [221, 1700.25]]),
    }


# ------------------------------------------------------------------------------------------------------------ NeuroKit2


def indices(rr, gaps):
    def into():
        """Fresh arrays for each call: whatever a function does to its input stays there."""
        series = {"RRI": np.array(rr, dtype=float)}
        if gaps:
            series["RRI_Time"] = np.array(ends_s(rr, gaps))
        return series

    values = {}
    for calls in (
        lambda: nk.hrv_time(into()),
        lambda: nk.hrv_frequency(into(), normalize=False),
        lambda: nk.hrv_nonlinear(into()),
    ):
        values.update(row_of(calls()))
    normalised = row_of(nk.hrv_frequency(into(), normalize=True))
    rqa = row_of(nk.hrv_rqa(into()))
    rqa.pop("LamiDet", None)  # there only when it is NaN: NeuroKit2 forgets to store it otherwise
    return {
        "values": {f"HRV_{name}": values.get(f"HRV_{name}") for name in COLUMNS},
        "normalised": normalised,
        "rqa": rqa,
    }


def ends_s(rr, gaps):
    """When each interval ends, with the missing time counted."""
    missing, at, ends = dict(gaps), 0.0, []
    for i, interval in enumerate(rr):
        at += missing.get(i, 0.0) + interval
        ends.append(at / 1000)
    return ends


def row_of(frame):
    return {key: float(value) if math.isfinite(value) else None for key, value in frame.iloc[0].to_dict().items()}


MFDFA = "Width Peak Mean Max Delta Asymmetry Fluctuation Increment".split()
COLUMNS = (
    """MeanNN SDNN SDANN1 SDNNI1 SDANN2 SDNNI2 SDANN5 SDNNI5 RMSSD SDSD CVNN CVSD MedianNN MadNN MCVNN IQRNN SDRMSSD Prc20NN
    Prc80NN pNN50 pNN20 MinNN MaxNN HTI TINN ULF VLF LF HF VHF TP LFHF LFn HFn LnHF SD1 SD2 SD1SD2 S CSI CVI CSI_Modified PIP
    IALS PSS PAS GI SI AI PI C1d C1a SD1d SD1a C2d C2a SD2d SD2a Cd Ca SDNNd SDNNa DFA_alpha1""".split()
    + [f"MFDFA_alpha1_{name}" for name in MFDFA]
    + ["DFA_alpha2"]
    + [f"MFDFA_alpha2_{name}" for name in MFDFA]
    + "ApEn SampEn ShanEn FuzzyEn MSEn CMSEn RCMSEn CD HFD KFD LZC".split()
    + [f"Symbolic_EqualProb4_{name}" for name in ("0V", "1V", "2LV", "2UV")]
)

if __name__ == "__main__":
    assert len(COLUMNS) == 95
    main()
