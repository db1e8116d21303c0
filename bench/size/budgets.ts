// What a core may cost a device. The tests beside this file hold the shipped modules against it.

export interface CoreBudget {
  /** Size of the .wasm. */
  readonly moduleBytes: number;
  /** Memory of one instance. */
  readonly instanceBytes: number;
}

/** 12 kB of flash and 16 kB of memory: what a Cortex-M0+ with 64 kB and 32 kB has left beside radio and drivers. */
export const CORE_BUDGETS: Readonly<Record<string, CoreBudget>> = {
  ecg: { moduleBytes: 12 * 1024, instanceBytes: 16 * 1024 },
  ppg: { moduleBytes: 12 * 1024, instanceBytes: 16 * 1024 },
  rr: { moduleBytes: 12 * 1024, instanceBytes: 16 * 1024 },
};

/** The longest window that the pipeline asks of the HRV core: 300 s at 300 beats a minute, doubled. It runs on a gateway. */
export const HRV_INTERVALS_MAX = 3_000;
