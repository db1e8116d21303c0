"""Logistic regression of stress on the features of a window, with an intercept for every person.

The intercepts take up what differs between people, so that the weights tell stressed from unstressed within a person; a second fit, of
a scale and an offset, then makes the sum the log-odds of a person of whom nothing is known.
"""

import numpy as np

LIMIT = 3.0
# The heart rate itself is left alone: people's rates lie many of their own standard deviations apart.
LIMIT_RATE = 12.0
PERSON_PENALTY = 0.02
SCALE_PENALTY = 1e-3
FOLDS = 6
# The way of the recordings as they are; the others change how much of the time is stress.
WHOLE = "whole"
STEPS_MAX = 50


def scales(blocks):
    """Mean over all windows, and standard deviation within a recording, of each feature; `blocks` are arrays of windows."""
    everything = np.concatenate(blocks)
    means = np.nanmean(everything, axis=0)
    variances = [np.nanvar(block, axis=0) for block in blocks if np.isfinite(block).any(axis=0).all()]
    return means, np.sqrt(np.mean(variances, axis=0))


def standardised(features, means, deviations, limits):
    away = np.clip((features - means) / deviations, -limits, limits)
    return np.where(np.isfinite(away), away, 0.0)


def newton(design, labels, sample_weights, penalties):
    """Weights of the penalised logistic regression, by Newton's method."""
    weights = np.zeros(design.shape[1])
    for _ in range(STEPS_MAX):
        odds = np.clip(design @ weights, -30, 30)
        chances = 1 / (1 + np.exp(-odds))
        slope = design.T @ (sample_weights * (labels - chances)) - penalties * weights
        bend = (design * (sample_weights * chances * (1 - chances))[:, None]).T @ design + np.diag(penalties)
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def fit(recordings, count, penalty):
    """Model from recordings (dicts with person, way, features, labels, usable), with the first `count` features."""
    model = fit_weights(recordings, count, penalty)
    scale, offset = fit_scale(recordings, count, penalty)
    return {**model, "weights": model["weights"] * scale, "offset": offset}


def fit_weights(recordings, count, penalty):
    """What tells stressed from calm within a person; says nothing yet of how probable."""
    blocks = [r["features"][:, :count] for r in recordings]
    means, deviations = scales(blocks)
    limits = np.full(count, LIMIT)
    limits[0] = LIMIT_RATE
    people = sorted({r["person"] for r in recordings})
    rows, labels, sample_weights, persons = [], [], [], []
    for r, block in zip(recordings, blocks):
        usable = r["usable"]
        rows.append(standardised(block[usable], means, deviations, limits))
        labels.append(r["labels"][usable])
        sample_weights.append(np.full(usable.sum(), len(people) / (usable.sum() * len(recordings))))
        persons.append(np.full(usable.sum(), people.index(r["person"])))
    rows, labels = np.concatenate(rows), np.concatenate(labels).astype(float)
    sample_weights, persons = np.concatenate(sample_weights), np.concatenate(persons)
    intercepts = (persons[:, None] == np.arange(len(people))[None]).astype(float)
    design = np.hstack([rows, np.ones((len(rows), 1)), intercepts])
    penalties = np.r_[np.full(count, penalty), 0.0, np.full(len(people), PERSON_PENALTY)]
    weights = newton(design, labels, sample_weights, penalties)[:count]
    return {"means": means, "deviations": deviations, "limits": limits, "weights": weights, "offset": 0.0}


def fit_scale(recordings, count, penalty):
    """Scale and offset from sums over people who were left out: those of people who were seen are too sure of themselves."""
    people = sorted({r["person"] for r in recordings})
    sums, labels, sample_weights = [], [], []
    for fold in range(FOLDS):
        left_out = set(people[fold::FOLDS])
        model = fit_weights([r for r in recordings if r["person"] not in left_out], count, penalty)
        for r in recordings:
            usable = r["usable"]
            if r["person"] in left_out and r["way"] == WHOLE and usable.any():
                sums.append(log_odds(model, r["features"][usable]))
                labels.append(r["labels"][usable])
                sample_weights.append(np.full(usable.sum(), 1 / usable.sum()))
    sums, labels = np.concatenate(sums), np.concatenate(labels).astype(float)
    design = np.column_stack([sums, np.ones(len(sums))])
    return newton(design, labels, np.concatenate(sample_weights), np.array([SCALE_PENALTY, 0.0]))


def log_odds(model, features):
    away = standardised(
        features[:, : len(model["weights"])], model["means"], model["deviations"], model["limits"]
    )
    return model["offset"] + away @ model["weights"]
