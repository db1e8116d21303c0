"""A tape on wasmtime; its cost is fuel: about one for each operation of WebAssembly, the same on every machine."""

import wasmtime
from tape_player import play

FUEL_MAX = 2**63 - 1


class Engine:
    def __init__(self, module):
        config = wasmtime.Config()
        config.consume_fuel = True
        engine = wasmtime.Engine(config)
        self.store = wasmtime.Store(engine)
        self.store.set_fuel(FUEL_MAX)
        instance = wasmtime.Instance(self.store, wasmtime.Module(engine, module), [])
        self.exports = dict(instance.exports(self.store).items())
        self.memory = self.exports["memory"]

    def call(self, verb, *numbers):
        function = self.exports[verb]
        kinds = function.type(self.store).params
        return function(self.store, *(n if str(k).startswith("i") else float(n) for n, k in zip(numbers, kinds)))

    def read(self, at, count):
        return self.memory.read(self.store, at, at + count)

    def write(self, at, data):
        self.memory.write(self.store, data, at)

    def cost(self):
        return FUEL_MAX - self.store.get_fuel()


play(Engine)
