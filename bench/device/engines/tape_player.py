"""Plays a tape of pushes to a core, as ../tape.ts does on V8, on any engine that can call the verbs and show the memory.

An engine is an object with call(verb, *numbers), read(at, count), write(at, data) and cost(), which counts up (0 where it cannot)."""

import json
import struct
import sys

END = 0xFFFFFFFF
FNV_START, FNV_PRIME = 0x811C9DC5, 16777619


def aligned(place):
    return (place + 15) & ~15


def play(open_engine):
    """`argv[1]`: a folder with core.wasm, tape.bin and driver.json. Prints name and number, a line each."""
    folder = sys.argv[1]
    with open(f"{folder}/driver.json", encoding="utf-8") as file:
        driver = json.load(file)
    with open(f"{folder}/core.wasm", "rb") as file:
        engine = open_engine(file.read())
    with open(f"{folder}/tape.bin", "rb") as file:
        player = Player(engine, driver, file.read())
    player.run()
    print(f"hash {player.hash}\nfindings {player.finding_count}\ncost {player.cost}")


class Player:
    def __init__(self, engine, driver, tape):
        self.engine, self.driver, self.tape = engine, driver, tape
        self.hash, self.finding_count, self.cost = FNV_START, 0, 0

    def run(self):
        driver = self.driver
        self.instance = aligned(self.expect("arena"))
        self.input = aligned(self.instance + self.expect("size", *driver["sizeNumbers"]))
        self.findings = aligned(self.input + driver["inputBytes"])
        self.expect("init", self.instance, *driver["initNumbers"])
        at, element_bytes = 0, driver["elementBytes"]
        while True:
            (count,) = struct.unpack_from("<I", self.tape, at)
            if count == END:
                break
            bytes_ = count * element_bytes
            self.engine.write(self.input, self.tape[at + 4 : at + 4 + bytes_])
            at += 4 + bytes_
            self.offer(count)
        self.cost += self.timed("flush", self.instance)[1]
        self.collect()

    def offer(self, count):
        taken = 0
        while taken < count:
            before = self.finding_count
            from_ = self.input + taken * self.driver["elementBytes"]
            more, cost = self.timed("push", self.instance, from_, count - taken)
            self.cost += cost
            taken += more
            self.collect()
            if more == 0 and self.finding_count == before:
                raise SystemExit("takes no more")

    def collect(self):
        while True:
            count, cost = self.timed("poll", self.instance, self.findings, self.driver["pollCount"])
            if count == 0:
                return
            self.cost += cost
            value = self.hash
            for byte in self.engine.read(self.findings, count * self.driver["findingBytes"]):
                value = ((value ^ byte) * FNV_PRIME) & 0xFFFFFFFF
            self.hash = value
            self.finding_count += count

    def timed(self, verb, *numbers):
        before = self.engine.cost()
        answer = self.expect(verb, *numbers)
        return answer, self.engine.cost() - before

    def expect(self, verb, *numbers):
        answer = self.engine.call(verb, *numbers)
        if answer < 0:
            raise SystemExit(f"{verb}: status {answer}")
        return answer
