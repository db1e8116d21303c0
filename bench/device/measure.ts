// One driver on every platform that is here.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeviceDriver } from './device-driver.ts';
import { runOnEngine, writeForEngines } from './engine.ts';
import { type BoardName, type BoardRun, runOnBoard, runOnHost, writeDriver } from './firmware.ts';
import { generatedModule } from './generated-module.ts';
import type { Bits } from './platform-run.ts';
import { type Played, playHere, tapeOf } from './tape.ts';
import type { Toolchain } from './toolchain.ts';

export interface Measured {
  readonly driver: DeviceDriver;
  /** On V8, whose bits all others must have. */
  readonly played: Played;
  readonly unitCount: number;
  readonly boards: Partial<Record<BoardName, BoardRun>>;
  /** Wasmtime's. */
  readonly fuel: number | null;
  /** What each platform found, V8 among them. */
  readonly bits: Readonly<Record<string, Bits>>;
}

export function measure(tools: Toolchain, driver: DeviceDriver): Measured {
  const played = playHere(generatedModule(driver.core), driver);
  const folder = mkdtempSync(join(tmpdir(), 'maibo-device-'));
  try {
    writeFileSync(join(folder, 'tape.bin'), tapeOf(driver));
    const { boards, host } = runAsC(tools, driver, played, folder);
    const { wasmtime, wasm3 } = runOnEngines(tools, driver, played, folder);
    const bits = { v8: played, 'x86-64': host, ...boards, wasmtime, wasm3 };
    return {
      driver,
      played,
      unitCount: driver.unitCount ?? played.findingCount,
      boards,
      fuel: wasmtime?.cost ?? null,
      bits: Object.fromEntries(Object.entries(bits).flatMap(([name, own]) => (own ? [[name, own]] : []))),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runAsC(
  { hasWabt, hasBoards, hasHostCompiler }: Toolchain,
  driver: DeviceDriver,
  played: Played,
  folder: string,
) {
  if (!hasWabt) return { boards: {}, host: null };
  writeDriver(driver, played, folder);
  return {
    host: hasHostCompiler ? runOnHost(driver, folder) : null,
    boards: hasBoards ? { m4f: runOnBoard('m4f', driver, folder), m33: runOnBoard('m33', driver, folder) } : {},
  };
}

function runOnEngines(tools: Toolchain, driver: DeviceDriver, played: Played, folder: string) {
  writeForEngines(driver, played, folder);
  return {
    wasmtime: tools.wasmtime === null ? null : runOnEngine(tools.wasmtime, 'wasmtime', folder),
    wasm3: tools.wasm3 === null ? null : runOnEngine(tools.wasm3, 'wasm3', folder),
  };
}

/** Platforms whose bits are not V8's. */
export function strangersOf({ bits, played }: Measured): string[] {
  return Object.entries(bits)
    .filter(([, { hash, findingCount }]) => hash !== played.hash || findingCount !== played.findingCount)
    .map(([platform]) => platform);
}

/** Instructions a unit, or null where the board was not run. */
export function perUnitOn({ boards, unitCount }: Measured, name: BoardName): number | null {
  const run = boards[name];
  return run === undefined ? null : run.total / unitCount;
}
