// Runs the core of a package the way a gateway would, over a signal made for it, and holds it against the promises of ABI.md that can be seen
// from outside: the same findings whatever the size of the blocks, from a snapshot, after a reset, and over input that is missing.

import { isMaiboError } from '../errors.ts';
import type { CorePackage } from './core-package.ts';
import type { Engine } from './engine.ts';
import { GuestCore, type GuestFinding } from './guest-core.ts';

export interface CoreCheck {
  readonly what: string;
  /** Null: it holds. */
  readonly fault: string | null;
}

const FRAMES = 20_000;
const BLOCK = 1_000;

/** One line a promise, at the lowest and the highest rate that the manifest names. A core that was stopped ends the list. */
export function checkCore(core: CorePackage, engine: Engine): CoreCheck[] {
  const { rateHzMin, rateHzMax, channelCount } = core.manifest.takes;
  const checks: CoreCheck[] = [];
  for (const rateHz of new Set([rateHzMin, rateHzMax])) {
    const samples = probe(rateHz, channelCount);
    const make = () => GuestCore.create(core, rateHz, engine);
    for (const [what, check] of PROMISES) {
      const fault = faultOf(() => check(make, samples));
      checks.push({ what: `${rateHz} Hz: ${what}`, fault });
      if (engine.stopped.some(({ sha256 }) => sha256 === toHex(core.manifest.sha256))) return checks;
    }
  }
  return checks;
}

export interface CoreCost {
  readonly rateHz: number;
  /** Of this machine's time for a second of signal, in blocks of a second. */
  readonly msPerS: number;
  /** Operations of WebAssembly for a second of signal; null where the engine does not count them. */
  readonly fuelPerS: number | null;
}

const COST_S = 120;

/** What the core takes at the highest rate of its manifest. Errors: `core-stopped`. */
export function costOfCore(core: CorePackage, engine: Engine): CoreCost {
  const { rateHzMax: rateHz, channelCount } = core.manifest.takes;
  const guest = GuestCore.create(core, rateHz, engine);
  const samples = probe(rateHz, channelCount);
  const size = Math.round(rateHz) * channelCount;
  const fuelBefore = engine.fuelSpent;
  const startMs = performance.now();
  for (let second = 0; second < COST_S; second++) {
    const at = (second * size) % Math.max(1, samples.length - size);
    guest.push(samples.subarray(at, at + size));
  }
  const msPerS = (performance.now() - startMs) / COST_S;
  const fuelPerS =
    fuelBefore === undefined || engine.fuelSpent === undefined ? null : (engine.fuelSpent - fuelBefore) / COST_S;
  return { rateHz, msPerS, fuelPerS };
}

type Promised = (make: () => GuestCore, samples: Float32Array) => boolean;

const PROMISES: readonly (readonly [string, Promised])[] = [
  ['runs over a signal, noise, silence and missing samples', (make, samples) => whole(make(), samples).length >= 0],
  ['gives the same again', (make, samples) => isSame(whole(make(), samples), whole(make(), samples))],
  [
    'gives the same in blocks of any size',
    (make, samples) => isSame(whole(make(), samples), inBlocks(make(), samples, 333)),
  ],
  ['goes on from a snapshot', (make, samples) => isSame(whole(make(), samples), withSnapshot(make, samples))],
  ['begins anew after a reset', (make, samples) => isSame(whole(make(), samples), afterReset(make(), samples))],
];

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function whole(core: GuestCore, samples: Float32Array): GuestFinding[] {
  return [...inBlocks(core, samples, BLOCK)];
}

function inBlocks(core: GuestCore, samples: Float32Array, size: number): GuestFinding[] {
  const findings: GuestFinding[] = [];
  for (let at = 0; at < samples.length; at += size) findings.push(...core.push(samples.subarray(at, at + size)));
  return [...findings, ...core.flush()];
}

function withSnapshot(make: () => GuestCore, samples: Float32Array): GuestFinding[] {
  const half = samples.length >> 1;
  const first = make();
  const findings = first.push(samples.subarray(0, half));
  const second = make();
  second.restore(first.snapshot());
  return [...findings, ...second.push(samples.subarray(half)), ...second.flush()];
}

function afterReset(core: GuestCore, samples: Float32Array): GuestFinding[] {
  inBlocks(core, samples.subarray(0, samples.length >> 1), BLOCK);
  core.reset();
  return whole(core, samples);
}

function isSame(some: readonly GuestFinding[], others: readonly GuestFinding[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}

function faultOf(check: () => boolean): string | null {
  try {
    return check() ? null : 'it does not';
  } catch (failure) {
    if (!isMaiboError(failure, 'core-status', 'core-stopped', 'core-refused', 'input-range')) throw failure;
    return failure.message;
  }
}

/** Pulses on a wave, noise, silence, then samples that are missing; the same for everybody. */
function probe(rateHz: number, channelCount: number): Float32Array {
  let state = 1;
  const noise = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return Float32Array.from({ length: FRAMES * channelCount }, (_, index) => {
    const frame = Math.floor(index / channelCount);
    const part = Math.floor((4 * frame) / FRAMES);
    if (part === 1) return noise();
    if (part === 2) return 0;
    if (part === 3 && frame % 2_000 < 200) return Number.NaN;
    const phase = (frame / rateHz) % 0.8;
    return Math.exp(-((phase - 0.4) ** 2) / 0.001) + 0.1 * Math.sin(frame / rateHz) + 0.01 * noise();
  });
}
