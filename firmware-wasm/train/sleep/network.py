"""The networks of cores/sleep/network.ts: trained in floating point, then made 8-bit, and run as the core runs them."""

import numpy as np

HIDDEN, STAGES = 8, 4
INPUT_SCALE = 127 / 4
LIMIT = 4.0
BATCH, RATE = 512, 3e-3
# Share of hidden units left out at random, noise on inputs in deviations: against learning people by heart.
DROP_HIDDEN, NOISE = 0.3, 0.1


def train(bytes_in, labels, count, passes, drop_input, decay, seed=0):
    """Adam with decoupled decay; the `count` members differ by where they begin and by what chance leaves out: a share
    `drop_input` of the inputs among it."""
    chance = np.random.default_rng(seed)
    inputs = (bytes_in / INPUT_SCALE).astype(np.float32)
    parts = beginnings(chance, count, inputs.shape[1])
    first, second = [np.zeros_like(p) for p in parts], [np.zeros_like(p) for p in parts]
    wanted = np.eye(STAGES, dtype=np.float32)[labels]
    steps = len(inputs) // BATCH * passes
    for step in range(steps):
        pick = chance.integers(0, len(inputs), (count, BATCH))
        rate = RATE * min(1, 5 * (1 - step / steps), step / 50 + 0.02)
        slopes = slopes_of(parts, inputs[pick], wanted[pick], chance, drop_input)
        for k, slope in enumerate(slopes):
            first[k] += 0.1 * (slope - first[k])
            second[k] += 0.001 * (slope**2 - second[k])
            move = first[k] / (1 - 0.9 ** (step + 1)) / (np.sqrt(second[k] / (1 - 0.999 ** (step + 1))) + 1e-8)
            parts[k] -= rate * (move + (decay * parts[k] if k in (0, 2) else 0))
    return [eight_bit(*(part[i] for part in parts)) for i in range(count)]


def beginnings(chance, count, width):
    def normal(*shape):
        return chance.standard_normal(shape, dtype=np.float32)

    stages = np.zeros((count, HIDDEN + width, STAGES), np.float32)
    stages[:, :HIDDEN] = 0.5 * normal(count, HIDDEN, STAGES) / np.sqrt(HIDDEN)
    return [
        normal(count, width, HIDDEN) / np.sqrt(width),
        np.zeros((count, 1, HIDDEN), np.float32),
        stages,
        np.zeros((count, 1, STAGES), np.float32),
    ]


def slopes_of(parts, inputs, wanted, chance, drop_input):
    """Slopes of the mean cross-entropy of a batch, by the weights and biases of both layers."""
    into, into_bias, out, out_bias = parts
    inputs = inputs + NOISE * chance.standard_normal(inputs.shape, dtype=np.float32)
    inputs = inputs * (chance.random(inputs.shape, dtype=np.float32) > drop_input) / np.float32(1 - drop_input)
    raw = inputs @ into + into_bias
    keep = (chance.random(raw.shape, dtype=np.float32) > DROP_HIDDEN) / np.float32(1 - DROP_HIDDEN)
    both = np.concatenate([np.clip(raw, 0, LIMIT) * keep, inputs], axis=2)
    wrong = (softmax(both @ out + out_bias) - wanted) / np.float32(BATCH)
    back = (wrong @ out[:, :HIDDEN].transpose(0, 2, 1)) * keep * ((raw > 0) & (raw < LIMIT))
    return [
        inputs.transpose(0, 2, 1) @ back,
        back.sum(1, keepdims=True),
        both.transpose(0, 2, 1) @ wrong,
        wrong.sum(1, keepdims=True),
    ]


def softmax(logits):
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def eight_bit(into, into_bias, out, out_bias):
    return [layer(into.T, into_bias[0]), layer(out.T, out_bias[0])]


def layer(rows, biases):
    largest = np.abs(rows).max(1) + 1e-9
    weights = np.rint(rows / largest[:, None] * 127).astype(np.int8)
    scales = (largest / 127 / INPUT_SCALE).astype(np.float32)
    return {"weights": weights, "scales": scales, "biases": biases.astype(np.float32)}


def probabilities(members, inputs):
    total = np.zeros((len(inputs), STAGES))
    for hidden, stages in members:
        units = np.rint(np.clip(line(inputs, hidden) * INPUT_SCALE, 0, 127))
        total += softmax(line(np.concatenate([units, inputs], axis=1), stages)) / len(members)
    return total


def line(inputs, part):
    return inputs @ part["weights"].T.astype(float) * part["scales"].astype(float) + part["biases"].astype(float)
