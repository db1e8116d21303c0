// Plays a tape on an engine that Python hosts: wasmtime, which counts fuel, and wasm3, which interprets.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../shared-folder.ts';
import type { DeviceDriver } from './device-driver.ts';
import { generatedModule } from './generated-module.ts';
import { withPages } from './memory-pages.ts';
import { type Bits, bitsOf, numbersOf, runProgram } from './platform-run.ts';
import type { Played } from './tape.ts';

export interface EngineRun extends Bits {
  /** Fuel of pushes, polls and flush; 0 where the engine counts nothing. */
  readonly cost: number;
}

const PAGE_BYTES = 65_536;

/** Writes core.wasm and driver.json into the folder. */
export function writeForEngines(driver: DeviceDriver, played: Played, folder: string): void {
  const module = withPages(generatedModule(driver.core), Math.ceil(played.linearBytes / PAGE_BYTES));
  writeFileSync(join(folder, 'core.wasm'), module);
  const { sizeNumbers, initNumbers, elementBytes, findingBytes, pollCount } = driver;
  const { inputBytes } = played;
  writeFileSync(
    join(folder, 'driver.json'),
    JSON.stringify({ sizeNumbers, initNumbers, elementBytes, findingBytes, pollCount, inputBytes }),
  );
}

/** Expects what `writeForEngines` wrote, and tape.bin. */
export function runOnEngine(python: string, name: 'wasmtime' | 'wasm3', folder: string): EngineRun {
  const player = join(ROOT, 'bench', 'device', 'engines', `play_${name}.py`);
  const numberOf = numbersOf(runProgram(python, ['-B', player, folder], folder));
  return { ...bitsOf(numberOf), cost: numberOf('cost') };
}
