"""Features of recordings, computed by the core's own sources: feature-probe.ts is compiled and run here."""

import struct
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from wasmtime import Instance, Module, Store

ROOT = Path(__file__).resolve().parents[3]
PROBE = "firmware-wasm/cores/sleep/feature-probe.ts"
OPTIONS = "--runtime stub --use abort= --noAssert -O3 --shrinkLevel 1 --uncheckedBehavior always --initialMemory 600".split()
EPOCH_COUNT_MAX = 2880
LIVE, MORNING = "live", "morning"
EPOCH_S, INPUT_BYTES = 30, 16
# As the probe counts them.
MODEL_NUMBERS = {"activity": 0, "activity+spread": 1, "intervals": 2}


def compiled_probe():
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "probe.wasm"
        subprocess.run(["npx", "asc", PROBE, "-o", str(out), *OPTIONS], cwd=ROOT, check=True, capture_output=True)
        return out.read_bytes()


class Probe:
    def __init__(self):
        self.store = Store()
        exports = Instance(self.store, Module(self.store.engine, compiled_probe()), []).exports(self.store)
        self.call = lambda name, *args: exports[name](self.store, *args)
        self.memory = exports["memory"]

    def features(self, recording, model, mode):
        """One row for every epoch of the labels; epochs the recording does not reach are absent."""
        at = self.call("arena")
        number = 0 if mode == LIVE else 1
        self.call("init", at, EPOCH_COUNT_MAX, number)
        inputs = recording["inputs"]
        data = b"".join(struct.pack("<dfHH", time_s, value, kind, 0) for time_s, value, kind in inputs)
        source = at + self.call("size", EPOCH_COUNT_MAX, number) + 8 & ~7
        finding = source + len(data)
        self.memory.write(self.store, data, source)
        total = 1 + int(max(time_s for time_s, _, _ in inputs) // EPOCH_S)
        rows, taken = [], 0
        # Live, the core takes only a few epochs before those that are ready have been polled.
        while taken < len(inputs):
            more = self.call("push", at, source + INPUT_BYTES * taken, len(inputs) - taken)
            if more < 0:
                raise SystemExit(f"the core answers {more} to its input {taken}")
            taken += more
            rows += self.judged(at, finding, model, mode, len(rows), total)
        self.call("flush", at)
        rows += self.judged(at, finding, model, mode, len(rows), total)
        return np.array(rows[: len(recording["labels"])])

    def judged(self, at, finding, model, mode, epoch, total):
        """Features of the epochs that can be polled: as they are when they are judged."""
        rows, place = [], self.call("featuresAt", at)
        # Live, the epoch after is known, but not its spectrum, whose window would reach further still.
        seen = 1 if model == "intervals" else 2
        while self.call("poll", at, finding, 1) == 1:
            width = self.call("features", at, MODEL_NUMBERS[model], epoch, min(total, epoch + seen) if mode == LIVE else total)
            rows.append(np.frombuffer(self.memory.read(self.store, place, place + 4 * width), np.float32).astype(float))
            epoch += 1
        return rows
