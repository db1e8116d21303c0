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
# The last channel that each model sees (cores/sleep/state.ts).
LAST_CHANNEL = {"activity": 0, "activity+spread": 1, "intervals": 2}


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
        self.call("init", at, EPOCH_COUNT_MAX, 0 if mode == LIVE else 1)
        self.push(at, recording["inputs"])
        count = min(self.call("epochCount", at), len(recording["labels"]))
        total = self.call("epochCount", at)
        place = self.call("featuresAt", at)
        # Live, the epoch after is known, but not its spectrum, whose window would reach further still.
        seen = 1 if model == "intervals" else 2
        rows = []
        for epoch in range(count):
            width = self.call("features", at, LAST_CHANNEL[model], epoch, min(total, epoch + seen) if mode == LIVE else total)
            rows.append(np.frombuffer(self.memory.read(self.store, place, place + 8 * width)))
        return np.array(rows)

    def push(self, at, inputs):
        data = b"".join(struct.pack("<dfHH", time_s, value, kind, 0) for time_s, value, kind in inputs)
        into = at + self.call("size", EPOCH_COUNT_MAX) + 8 & ~7
        self.memory.write(self.store, data, into)
        taken = self.call("push", at, into, len(inputs))
        if taken != len(inputs):
            raise SystemExit(f"the core took {taken} of {len(inputs)} inputs")
