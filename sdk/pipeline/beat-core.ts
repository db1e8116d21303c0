// The cores that find beats in samples, behind one shape: a stage of the pipeline and the analysis of a file take either.
import { type CoreModule, coreCatalog, EcgCore, ecgFlagNames, PpgCore, ppgFlagNames } from '@maibo/cores';

export type SampledSignal = 'ecg' | 'ppg';

export interface BeatFinding {
  readonly kind: 'beat' | 'unusable' | 'usable' | 'window';
  readonly sample: number;
  readonly quality: number;
  readonly flags: number;
}

export interface BeatCore {
  readonly module: CoreModule;
  push(samples: Float32Array): readonly BeatFinding[];
  flush(): readonly BeatFinding[];
  reset(): void;
}

/** Throws `CoreStatusError` for a rate the core does not take. A PPG is a single light channel without motion, either way up. */
export function createBeatCore(
  signal: SampledSignal,
  rateHz: number,
  module: CoreModule = coreCatalog.get(signal),
): BeatCore {
  if (signal === 'ecg') return EcgCore.create({ rateHz, module });
  return PpgCore.create({ rateHz, polarity: 0, channelCount: 1, module });
}

/** Why the signal was lost, in one word. */
export function lossReason(signal: SampledSignal, flags: number): string {
  const names = signal === 'ecg' ? ecgFlagNames(flags) : ppgFlagNames(flags);
  return names[0] ?? 'unusable';
}
