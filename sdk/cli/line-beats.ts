// Beats of a board that prints numbers, as lines for people: found by the stages that the records are made with.
import { coreCatalog } from '@maibo/cores';
import type { PlacedSamples } from '../gateway/line-clock.ts';
import { LINE_TICK_RATE_HZ, type LineSignal } from '../gateway/line-stream.ts';
import { type BeatEvent, type BeatStage, RrStage, SampledStage } from '../pipeline/beat-stage.ts';
import { RrSeries } from '../pipeline/rr-series.ts';
import { encodeSamples } from '../stream/sample-block.ts';
import { BeatLines } from './beat-lines.ts';
import type { Voice } from './voice.ts';

const INT32 = 2;
/** Below it what a core says of ten seconds is said. */
const QUALITY_POOR = 0.5;

const MEND: Readonly<Record<LineSignal['signal'], string>> = {
  ecg: 'are all electrodes on the skin, and is the body still?',
  ppg: 'does the sensor lie on the skin, still and without pressure?',
  rr: 'does the sensor feel the heart?',
};

export class LineBeats {
  readonly #signal: LineSignal['signal'];
  readonly #stage: BeatStage;
  readonly #series = new RrSeries();
  readonly #lines = new BeatLines();
  readonly #voice: Voice;

  constructor(what: LineSignal, voice: Voice) {
    this.#signal = what.signal;
    this.#stage = stageOf(what);
    this.#voice = voice;
  }

  get beatCount(): number {
    return this.#lines.beatCount;
  }

  take({ samples, firstSample, ticks }: PlacedSamples, utcUs: number): void {
    const bytes = encodeSamples(INT32, samples);
    const block = { seq: 0, firstSample, ticks, format: INT32, bytes, sampleCount: samples.length } as const;
    for (const event of this.#stage.push(block)) this.#tell(event, utcUs);
  }

  #tell(event: BeatEvent, utcUs: number): void {
    if (event.kind === 'beat') this.#tellBeat(event.timeS, event.quality, utcUs);
    else if (event.kind === 'lost') {
      this.#series.break();
      this.#lines.break();
      const isHole = event.reason === 'gap';
      const mend = isHole ? 'the line paused, and what it missed stays a hole' : MEND[this.#signal];
      this.#voice.progress(isHole ? mend : `no usable signal (${event.reason}): ${mend}`);
    } else if (event.kind === 'window' && event.quality < QUALITY_POOR) {
      const percent = Math.round(event.quality * 100);
      this.#voice.progress(`the signal is poor (quality ${percent} %): ${MEND[this.#signal]}`);
    }
  }

  #tellBeat(timeS: number, quality: number | null, utcUs: number): void {
    const interval = this.#series.addBeat(timeS, quality);
    if (interval === null) return;
    if (interval.flag === 'gap') this.#lines.break();
    else if (interval.flag === 'poor') this.#voice.line(this.#lines.doubtful(interval.rrMs, utcUs));
    else this.#voice.line(this.#lines.interval(interval.rrMs, utcUs));
  }
}

function stageOf(what: LineSignal): BeatStage {
  if (what.signal === 'rr') return new RrStage(LINE_TICK_RATE_HZ);
  return new SampledStage(what.signal, what.rateHz, coreCatalog.get(what.signal));
}
