"""Times the HRV packages of Python on the same intervals.

    hrv-times.py JOB.json OUT.json

JOB: {"shortMs": [RR of five minutes, ms], "longMs": [3,000 RR, ms], "repeat": how often the quick ones are repeated}
OUT: {"versions": {...}, "runs": [{"peer", "task", "ms": median | null, "error": str | null}]}

Tasks: "all" (95 indices in NeuroKit2; what the others have beside), "time+frequency", "entropies" of the long series.
"""

import json
import os
import statistics
import sys
import time
import warnings

os.environ["MPLBACKEND"] = "Agg"
warnings.filterwarnings("ignore")

from importlib.metadata import version  # noqa: E402

import numpy as np  # noqa: E402

# numpy 2 renamed it; hrv-analysis still asks for the old name.
np.trapz = np.trapezoid


def neurokit(short, long):
    import neurokit2 as nk

    tolerance = 0.2 * np.std(long, ddof=1)
    same = {"dimension": 2, "tolerance": tolerance}

    def entropies():
        nk.entropy_approximate(long, delay=1, **same)
        nk.entropy_sample(long, delay=1, **same)
        nk.entropy_shannon(long)
        nk.entropy_fuzzy(long, delay=1, **same)
        for method in ("MSEn", "CMSEn", "RCMSEn"):
            nk.entropy_multiscale(long, method=method, **same)

    def time_and_frequency():
        nk.hrv_time({"RRI": short})
        nk.hrv_frequency({"RRI": short})

    def everything():
        time_and_frequency()
        nk.hrv_nonlinear({"RRI": short})

    return {"all": everything, "time+frequency": time_and_frequency, "entropies": entropies}


def hrv_analysis(short, long):
    import hrvanalysis as hrv

    rr, many = [float(x) for x in short], [float(x) for x in long]

    def time_and_frequency():
        hrv.get_time_domain_features(rr)
        hrv.get_geometrical_features(rr)
        hrv.get_frequency_domain_features(rr)

    def everything():
        time_and_frequency()
        hrv.get_csi_cvi_features(rr)
        hrv.get_poincare_plot_features(rr)
        hrv.get_sampen(rr)

    return {"all": everything, "time+frequency": time_and_frequency, "entropies": lambda: hrv.get_sampen(many)}


def pyhrv(short, long):
    from pyhrv import frequency_domain, nonlinear, time_domain

    def time_and_frequency():
        time_domain.time_domain(nni=short, plot=False)
        frequency_domain.welch_psd(nni=short, show=False, mode="dev")

    def everything():
        time_and_frequency()
        nonlinear.poincare(nni=short, show=False, mode="dev")
        nonlinear.sample_entropy(nni=short)
        nonlinear.dfa(nn=short, show=False, mode="dev")

    entropies = lambda: nonlinear.sample_entropy(nni=long)  # noqa: E731
    return {"all": everything, "time+frequency": time_and_frequency, "entropies": entropies}


PEERS = {"neurokit2": neurokit, "hrv-analysis": hrv_analysis, "pyhrv": pyhrv}


def median_ms(task, times):
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        task()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken)


def run(name, task, repeat):
    """The quick tasks are warmed up once; seconds of entropies need no company."""
    try:
        if name != "entropies":
            task()
        return {"ms": median_ms(task, 1 if name == "entropies" else repeat), "error": None}
    except Exception as error:  # a peer that fails is a result of its own
        return {"ms": None, "error": f"{type(error).__name__}: {error}"[:200]}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    short, long = np.array(job["shortMs"], dtype=float), np.array(job["longMs"], dtype=float)
    runs = []
    for peer, tasks_of in PEERS.items():
        for name, task in tasks_of(short, long).items():
            runs.append({"peer": peer, "task": name, **run(name, task, job["repeat"])})
    versions = {name: version(name) for name in PEERS} | {"numpy": np.__version__, "python": sys.version.split()[0]}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump({"versions": versions, "runs": runs}, file)


if __name__ == "__main__":
    main()
