"""A model of the core: features as bytes, networks, and trees that bring half of the probabilities (cores/sleep/network.ts)."""

import numpy as np

import network
import trees

# A feature that is not there. To a network it is the mean.
MISSING = -128
# Of each model the trees, and the networks with their passes over the rows, the share of inputs left out at random and the decay of weights.
# Numbers of both are what fits in 16 kB.
TREES = {"activity": 20, "activity+spread": 84, "intervals, live": 0, "intervals, morning": 0}
NETWORKS = {
    "activity": (2, 25, 0.4, 0.3),
    "activity+spread": (4, 25, 0.4, 0.3),
    "intervals, live": (4, 60, 0.2, 0.05),
    "intervals, morning": (4, 25, 0.2, 0.05),
}


def train(rows, labels, name):
    with np.errstate(all="ignore"):
        means = np.nan_to_num(np.nanmean(rows, axis=0)).astype(np.float32)
        inverses = (1 / (np.nan_to_num(np.nanstd(rows, axis=0)) + 1e-3)).astype(np.float32)
    inputs = to_bytes(rows, means, inverses)
    return {
        "means": means,
        "inverses": inverses,
        "trees": trees.train(inputs, labels, TREES[name]),
        "members": network.train(without_missing(inputs), labels, *NETWORKS[name]),
    }


def to_bytes(rows, means, inverses):
    away = (rows - means.astype(float)) * inverses.astype(float)
    return np.where(np.isnan(away), MISSING, np.rint(np.clip(np.nan_to_num(away) * network.INPUT_SCALE, -127, 127)))


def without_missing(inputs):
    return np.where(inputs == MISSING, 0, inputs)


def probabilities(model, rows):
    inputs = to_bytes(rows, model["means"], model["inverses"])
    by_networks = network.probabilities(model["members"], without_missing(inputs))
    if len(model["trees"]["features"]) == 0:
        return by_networks
    return 0.5 * trees.probabilities(model["trees"], inputs) + 0.5 * by_networks


def bytes_of(model):
    """As the core reads it; `factors` are those of live and of morning."""
    tree, members = model["trees"], model["members"]
    parts = [bytes([len(model["means"]), len(tree["features"]), len(members), 0]), model["means"].tobytes(), model["inverses"].tobytes()]
    for factors in model["factors"]:
        parts.append(np.concatenate(list(factors.values())).astype(np.float32).tobytes())
    parts += [tree["scale"].tobytes(), tree["start"].tobytes()]
    for features, limits, leaves in zip(tree["features"], tree["limits"], tree["leaves"]):
        parts += [features.tobytes(), limits.tobytes(), leaves.tobytes()]
    for layers in members:
        parts += [np.stack([layer["scales"], layer["biases"]], axis=1).tobytes() for layer in layers]
        hidden, stages = (layer["weights"] for layer in layers)
        # The core keeps hidden units behind the inputs, training before them.
        weights = hidden.tobytes() + np.roll(stages, -network.HIDDEN, axis=1).tobytes()
        parts.append(weights + bytes(-len(weights) % 4))
    return b"".join(parts)


def eight_bit_count(model):
    """Bytes of 8-bit weights, thresholds and leaves."""
    counts = [part.nbytes for part in (model["trees"]["features"], model["trees"]["limits"], model["trees"]["leaves"])]
    return sum(counts) + sum(layer["weights"].nbytes for layers in model["members"] for layer in layers)
