// `rr` and the cores of heart rate variability: beats of the made person, windows of five minutes; a push a beat.

import type { DeviceDriver } from './device-driver.ts';
import { type MadeBeat, makeBeats } from './made-wearer.ts';
import { cut, type Field, structsOf } from './pushes.ts';

const WINDOW_MS = 300_000;
const STEP_MS = 60_000;
/** Five minutes of 120 beats a minute. */
const INTERVALS_MAX = 600;
const BLOCKS = 10;
/** Three seconds without beats every minute and a half. */
const [GAP_EVERY, GAP_MS] = [100, 3000];
export const [WELCH, AR, LOMB] = [1, 2, 3];
const [MAIBO, NEUROKIT] = [0, 1];
const PAUSE_MS = 2000;
/** The first and last beat of the window's time, and as many steps more. */
const [ONE_WINDOW_S, TEN_WINDOWS_S] = [330, 870];

const INTERVAL_FIELDS: readonly Field[] = [
  ['f64', 0],
  ['f64', 8],
  ['f32', 16],
  ['u32', 20],
];
const RR_FIELDS: readonly Field[] = [
  ['f64', 0],
  ['f32', 8],
  ['u32', 12],
];

type Varying = Pick<DeviceDriver, 'core' | 'name' | 'sizeNumbers' | 'initNumbers' | 'findingBytes' | 'budget'>;

export function intervalDrivers(): DeviceDriver[] {
  const [short, long] = [makeBeats(ONE_WINDOW_S), makeBeats(TEN_WINDOWS_S)];
  return [
    rrDriver('beats', long),
    hrvWindowsDriver('maibo', long),
    hrvDriver('maibo, gaps', MAIBO, 0, 6_000_000, short, GAP_EVERY),
    hrvDriver('neurokit', NEUROKIT, 0, null, short),
    hrvDriver('maibo, with errors', MAIBO, BLOCKS, null, short),
    spectrumDriver('Welch', WELCH, short),
    spectrumDriver('AR', AR, short),
    spectrumDriver('Lomb', LOMB, short),
    nonlinearDriver('maibo', short),
  ];
}

export function rrDriver(name: string, beats: readonly MadeBeat[]): DeviceDriver {
  const rows = beats.map(({ rrMs }, index) => [rrMs, 0.9, index === 500 ? 1 : 0]);
  return {
    core: 'rr',
    name,
    sizeNumbers: [],
    initNumbers: [PAUSE_MS],
    elementBytes: 16,
    findingBytes: 40,
    pollCount: 8,
    unit: 'interval',
    unitCount: beats.length,
    budget: null,
    pushes: cut(structsOf(16, RR_FIELDS, rows), 16),
  };
}

/** What a wearable asks for: every minute the five minutes before it. */
export function hrvWindowsDriver(name: string, beats: readonly MadeBeat[]): DeviceDriver {
  return hrvDriver(name, MAIBO, 0, 6_000_000, beats);
}

function hrvDriver(
  name: string,
  profile: number,
  blocks: number,
  budget: number | null,
  beats: readonly MadeBeat[],
  gapEvery = 0,
): DeviceDriver {
  const initNumbers = [INTERVALS_MAX, WINDOW_MS, STEP_MS, profile, blocks];
  return windowsOf(
    { core: 'hrv', name, sizeNumbers: [INTERVALS_MAX, WINDOW_MS], initNumbers, findingBytes: 376, budget },
    beats,
    gapEvery,
  );
}

export function spectrumDriver(name: string, method: number, beats: readonly MadeBeat[]): DeviceDriver {
  const sizeNumbers = [INTERVALS_MAX, WINDOW_MS, MAIBO, method];
  const initNumbers = [INTERVALS_MAX, WINDOW_MS, STEP_MS, MAIBO, method, 0];
  return windowsOf({ core: 'hrv-spectrum', name, sizeNumbers, initNumbers, findingBytes: 120, budget: null }, beats);
}

export function nonlinearDriver(name: string, beats: readonly MadeBeat[]): DeviceDriver {
  const initNumbers = [INTERVALS_MAX, WINDOW_MS, STEP_MS, MAIBO, 0];
  const sizeNumbers = [INTERVALS_MAX];
  return windowsOf({ core: 'hrv-nonlinear', name, sizeNumbers, initNumbers, findingBytes: 648, budget: null }, beats);
}

/** Every `gapEvery`th interval follows a gap; 0 for none. */
function windowsOf(varying: Varying, beats: readonly MadeBeat[], gapEvery = 0): DeviceDriver {
  const rows = beats.map(({ rrMs }, index) => {
    const isAfterGap = gapEvery > 0 && index % gapEvery === gapEvery - 1;
    return [rrMs, isAfterGap ? GAP_MS : 0, 0.9, isAfterGap ? 1 : 0];
  });
  return {
    ...varying,
    elementBytes: 24,
    pollCount: 2,
    unit: 'window',
    unitCount: null,
    pushes: cut(structsOf(24, INTERVAL_FIELDS, rows), 24),
  };
}
