"""Cohen's kappa of pooled epochs, and the factors that turn probabilities into stages."""

import numpy as np

# How many classes -> class of each of the four stages.
CLASSES = {2: np.array([0, 1, 1, 1]), 3: np.array([0, 1, 1, 2]), 4: np.array([0, 1, 2, 3])}
FACTORS = np.exp(np.linspace(-1.6, 1.6, 17))


def kappa(labels, stages, count):
    table = np.zeros((count, count))
    np.add.at(table, (labels, stages), 1)
    total = table.sum()
    chance = (table.sum(0) * table.sum(1)).sum() / total**2
    return (np.trace(table) / total - chance) / (1 - chance)


def merged(probabilities, count):
    return np.stack([probabilities[:, CLASSES[count] == k].sum(1) for k in range(count)], axis=1)


def stages_of(probabilities, factors, count):
    return (merged(probabilities, count) * factors).argmax(1)


def best_factors(probabilities, labels, count):
    """One class after the other, twice over: the factor with which kappa is best."""
    chances, wanted = merged(probabilities, count), CLASSES[count][labels]
    factors = np.ones(count)
    best = kappa(wanted, chances.argmax(1), count)
    for index in list(range(count)) * 2 if count > 2 else [0]:
        start = factors.copy()
        for factor in FACTORS:
            tried = start.copy()
            tried[index] *= factor
            value = kappa(wanted, (chances * tried).argmax(1), count)
            if value > best + 1e-9:
                best, factors = value, tried
    return factors


def specificity_at(probabilities, labels, sensitivity=0.93):
    """Share of wake that is seen where `sensitivity` of sleep is."""
    sleep = 1 - probabilities[:, 0]
    limit = np.sort(sleep[labels > 0])[int((1 - sensitivity) * (labels > 0).sum())]
    return (sleep[labels == 0] < limit).mean()


def calibration_error(probabilities, labels):
    """Mean distance between the probability of wake and its share, in ten bins of probability, weighted by epochs."""
    bins = np.minimum(9, (probabilities[:, 0] * 10).astype(int))
    return sum(abs((labels[bins == b] == 0).mean() - probabilities[bins == b, 0].mean()) * (bins == b).mean() for b in set(bins))
