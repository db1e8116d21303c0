"""Runs one module on wasmtime, for wasmtime-line.ts: frames come on stdin, one answer a frame goes to stdout, and the end of stdin is the end.

A frame is its length (u32, little endian, as all numbers here) and so many bytes. The first one is the module, behind (f64 each) the fuel and the
milliseconds of a verb, the pages of memory at most, and the number of verbs, whose names lie behind the count with a byte of length each. The
others are steps:

  verb, numbers, pages, putAt, putSize, fetchAt, fetchSize, fetchElement   i32 each; verb -1: none, only bytes move
  numbers                                                                  f64 each, the arguments
  the bytes to put

An answer is a reason (u8, 0: done), what the verb answered and the fuel it took (f64 each), and the bytes fetched, or why it failed."""

import os
import resource
import struct
import sys
import threading
import time

FRAME_BYTES_MAX = 2 << 20
PAGE_BYTES = 65536
PROCESS_BYTES_MAX = 1 << 30  # what may be written to: the compiler's memory counts, reserved addresses do not
FILES_MAX = 64
TICK_S = 0.01
STEP = struct.Struct("<8i")
START = struct.Struct("<4d")
ANSWER = struct.Struct("<B2d")
# As wasmtime-frames.ts numbers them.
DONE, START_FAILED, FUEL, DEADLINE, MEMORY, TRAP, WRONG_ANSWER, LOST, ABSENT = range(9)


class Failed(Exception):
    def __init__(self, reason, why):
        super().__init__(why)
        self.reason = reason


class Watchdog(threading.Thread):
    """Counts epochs while a verb runs: a verb that sees too many of them is ended."""

    def __init__(self, engine):
        super().__init__(daemon=True)
        self.engine, self.is_busy, self.wanted = engine, False, threading.Event()

    def begin(self):
        self.is_busy = True
        self.wanted.set()

    def end(self):
        self.is_busy = False

    def run(self):
        while True:
            self.wanted.wait()
            time.sleep(TICK_S)
            self.engine.increment_epoch()
            self.wanted.clear()
            # In this order: a verb that begins in between sets it again.
            if self.is_busy:
                self.wanted.set()


class Core:
    def __init__(self, wasmtime, fuel, call_ms, pages_max, verbs, module):
        config = wasmtime.Config()
        config.consume_fuel = True
        config.epoch_interruption = True
        # What differs between machines, or between two runs, is not for a core.
        config.cranelift_nan_canonicalization = True
        config.wasm_relaxed_simd = False
        config.wasm_threads = False
        config.parallel_compilation = False
        config.memory_init_cow = False  # it would need a file
        self.wasmtime, self.fuel, self.ticks = wasmtime, fuel, int(call_ms / (TICK_S * 1000)) + 2
        self.engine = wasmtime.Engine(config)
        self.watchdog = Watchdog(self.engine)
        self.watchdog.start()
        self.store = wasmtime.Store(self.engine)
        self.store.set_limits(memory_size=pages_max * PAGE_BYTES, instances=1, memories=1, tables=1)
        self.arm()
        instance = wasmtime.Instance(self.store, wasmtime.Module(self.engine, module), [])
        exports = instance.exports(self.store)
        self.memory = exports["memory"]
        self.verbs = [(exports[name], self.kinds(exports[name])) for name in verbs]

    def kinds(self, function):
        """Of the parameters: an integer or not. i64 is no number to a host that has only f64."""
        kind = function.type(self.store)
        names = [str(one) for one in (*kind.params, *kind.results)]
        if len(kind.results) != 1 or any(name not in ("i32", "f32", "f64") for name in names):
            return None
        return [str(one) == "i32" for one in kind.params]

    def arm(self):
        self.store.set_fuel(self.fuel)
        self.store.set_epoch_deadline(self.ticks)

    def call(self, index, numbers):
        """What the verb answered, and the fuel it took."""
        function, kinds = self.verbs[index]
        if kinds is None:
            raise Failed(WRONG_ANSWER, "takes or answers what is no number")
        given = [*numbers, *[0.0] * len(kinds)]
        arguments = [to_i32(number) if is_integer else number for number, is_integer in zip(given, kinds)]
        self.arm()
        self.watchdog.begin()
        try:
            answer = function(self.store, *arguments)
        except self.wasmtime.Trap as trap:
            raise self.failed(trap) from None
        finally:
            self.watchdog.end()
        return float(answer), float(self.fuel - self.store.get_fuel())

    def failed(self, trap):
        codes = self.wasmtime.TrapCode
        if trap.trap_code == codes.OUT_OF_FUEL:
            return Failed(FUEL, f"took more than {self.fuel} operations")
        if trap.trap_code == codes.INTERRUPT:
            return Failed(DEADLINE, "did not answer in time")
        return Failed(TRAP, "trap" if trap.trap_code is None else trap.trap_code.name.lower().replace("_", " "))

    def step(self, frame):
        verb, count, pages, put_at, put_size, fetch_at, fetch_size, element = STEP.unpack_from(frame)
        numbers = struct.unpack_from(f"<{count}d", frame, STEP.size)
        self.grow(pages)
        if put_size > 0:
            from_ = STEP.size + 8 * count
            self.memory.write(self.store, bytearray(frame[from_ : from_ + put_size]), put_at)
        answer, fuel = 0.0, 0.0
        if verb >= 0:
            size = self.memory.size(self.store)
            answer, fuel = self.call(verb, numbers)
            if self.memory.size(self.store) != size:
                raise Failed(MEMORY, "it grew its memory")
            if element > 0:
                fetch_size = int(min(answer * element, fetch_size)) if answer > 0 else 0
        fetched = self.memory.read(self.store, fetch_at, fetch_at + fetch_size)
        if len(fetched) != fetch_size:
            raise Failed(LOST, "the bytes to fetch lie outside the memory")
        return ANSWER.pack(DONE, answer, fuel) + fetched

    def grow(self, pages):
        missing = pages - self.memory.size(self.store)
        if missing > 0:
            self.memory.grow(self.store, missing)


def to_i32(number):
    """As JavaScript does it."""
    if number != number or number in (float("inf"), float("-inf")):
        return 0
    return (int(number) + 2**31) % 2**32 - 2**31


def open_core(frame):
    try:
        import wasmtime
    except ImportError as cause:
        raise Failed(ABSENT, f"{sys.executable} has no wasmtime: {cause}") from None
    fuel, call_ms, pages_max, verb_count = START.unpack_from(frame)
    at, verbs = START.size, []
    for _ in range(int(verb_count)):
        end = at + 1 + frame[at]
        verbs.append(frame[at + 1 : end].decode("ascii"))
        at = end
    limit_process()
    try:
        return Core(wasmtime, int(fuel), call_ms, int(pages_max), verbs, frame[at:])
    except (wasmtime.WasmtimeError, wasmtime.Trap) as cause:
        raise Failed(START_FAILED, str(cause).split("\n")[0]) from None


def limit_process():
    """Behind the imports: a core needs no files, no other process and no more memory than its compiler."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_MAX, FILES_MAX))
    resource.setrlimit(resource.RLIMIT_DATA, (PROCESS_BYTES_MAX, PROCESS_BYTES_MAX))


def read_exactly(source, size):
    data = source.read(size)
    if len(data) < size:
        sys.exit(0)
    return data


def read_frame(source):
    (size,) = struct.unpack("<I", read_exactly(source, 4))
    if size > FRAME_BYTES_MAX:
        sys.exit(f"a frame of {size} bytes")
    return read_exactly(source, size)


def answer(work):
    """A step that failed ends the module: the host asks nothing more of this process."""
    try:
        return work()
    except Failed as failed:
        return ANSWER.pack(failed.reason, 0, 0) + str(failed).encode()
    except Exception as unforeseen:
        return ANSWER.pack(LOST, 0, 0) + repr(unforeseen).encode()


def main():
    source = sys.stdin.buffer
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints, prints beside the answers
    core = None

    def open_first():
        nonlocal core
        core = open_core(read_frame(source))
        return ANSWER.pack(DONE, 0, 0)

    work = open_first
    while True:
        said = answer(work)
        target.write(struct.pack("<I", len(said)) + said)
        target.flush()
        if core is None:
            sys.exit(0)
        frame = read_frame(source)
        work = lambda: core.step(frame)  # noqa: E731


main()
