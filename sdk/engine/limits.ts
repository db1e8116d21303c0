// What a module from elsewhere may use. Every limit has a name, and what reaches one is told by it.

export interface EngineLimits {
  /** Bytes of a module. Cores are tens of kilobytes. */
  readonly moduleBytesMax: number;
  /** Pages (64 KiB) of linear memory, the host's buffers included. */
  readonly pagesMax: number;
  /** From the first byte of a new thread to a core that answers, ms. */
  readonly startMs: number;
  /** One verb, ms. The slowest verb of a core of ours, HRV over five minutes, takes a few. */
  readonly callMs: number;
  /** Operations of WebAssembly in one verb, where an engine counts them. The most expensive verb of ours, HRV's non-linear indices over five
   * minutes, takes 46 million. */
  readonly callFuel: number;
  /** All verbs of a module together, ms: this much, and `averageMs` for every call. A core that is slow each time is slow for ever. */
  readonly totalMs: number;
  readonly averageMs: number;
  /** Findings in all: this many, and `findingsPerPush` for every push that took something. A wave block of 4,096 samples gives the most. */
  readonly findingsMax: number;
  readonly findingsPerPush: number;
  /** Modules that one engine starts. A store of several years names a handful of releases of five cores. */
  readonly modulesMax: number;
  /** How often a thread or process is replaced that ended by no fault of its module. */
  readonly replacedMax: number;
}

export const ENGINE_LIMITS: EngineLimits = {
  moduleBytesMax: 1 << 20,
  pagesMax: 256,
  startMs: 10_000,
  callMs: 2_000,
  callFuel: 500_000_000,
  totalMs: 30_000,
  averageMs: 10,
  findingsMax: 65_536,
  findingsPerPush: 16_384,
  modulesMax: 32,
  replacedMax: 3,
};

/** A page of WebAssembly memory. */
export const PAGE_BYTES = 65_536;
