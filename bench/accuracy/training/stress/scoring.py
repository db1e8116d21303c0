"""Area under the curve within a person, and calibration over all."""

import numpy as np


def auc(labels, scores):
    """Chance that a stressed window scores above an unstressed one; NaN where there is only one kind."""
    stressed, calm = scores[labels], scores[~labels]
    if len(stressed) == 0 or len(calm) == 0:
        return float("nan")
    wins = (stressed[:, None] > calm[None]).mean() + 0.5 * (stressed[:, None] == calm[None]).mean()
    return float(wins)


def calibration_error(labels, chances, bins=10):
    """Expected calibration error: distance between chance and share, in equal bins, weighted by their windows."""
    slots = np.minimum((chances * bins).astype(int), bins - 1)
    error = 0.0
    for slot in np.unique(slots):
        inside = slots == slot
        error += abs(labels[inside].mean() - chances[inside].mean()) * inside.mean()
    return float(error)
