"""What more people are worth: scores of the morning on people left out, by the number of people trained on.

    python learning_curve.py DATA_FOLDER

In each draw the people are shuffled and cut into four groups; each group is judged by a model of 5, 10 or 15 of the others. Stages are the
most probable ones, without factors. Mean and deviation over draws. What 19 give, train.py prints.
"""

import os
import sys
from pathlib import Path

os.environ.update({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"})

import numpy as np

from features import MORNING, Probe
from model import probabilities
from recordings import walch
from scoring import CLASSES, kappa, specificity_at, stages_of
from train import MODES, measured, trained

NAME = "activity+spread"
SIZES, GROUP_COUNT, DRAW_COUNT = (5, 10, 15), 4, 3


def scores(judged):
    chances, labels = (np.concatenate(part) for part in zip(*judged))
    kappas = [kappa(classes[labels], stages_of(chances, np.ones(count), count), count) for count, classes in CLASSES.items()]
    return [*kappas, specificity_at(chances, labels)]


def judged(nights, model):
    return [(probabilities(model, night["rows"][MORNING]), night["labels"]) for night in nights]


def main(folder):
    probe = Probe()
    nights = [measured(probe, recording, NAME) for recording in walch(folder / "walch_applewatch_features")]
    print("people, then kappa of 2, 3 and 4 classes and specificity: mean (SD over draws)")
    for size in SIZES:
        rows = []
        for draw in range(DRAW_COUNT):
            order = np.random.default_rng(draw).permutation(len(nights))
            groups = [set(order[i::GROUP_COUNT]) for i in range(GROUP_COUNT)]
            rows.append(scores([pair for group in groups for pair in judged([nights[i] for i in group], of_others(nights, order, group, size))]))
        show(size, rows)


def of_others(nights, order, group, size):
    return trained([nights[i] for i in [i for i in order if i not in group][:size]], NAME, MODES)


def show(size, rows):
    cells = [f"{mean:.3f} ({deviation:.3f})" for mean, deviation in zip(np.mean(rows, axis=0), np.std(rows, axis=0))]
    print(f"{size:3d}  {'  '.join(cells)}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
