// What a core may cost a device. The tests beside this file hold the shipped modules against it.

export interface CoreBudget {
  /** Size of the .wasm. */
  readonly moduleBytes: number;
  /** Memory of one instance. */
  readonly instanceBytes: number;
}

/** 12 kB of flash and 16 kB of memory: what a Cortex-M0+ with 64 kB and 32 kB has left beside radio and drivers. */
export const CORE_BUDGETS: Readonly<Record<string, CoreBudget>> = {
  breath: { moduleBytes: 12 * 1024, instanceBytes: 32 * 1024 },
  'breath-beats': { moduleBytes: 12 * 1024, instanceBytes: 16 * 1024 },
  ecg: { moduleBytes: 12 * 1024, instanceBytes: 16 * 1024 },
  // Five minutes of beats.
  hrv: { moduleBytes: 16 * 1024, instanceBytes: 32 * 1024 },
  'hrv-nonlinear': { moduleBytes: 40 * 1024, instanceBytes: 32 * 1024 },
  motion: { moduleBytes: 10 * 1024, instanceBytes: 16 * 1024 },
  'hrv-spectrum': { moduleBytes: 16 * 1024, instanceBytes: 40 * 1024 },
  ppg: { moduleBytes: 12 * 1024, instanceBytes: 16 * 1024 },
  // A night of eight hours: 960 epochs. A quarter of it is there for raw counts and heart rate.
  sleep: { moduleBytes: 32 * 1024, instanceBytes: 112 * 1024 },
  stress: { moduleBytes: 12 * 1024, instanceBytes: 32 * 1024 },
  rr: { moduleBytes: 12 * 1024, instanceBytes: 16 * 1024 },
  // Two channels, in blocks that fit a packet.
  'wave-decode': { moduleBytes: 6 * 1024, instanceBytes: 4 * 1024 },
  'wave-encode': { moduleBytes: 6 * 1024, instanceBytes: 4 * 1024 },
};

/** Intervals in the five minutes that a wearable keeps: 120 a minute throughout. */
export const WINDOW_INTERVALS_MAX = 600;
export const WINDOW_MS = 300_000;
