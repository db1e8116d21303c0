// What one core costs: bytes of code, bytes of memory, and that it imports nothing.

import {
  BreathBeatsCore,
  BreathCore,
  type CoreModule,
  coreCatalog,
  EcgCore,
  HrvCore,
  HrvNonlinearCore,
  HrvSpectrumCore,
  MotionCore,
  PpgCore,
  RrCore,
  SleepCore,
  StressCore,
  WaveDecoder,
  WaveEncoder,
} from '@maibo/cores';
import { CORE_BUDGETS, WINDOW_INTERVALS_MAX, WINDOW_MS } from './budgets.ts';

export interface CoreSize {
  readonly name: string;
  readonly version: string;
  readonly importCount: number;
  readonly moduleBytes: number;
  /** Null for a core that this bench cannot make yet. */
  readonly instanceBytes: number | null;
}

/** The compiler's types for WebAssembly come with the browser's DOM. */
interface WasmApi {
  readonly Module: { new (bytes: Uint8Array): object; imports(module: object): readonly unknown[] };
}

const FIVE_MINUTES = {
  intervalCountMax: WINDOW_INTERVALS_MAX,
  windowMs: WINDOW_MS,
  stepMs: 30_000,
  profile: 0,
  blockCount: 8,
};

const CREATE: Readonly<Record<string, () => { readonly instanceBytes: number }>> = {
  ecg: () => EcgCore.create({ rateHz: 360 }),
  breath: () => BreathCore.create(),
  'breath-beats': () => BreathBeatsCore.create({ rateHz: 256, signal: 2, polarity: 1 }),
  hrv: () => HrvCore.create(FIVE_MINUTES),
  'hrv-nonlinear': () => HrvNonlinearCore.create(FIVE_MINUTES),
  motion: () => MotionCore.create({ rateHz: 100 }),
  // The neediest profile.
  'hrv-spectrum': () => HrvSpectrumCore.create({ ...FIVE_MINUTES, profile: 1, method: 0, hasErrors: 1 }),
  // The largest it gets: the highest rate, with three axes of motion.
  ppg: () => PpgCore.create({ rateHz: 256, polarity: 0, channelCount: 4 }),
  rr: () => RrCore.create({ pauseMs: 2_000 }),
  sleep: () => SleepCore.create({ epochCountMax: 960, mode: 1 }),
  stress: () => StressCore.create({ sensors: 7 }),
  'wave-decode': () => WaveDecoder.create({ channelCount: 2, blockFrames: 250 }),
  'wave-encode': () => WaveEncoder.create({ channelCount: 2, blockFrames: 250 }),
};

export function measureCores(): CoreSize[] {
  return coreCatalog.names().map((name) => measureCore(coreCatalog.get(name)));
}

function measureCore({ name, version, bytes }: CoreModule): CoreSize {
  const { Module } = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;
  const importCount = Module.imports(new Module(bytes)).length;
  return {
    name,
    version,
    importCount,
    moduleBytes: bytes.length,
    instanceBytes: CREATE[name]?.().instanceBytes ?? null,
  };
}

/** What a core takes beyond its budget, one sentence each. */
export function overBudget(core: CoreSize): string[] {
  const budget = CORE_BUDGETS[core.name];
  const { name, importCount, moduleBytes, instanceBytes } = core;
  const found: string[] = [];
  if (importCount > 0) found.push(`core ${name} imports ${importCount} things, it must import none`);
  if (budget === undefined) return found;
  if (moduleBytes > budget.moduleBytes)
    found.push(`core ${name} has ${moduleBytes} bytes, at most ${budget.moduleBytes}`);
  if ((instanceBytes ?? 0) > budget.instanceBytes) {
    found.push(`an instance of core ${name} takes ${instanceBytes} bytes, at most ${budget.instanceBytes}`);
  }
  return found;
}
