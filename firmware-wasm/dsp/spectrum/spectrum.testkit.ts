// The spectrum on its own, compiled for the tests: dsp functions are no core, so there is no module of theirs to load.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadAsc } from '../../codegen/asc.ts';
import { wasm } from '../../host/webassembly.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const PAGE = 65536;

const ENTRY = `
import { computeSpectrum, spectrumWorkBytes } from './spectrum';
export { computeSpectrum };
export function workBytes(profile: i32, method: i32, countMax: i32, spanMaxS: f64): i32 {
  return <i32>spectrumWorkBytes(profile, method, countMax, spanMaxS);
}
export function defaultWorkBytes(profile: i32, method: i32, countMax: i32): i32 {
  return <i32>spectrumWorkBytes(profile, method, countMax);
}
`;

interface SpectrumExports {
  memory: { buffer: ArrayBuffer; grow(pages: number): number };
  workBytes(profile: number, method: number, countMax: number, spanMaxS: number): number;
  defaultWorkBytes(profile: number, method: number, countMax: number): number;
  computeSpectrum(...numbers: number[]): void;
}

export const [MAIBO, NEUROKIT, KUBIOS, TASKFORCE, NORMALISED] = [0, 1, 2, 3, 4];
export const [OWN, WELCH, AR, LOMB] = [0, 1, 2, 3];
export const NAMES = ['ULF', 'VLF', 'LF', 'HF', 'VHF', 'TP', 'LFHF', 'LFn', 'HFn', 'LnHF'] as const;

export type Name = (typeof NAMES)[number];
export type Indices = Record<Name, number>;

export interface Spectrum {
  readonly value: Indices;
  readonly error: Indices;
}

export async function compileSpectrum(): Promise<SpectrumExports> {
  let module: Uint8Array | undefined;
  const complaints: string[] = [];
  const asc = await loadAsc();
  const options = ['--runtime', 'stub', '--use', 'abort=', '--noAssert', '-O3', '--shrinkLevel', '1'];
  const { error } = await asc.main(['entry.ts', '--baseDir', FOLDER, '-o', 'spectrum.wasm', ...options], {
    stdout: { write: () => undefined },
    stderr: { write: (chunk) => complaints.push(String(chunk)) },
    readFile: (file) => (file === 'entry.ts' ? ENTRY : readIfThere(`${FOLDER}/${file}`)),
    writeFile: (_file, contents) => {
      module = contents as Uint8Array;
    },
    listFiles: () => null,
  });
  if (error || !module) throw new Error(`asc failed:\n${complaints.join('')}`);
  const instance = new wasm.Instance(new wasm.Module(Uint8Array.from(module)));
  return instance.exports as unknown as SpectrumExports;
}

/** The spectrum of intervals in ms, negative after a gap; ends default to their sum. `lack` bytes of the work memory are held back. */
export function spectrumOf(
  spectrum: SpectrumExports,
  rrMs: readonly number[],
  profile: number,
  {
    method = OWN,
    endsMs = endsOf(rrMs),
    lack = 0,
  }: { method?: number; endsMs?: readonly number[]; lack?: number } = {},
): Spectrum {
  const count = rrMs.length;
  const spanMaxS = count > 0 ? (endsMs[count - 1]! - endsMs[0]!) / 1000 : 0;
  const bytes = spectrum.workBytes(profile, method, count, spanMaxS);
  const [out, errors, at] = [PAGE, PAGE + 80, PAGE + 160];
  const work = at + 16 * count;
  const missing = work + bytes + 8 - spectrum.memory.buffer.byteLength;
  if (missing > 0) spectrum.memory.grow(Math.ceil(missing / PAGE));
  const memory = new Float64Array(spectrum.memory.buffer);
  memory.set(rrMs, at / 8);
  memory.set(endsMs, at / 8 + count);
  const behind = (work + bytes) / 8;
  memory[behind] = 1234.5;
  spectrum.computeSpectrum(out, errors, at, at + 8 * count, count, profile, method, work, bytes - lack);
  if (memory[behind] !== 1234.5) throw new Error('wrote beyond the work memory');
  return { value: named(memory.slice(out / 8, out / 8 + 10)), error: named(memory.slice(errors / 8, errors / 8 + 10)) };
}

/** Ends of a series without a gap. */
export function endsOf(rrMs: readonly number[]): number[] {
  let endMs = 0;
  return rrMs.map((rr) => (endMs += Math.abs(rr)));
}

/** Intervals of a heart whose length at time t is given. */
export function heartOf(seconds: number, lengthMs: (timeS: number) => number): number[] {
  const rrMs: number[] = [];
  for (let timeS = 0; timeS < seconds; timeS += rrMs.at(-1)! / 1000) rrMs.push(lengthMs(timeS));
  return rrMs;
}

function named(values: Float64Array): Indices {
  return Object.fromEntries(NAMES.map((name, i) => [name, values[i]])) as Indices;
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
