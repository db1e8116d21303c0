// Whether there is a Python with wasmtime for tests: MAIBO_PYTHON names one, else the one that bench/device uses, else the system's. Without one
// the tests skip and say so; with MAIBO_REQUIRE_ALL=1 they fail.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BENCH_PYTHON = fileURLToPath(new URL('../../bench/device/.venv/bin/python', import.meta.url));
const CANDIDATES = [process.env.MAIBO_PYTHON, BENCH_PYTHON, 'python3'].filter((one) => one !== undefined);

const found = CANDIDATES.find((python) => spawnSync(python, ['-I', '-c', 'import wasmtime']).status === 0);

/** What to start, whether it is there or not: a test that must not skip fails with the engine's own words. */
export const wasmtimePython: string = found ?? CANDIDATES[0]!;
export const skipsWasmtime: boolean = found === undefined && process.env.MAIBO_REQUIRE_ALL !== '1';
/** Stands in the name of what may skip. */
export const NEEDS_WASMTIME = found === undefined ? ' (skipped: no Python with wasmtime, see MAIBO_PYTHON)' : '';
