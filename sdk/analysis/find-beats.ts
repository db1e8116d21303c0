// Beats of a sampled channel, found by its core.
import { CoreStatusError, PpgCore } from '@maibo/cores';
import { MaiboError } from '../errors.ts';
import type { Recording } from '../formats/recording.ts';
import {
  type BeatCore,
  type BeatFinding,
  createBeatCore,
  lossReason,
  type SampledSignal,
} from '../pipeline/beat-core.ts';
import { type RrPoint, RrSeries } from '../pipeline/rr-series.ts';
import { UsableTime } from '../pipeline/usable-time.ts';
import type { Found, FoundBeat } from './found.ts';
import { framesWithMotion, type WristSensors } from './wrist-sensors.ts';

/** Samples per second that each core takes, for people. */
const RATES: Readonly<Record<SampledSignal, string>> = { ecg: '50 to 1000', ppg: '20 to 256' };

/** `motion` tells pulses from movement in a PPG. Errors: `input-range` for a rate the core does not take, and what reading throws. */
export async function findBeats(
  recording: Recording,
  channel: number,
  signal: SampledSignal,
  motion: WristSensors['motion'] = null,
): Promise<Found> {
  const { rateHz = 0, startS = 0 } = recording.channels[channel] ?? {};
  const withMotion = signal === 'ppg' ? motion : null;
  const detector = createDetector(signal, rateHz, recording.path, withMotion !== null);
  const taken = new Taken(signal, rateHz);
  let sampleCount = 0;
  for await (const chunk of recording.samples(channel)) {
    const place = { firstS: startS + sampleCount / rateHz, rateHz };
    taken.take(detector.push(withMotion === null ? chunk : framesWithMotion(chunk, place, withMotion)));
    sampleCount += chunk.length;
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
  readonly #signal: SampledSignal;

  constructor(signal: SampledSignal, rateHz: number) {
    this.#rateHz = rateHz;
    this.#signal = signal;
  }

  take(findings: readonly BeatFinding[]): void {
    for (const finding of findings) {
      const timeS = finding.sample / this.#rateHz;
      if (finding.kind === 'usable') this.usable.regain(timeS);
      else if (finding.kind === 'unusable') {
        this.usable.lose(timeS, lossReason(this.#signal, finding.flags));
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

function createDetector(signal: SampledSignal, rateHz: number, path: string, withMotion: boolean): BeatCore {
  try {
    return withMotion ? PpgCore.create({ rateHz, polarity: 0, channelCount: 4 }) : createBeatCore(signal, rateHz);
  } catch (cause) {
    if (!(cause instanceof CoreStatusError)) throw cause;
    const hint = `it takes ${RATES[signal]} samples per second`;
    throw new MaiboError('input-range', `${rateHz} Hz is outside what the ${signal} core takes`, {
      where: path,
      hint,
      cause,
    });
  }
}
