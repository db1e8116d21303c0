// What the cores of a whole wearable cost together: 250 Hz ECG, 64 Hz light and 32 Hz acceleration, worn day and night.

import { keyOf } from './device-driver.ts';
import type { BoardName } from './firmware.ts';
import { type Measured, perUnitOn } from './measure.ts';

/** A driver, and how many of its units there are in a second. Awake and asleep are two thirds and a third of the day. */
interface Use {
  readonly key: string;
  readonly unitsPerS: number;
}

const USES: readonly Use[] = [
  { key: 'ecg, 250 Hz', unitsPerS: 250 },
  { key: 'ppg, 64 Hz, light and motion', unitsPerS: 64 },
  { key: 'motion, 32 Hz, awake', unitsPerS: (32 * 2) / 3 },
  { key: 'motion, 32 Hz, asleep', unitsPerS: 32 / 3 },
  { key: 'rr, beats', unitsPerS: 70 / 60 },
  { key: 'hrv, maibo', unitsPerS: 1 / 60 },
  { key: 'stress, beats and 32 Hz motion', unitsPerS: 1 / 30 },
  { key: 'sleep, live, counts and RR', unitsPerS: 1 / 30 },
];
export const CLOCK_HZ = 64_000_000;
const DAY_HOURS = 24;

export const WEARABLE_BUDGETS = { share: 0.01, flashBytes: 64 * 1024, linearBytes: 64 * 1024, stackBytes: 2048 };

export interface WearableCost {
  readonly board: BoardName;
  /** By driver: instructions a second, and their share of a clock of 64 MHz at one instruction a cycle. */
  readonly parts: readonly { readonly key: string; readonly instructionsPerS: number; readonly share: number }[];
  readonly share: number;
  readonly chargePerDayMah: number;
  /** Of the cores, without what they share: soft doubles, runtime. */
  readonly flashBytes: number;
  /** What the library asks for each core, added up: constants that it copies, instance, staging. */
  readonly linearBytes: number;
  /** The deepest of them: they run one after the other. */
  readonly stackBytes: number;
}

/** Null where one of its drivers was not measured on the board. */
export function wearableCost(all: readonly Measured[], board: BoardName, uaPerMhz: number): WearableCost | null {
  const used = USES.map(({ key, unitsPerS }) => ({
    unitsPerS,
    measured: all.find(({ driver }) => keyOf(driver) === key),
  }));
  const parts: { key: string; instructionsPerS: number; share: number }[] = [];
  const byCore = new Map<string, { flashBytes: number; linearBytes: number; stackBytes: number }>();
  for (const { unitsPerS, measured } of used) {
    const run = measured?.boards[board];
    if (measured === undefined || run === undefined) return null;
    const instructionsPerS = perUnitOn(measured, board)! * unitsPerS;
    parts.push({ key: keyOf(measured.driver), instructionsPerS, share: instructionsPerS / CLOCK_HZ });
    const before = byCore.get(measured.driver.core);
    byCore.set(measured.driver.core, {
      flashBytes: Math.max(run.coreFlashBytes, before?.flashBytes ?? 0),
      linearBytes: Math.max(run.storageBytes, before?.linearBytes ?? 0),
      stackBytes: Math.max(run.stackBytes, before?.stackBytes ?? 0),
    });
  }
  const cores = [...byCore.values()];
  const perS = parts.reduce((sum, { instructionsPerS }) => sum + instructionsPerS, 0);
  return {
    board,
    parts,
    share: perS / CLOCK_HZ,
    chargePerDayMah: ((perS / 1e6) * uaPerMhz * DAY_HOURS) / 1000,
    flashBytes: cores.reduce((sum, { flashBytes }) => sum + flashBytes, 0),
    linearBytes: cores.reduce((sum, { linearBytes }) => sum + linearBytes, 0),
    stackBytes: Math.max(...cores.map(({ stackBytes }) => stackBytes)),
  };
}
