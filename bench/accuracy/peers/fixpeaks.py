"""NeuroKit2's correction of beats after Lipponen & Tarvainen on series of beat times.

    fixpeaks.py JOB.json OUT.json

JOB: {"series": [{"name", "beatsMs": [...], "corrects": bool}]}
OUT: {"versions": {...}, "runs": [{"name", "flagged": [beat numbers], "correctedMs": [beat times] | null}]}
     `flagged`: of its first pass. `correctedMs`: iterated, its default.
"""

import json
import sys
import warnings

import numpy as np
from detect import versions
from neurokit2 import signal_fixpeaks

warnings.filterwarnings("ignore")
KINDS = ("ectopic", "missed", "extra", "longshort")


def fix(beats_ms, corrects):
    # Peaks are sample numbers there: at 1000 Hz they are whole milliseconds.
    peaks = np.unique(np.round(beats_ms).astype(int))
    found, _ = signal_fixpeaks(peaks, sampling_rate=1000, method="kubios", iterative=False)
    flagged = sorted({int(beat) for kind in KINDS for beat in found[kind]})
    if not corrects:
        return {"flagged": flagged, "correctedMs": None}
    _, corrected = signal_fixpeaks(peaks, sampling_rate=1000, method="kubios", iterative=True)
    return {"flagged": flagged, "correctedMs": [float(beat) for beat in corrected]}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    runs = [{"name": one["name"], **fix(np.array(one["beatsMs"]), one["corrects"])} for one in job["series"]]
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump({"versions": versions(), "runs": runs}, file)


if __name__ == "__main__":
    main()
