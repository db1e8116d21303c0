"""Runs the peer pulse detectors on signals of light.

    pulses.py JOB.json OUT.json

JOB: {"signals": [{"name", "path", "rateHz", "detectors": ["neurokit-elgendi", ...]}]}
     `path` holds the light as little-endian float64, pulses upwards, no gaps.
OUT: {"versions": {...}, "runs": [{"signal", "detector", "beats": [samples, with fractions] | null, "error": str | null}]}
"""

import json
import sys
import warnings

import numpy as np
from detect import versions
from msptdfast import between_samples, msptdfast

warnings.filterwarnings("ignore")


def elgendi(light, rate_hz):
    import neurokit2 as nk

    cleaned = nk.ppg_clean(light, sampling_rate=rate_hz, method="elgendi")
    return nk.ppg_findpeaks(cleaned, sampling_rate=rate_hz, method="elgendi")["PPG_Peaks"]


def heartpy(light, rate_hz):
    import heartpy as hp

    filtered = hp.filter_signal(light, [0.7, 3.5], sample_rate=rate_hz, order=3, filtertype="bandpass")
    working, _ = hp.process(filtered, rate_hz)
    rejects = set(working["removed_beats"])
    return [peak for peak in working["peaklist"] if peak not in rejects]


DETECTORS = {
    "neurokit-elgendi": elgendi,
    "heartpy": heartpy,
    "msptdfast-v2": msptdfast,
    "msptdfast-v2 +p": lambda light, rate_hz: between_samples(light, msptdfast(light, rate_hz)),
}


def run(light, rate_hz, name):
    try:
        return {"beats": [float(beat) for beat in DETECTORS[name](light, rate_hz)], "error": None}
    except Exception as error:  # a peer that fails on a recording is a result of its own
        first_line = str(error).strip(" -\n").split("\n")[0]
        return {"beats": None, "error": f"{type(error).__name__}: {first_line}"[:200]}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    runs = []
    for entry in job["signals"]:
        light = np.fromfile(entry["path"], dtype="<f8")
        for name in entry["detectors"]:
            runs.append({"signal": entry["name"], "detector": name, **run(light, entry["rateHz"], name)})
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump({"versions": versions(), "runs": runs}, file)


if __name__ == "__main__":
    main()
