"""Runs the peer detectors on signals and writes their beats, so that one matcher scores all of them.

    detect.py JOB.json OUT.json

JOB: {"signals": [{"name", "path", "rateHz"}], "detectors": ["neurokit", ...], "repeat": 1}
     `path` holds the samples as little-endian float32.
OUT: {"versions": {...}, "runs": [{"signal", "detector", "ms", "beats": [int] | null, "error": str | null}]}
"""

import json
import sys
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")


def neurokit(method):
    def detect(signal, rate_hz):
        import neurokit2 as nk

        # Each method with the cleaning its authors gave it, which is how NeuroKit2 itself runs it.
        cleaned = nk.ecg_clean(signal, sampling_rate=rate_hz, method=CLEANING.get(method, method))
        _, info = nk.ecg_peaks(cleaned, sampling_rate=rate_hz, method=method)
        return info["ECG_R_Peaks"]

    return detect


CLEANING = {"manikandan2012": "neurokit", "khamis2016": "templateconvolution"}


def neurokit_raw(method):
    def detect(signal, rate_hz):
        import neurokit2 as nk

        _, info = nk.ecg_peaks(signal, sampling_rate=rate_hz, method=method)
        return info["ECG_R_Peaks"]

    return detect


def sleepecg_c(signal, rate_hz):
    from sleepecg import detect_heartbeats

    return detect_heartbeats(signal, rate_hz, backend="c")


def xqrs(signal, rate_hz):
    from wfdb import processing

    detector = processing.XQRS(sig=signal, fs=rate_hz)
    detector.detect(verbose=False)
    return detector.qrs_inds


def heartpy(signal, rate_hz):
    import heartpy as hp

    filtered = hp.remove_baseline_wander(signal, rate_hz)
    working, _ = hp.process(hp.scale_data(filtered), rate_hz)
    return [peak for peak, keep in zip(working["peaklist"], working["binary_peaklist"]) if keep]


DETECTORS = {
    "neurokit": neurokit("neurokit"),
    "pantompkins1985": neurokit("pantompkins1985"),
    "kalidas2017": neurokit("kalidas2017"),
    "manikandan2012": neurokit("manikandan2012"),
    "khamis2016": neurokit_raw("khamis2016"),
    "sleepecg-c": sleepecg_c,
    "xqrs": xqrs,
    "heartpy": heartpy,
}


def run(signal, rate_hz, name, repeat):
    try:
        best_ms = None
        for _ in range(repeat):
            started = time.perf_counter()
            beats = DETECTORS[name](signal, rate_hz)
            spent_ms = (time.perf_counter() - started) * 1000
            best_ms = spent_ms if best_ms is None else min(best_ms, spent_ms)
        beats = [int(beat) for beat in np.asarray(beats, dtype=float) if np.isfinite(beat)]
        return {"ms": best_ms, "beats": beats, "error": None}
    except Exception as error:  # a peer that fails on a record is a result of its own
        return {"ms": None, "beats": None, "error": f"{type(error).__name__}: {error}"[:200]}


def versions():
    from importlib.metadata import version

    return {name: version(name) for name in ("neurokit2", "sleepecg", "wfdb", "heartpy", "numpy", "scipy")}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    runs = []
    for entry in job["signals"]:
        signal = np.fromfile(entry["path"], dtype="<f4").astype(np.float64)
        rate_hz = int(entry["rateHz"]) if float(entry["rateHz"]).is_integer() else entry["rateHz"]
        for name in job["detectors"]:
            runs.append({"signal": entry["name"], "detector": name, **run(signal, rate_hz, name, job.get("repeat", 1))})
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump({"versions": versions(), "runs": runs}, file)


if __name__ == "__main__":
    main()
