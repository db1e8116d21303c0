"""Runs the sleep classifiers that SleepECG ships on beat times.

    sleep-stages.py JOB.json OUT.json

JOB: {"nights": [{"beatsS": [s from the start, ...], "startClockS", "ageYears", "isMale"}]}
OUT: {"versions": {...}, "classifiers": [{"name", "count": 2 | 3, "nights": [[0 wake, 1 sleep or NREM, 3 REM, for every 30 s]]}]}

SleepECG itself asks Keras to run its networks, with PyTorch below it. Four layers do not need a gigabyte: they are computed here, from
the weights as they lie in the installed package. Features are SleepECG's own.
"""

import datetime
import io
import json
import sys
import warnings
import zipfile
from pathlib import Path

import h5py
import numpy as np
import sleepecg
import yaml
from detect import versions

warnings.filterwarnings("ignore")

# Classes of a network's output, SleepECG's order: undefined, then its stages from the deepest on; undefined is never the answer.
CLASSIFIERS = {"ws-gru-mesa": [1, 0], "wrn-gru-mesa": [1, 3, 0], "wrn-gru-mesa-weighted": [1, 3, 0]}
BATCH_NORMALISATION_EPSILON = 1e-3


def load(name):
    path = Path(sleepecg.__file__).parent / "classifiers" / f"{name}.zip"
    with zipfile.ZipFile(path) as outer:
        info = yaml.safe_load(outer.read("info.yml"))
        with zipfile.ZipFile(io.BytesIO(outer.read("classifier.keras"))) as inner:
            file = h5py.File(io.BytesIO(inner.read("model.weights.h5")))
    weights = {layer: variables_of(file["layers"][layer]) for layer in ("batch_normalization", "dense", "dense_1")}
    for layer in ("bidirectional", "bidirectional_1"):
        both = file["layers"][layer]
        weights[layer] = [variables_of(both[f"{way}_layer"]["cell"]) for way in ("forward", "backward")]
    return info, weights


def variables_of(group):
    return [np.array(group["vars"][key], dtype=float) for key in sorted(group["vars"], key=int)]


def network(weights, rows):
    scale, shift, mean, variance = weights["batch_normalization"]
    rows = (rows - mean) / np.sqrt(variance + BATCH_NORMALISATION_EPSILON) * scale + shift
    into, into_bias = weights["dense"]
    rows = np.maximum(rows @ into + into_bias, 0)
    for layer in ("bidirectional", "bidirectional_1"):
        forward, backward = weights[layer]
        rows = np.hstack((gated_units(forward, rows), gated_units(backward, rows[::-1])[::-1]))
    out, out_bias = weights["dense_1"]
    return rows @ out + out_bias


def gated_units(variables, rows):
    """Gated recurrent units, reset gate after the product (Cho 2014 as in CuDNN); gates in the order update, reset, new."""
    kernel, recurrent, biases = variables
    inputs = rows @ kernel + biases[0]
    state = np.zeros(recurrent.shape[0])
    states = []
    for row in inputs:
        update, reset, new = np.split(row, 3)
        update_back, reset_back, new_back = np.split(state @ recurrent + biases[1], 3)
        keep = sigmoid(update + update_back)
        state = keep * state + (1 - keep) * np.tanh(new + sigmoid(reset + reset_back) * new_back)
        states.append(state)
    return np.array(states)


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def record_of(night):
    clock_s = int(night["startClockS"])
    gender = sleepecg.io.sleep_readers.Gender
    return sleepecg.SleepRecord(
        recording_start_time=datetime.time(clock_s // 3600, clock_s // 60 % 60, clock_s % 60),
        heartbeat_times=np.array(night["beatsS"]),
        subject_data=sleepecg.io.sleep_readers.SubjectData(
            gender=gender.MALE if night["isMale"] else gender.FEMALE, age=night["ageYears"]
        ),
    )


def logits_of(classifier, night):
    info, weights = classifier
    features = sleepecg.extract_features([record_of(night)], **info["feature_extraction_params"])[0][0]
    features[~np.isfinite(features)] = info["mask_value"]
    return network(weights, features)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    answers = []
    for name, stages in CLASSIFIERS.items():
        classifier = load(name)
        bests = [logits_of(classifier, night)[:, 1:].argmax(axis=1) for night in job["nights"]]
        nights = [[stages[best] for best in night] for night in bests]
        answers.append({"name": name, "count": len(stages), "nights": nights})
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump({"versions": versions(), "classifiers": answers}, file)


if __name__ == "__main__":
    main()
