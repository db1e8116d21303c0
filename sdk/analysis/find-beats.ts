// Beats of a sampled channel, found by its core.
import { type CoreModule, CoreStatusError, EcgCore, ecgFlagNames, PpgCore, ppgFlagNames } from '@maibo/cores';
import { MaiboError } from '../errors.ts';
import type { Recording } from '../formats/recording.ts';
import { type RrPoint, RrSeries } from '../pipeline/rr-series.ts';
import { UsableTime } from '../pipeline/usable-time.ts';
import type { Found, FoundBeat } from './found.ts';

export type SampledSignal = 'ecg' | 'ppg';

interface Finding {
  readonly kind: string;
  readonly sample: number;
  readonly quality: number;
  readonly flags: number;
}

interface Detector {
  readonly module: CoreModule;
  push(samples: Float32Array): readonly Finding[];
  flush(): readonly Finding[];
}

interface Kind {
  readonly rates: string;
  readonly flagNames: (flags: number) => string[];
  readonly create: (rateHz: number) => Detector;
}

const KINDS: Readonly<Record<SampledSignal, Kind>> = {
  ecg: { rates: '50 to 1000', flagNames: ecgFlagNames, create: (rateHz) => EcgCore.create({ rateHz }) },
  ppg: {
    rates: '20 to 256',
    flagNames: ppgFlagNames,
    create: (rateHz) => PpgCore.create({ rateHz, polarity: 0, channelCount: 1 }),
  },
};

/** Errors: `input-range` for a rate the core does not take, and what reading throws. */
export async function findBeats(recording: Recording, channel: number, signal: SampledSignal): Promise<Found> {
  const rateHz = recording.channels[channel]?.rateHz ?? 0;
  const detector = createDetector(signal, rateHz, recording.path);
  const taken = new Taken(rateHz, KINDS[signal].flagNames);
  let sampleCount = 0;
  for await (const chunk of recording.samples(channel)) {
    sampleCount += chunk.length;
    taken.take(detector.push(chunk));
  }
  taken.take(detector.flush());
  const durationS = sampleCount / rateHz;
  const { beats, rr, usable, windows } = taken;
  const coverage = usable.coverage(0, durationS);
  return {
    rateHz,
    durationS,
    modules: [detector.module],
    beats,
    rr,
    coverage,
    flags: usable.reasons(0, durationS),
    windows,
  };
}

class Taken {
  readonly beats: FoundBeat[] = [];
  readonly rr: RrPoint[] = [];
  readonly windows: { timeS: number; quality: number }[] = [];
  readonly usable = new UsableTime();
  readonly #series = new RrSeries();
  readonly #rateHz: number;
  readonly #flagNames: (flags: number) => string[];

  constructor(rateHz: number, flagNames: (flags: number) => string[]) {
    this.#rateHz = rateHz;
    this.#flagNames = flagNames;
  }

  take(findings: readonly Finding[]): void {
    for (const finding of findings) {
      const timeS = finding.sample / this.#rateHz;
      if (finding.kind === 'usable') this.usable.regain(timeS);
      else if (finding.kind === 'unusable') {
        this.usable.lose(timeS, this.#flagNames(finding.flags)[0] ?? 'unusable');
        this.#series.break();
      } else if (finding.kind === 'window') this.windows.push({ timeS, quality: finding.quality });
      else if (finding.kind === 'beat') {
        this.beats.push({ sample: Math.round(finding.sample), timeS, quality: finding.quality });
        const interval = this.#series.addBeat(timeS, finding.quality);
        if (interval !== null) this.rr.push(interval);
      }
    }
  }
}

function createDetector(signal: SampledSignal, rateHz: number, path: string): Detector {
  try {
    return KINDS[signal].create(rateHz);
  } catch (cause) {
    if (!(cause instanceof CoreStatusError)) throw cause;
    const hint = `it takes ${KINDS[signal].rates} samples per second`;
    throw new MaiboError('input-range', `${rateHz} Hz is outside what the ${signal} core takes`, {
      where: path,
      hint,
      cause,
    });
  }
}
