"""The trees of cores/sleep/trees.ts: gradient boosting (Friedman 2001), each tree asking one question a depth of all branches."""

import numpy as np

DEPTH, STAGES = 4, 4
RATE, LEAF_DECAY, BIN_COUNT = 0.1, 20.0, 32
# Shares of rows and of features that a tree is shown by chance, against learning people by heart.
ROW_SHARE, FEATURE_SHARE = 0.35, 0.3


def train(inputs, labels, count, seed=0):
    """`count` trees on 8-bit inputs, rounded to bytes at the end."""
    chance = np.random.default_rng(seed)
    limits, bins = binned(inputs)
    wanted = np.eye(STAGES)[labels]
    start = np.log(np.maximum(wanted.mean(0), 1e-3))
    logits, trees = np.tile(start, (len(inputs), 1)), []
    for _ in range(count):
        rows = chance.permutation(len(inputs))[: int(ROW_SHARE * len(inputs))]
        features = chance.permutation(len(limits))[: int(FEATURE_SHARE * len(limits))]
        expected = softmax(logits[rows])
        slopes, bends = expected - wanted[rows], expected * (1 - expected)
        tree, leaves = grow({f: bins[f, rows] for f in features}, slopes.T.copy(), bends.T.copy(), limits)
        falls = [np.stack([np.bincount(leaves, row, 1 << DEPTH) for row in side.T], axis=1) for side in (slopes, bends)]
        values = -RATE * falls[0] / (falls[1] + LEAF_DECAY)
        logits += values[leaves_of(inputs, *tree)]
        trees.append((*tree, values))
    return eight_bit(trees, start)


def softmax(logits):
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def binned(inputs):
    """Of each feature the limits between equally filled bins, and of each row the number of limits below its value."""
    limits = [np.unique(np.floor(np.quantile(column, np.arange(1, BIN_COUNT) / BIN_COUNT))) for column in inputs.T]
    return limits, np.stack([np.searchsorted(cuts, column) for cuts, column in zip(limits, inputs.T)])


def grow(bins, slopes, bends, limits):
    leaves = np.zeros(slopes.shape[1], int)
    chosen = []
    for depth in range(DEPTH):
        best = max((best_limit(leaves * BIN_COUNT + column, slopes, bends, 1 << depth, len(limits[f]), f) for f, column in bins.items()))
        _, feature, index = best
        chosen.append((feature, limits[feature][index]))
        leaves = 2 * leaves + (bins[feature] > index)
    return tuple(np.array(part, int) for part in zip(*chosen)), leaves


def best_limit(keys, slopes, bends, leaf_count, limit_count, feature):
    """How much the best limit of a feature explains, the feature, and which limit."""
    def summed(rows):
        return np.stack([np.bincount(keys, row, leaf_count * BIN_COUNT) for row in rows]).reshape(STAGES, leaf_count, BIN_COUNT)

    slope, bend = summed(slopes), summed(bends)
    below, below_bend = slope.cumsum(2)[..., :limit_count], bend.cumsum(2)[..., :limit_count]
    above, above_bend = slope.sum(2, keepdims=True) - below, bend.sum(2, keepdims=True) - below_bend
    gains = (below**2 / (below_bend + LEAF_DECAY) + above**2 / (above_bend + LEAF_DECAY)).sum((0, 1))
    index = int(gains.argmax()) if limit_count else 0
    return (float(gains[index]) if limit_count else -1.0), int(feature), index


def leaves_of(inputs, features, limits):
    leaves = np.zeros(len(inputs), int)
    for feature, limit in zip(features, limits):
        leaves = 2 * leaves + (inputs[:, feature] > limit)
    return leaves


def eight_bit(trees, start):
    """Against wake: three numbers a leaf."""
    if not trees:
        return {"scale": np.float32(0), "start": start[1:].astype(np.float32) * 0, **{part: np.zeros((0, 1), np.int8) for part in ("features", "limits", "leaves")}}
    against = np.stack([values[:, 1:] - values[:, :1] for _, _, values in trees])
    scale = np.float32(np.abs(against).max() / 127)
    return {
        "scale": scale,
        "start": (start[1:] - start[0]).astype(np.float32),
        "features": np.stack([features for features, _, _ in trees]).astype(np.uint8),
        "limits": np.stack([limits for _, limits, _ in trees]).astype(np.int8),
        "leaves": np.rint(against / scale).astype(np.int8),
    }


def probabilities(model, inputs):
    sums = np.zeros((len(inputs), STAGES - 1), int)
    for features, limits, leaves in zip(model["features"], model["limits"].astype(int), model["leaves"].astype(int)):
        sums += leaves[leaves_of(inputs, features, limits)]
    against = sums * float(model["scale"]) + model["start"].astype(float)
    return softmax(np.concatenate([np.zeros((len(inputs), 1)), against], axis=1))
