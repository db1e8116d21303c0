// Whether a port gives what was said of it, in plain words: nothing comes, or no numbers, or not as often.
import type { LineSignal } from '../gateway/line-stream.ts';
import { ArrivalRate } from '../stream/arrival-rate.ts';
import type { NumberLines } from '../stream/number-lines.ts';
import type { LineSettings } from './line-options.ts';
import type { Voice } from './voice.ts';

/** Looked at once in so long. */
const WINDOW_MS = 5_000;
const FOR_SO_LONG = `${WINDOW_MS / 1000} s`;

type State = 'waiting' | 'fine' | 'mute' | 'garbled';

export class LineWatch {
  readonly #what: LineSignal;
  readonly #baudRate: number;
  readonly #voice: Voice;
  readonly #rate: ArrivalRate | null;
  #state: State = 'waiting';
  #sinceMs: number;
  #bytes = 0;
  /** Of the lines, when the window began. */
  #before = { numbers: 0, others: 0 };

  constructor({ what, baudRate }: LineSettings, voice: Voice, nowMs: number) {
    this.#what = what;
    this.#baudRate = baudRate;
    this.#voice = voice;
    this.#rate = what.signal === 'rr' ? null : new ArrivalRate(what.rateHz);
    this.#sinceMs = nowMs;
  }

  /** So many bytes came, none when time went by; `lines` has read them. */
  look(bytes: number, lines: NumberLines, nowMs: number): void {
    this.#bytes += bytes;
    const numbers = lines.numberCount - this.#before.numbers;
    const others = lines.junkCount + lines.outsideCount - this.#before.others;
    if (this.#state !== 'fine' && numbers > others) this.#become('fine', lines);
    if (nowMs - this.#sinceMs < WINDOW_MS) return;
    this.#become(this.#bytes === 0 ? 'mute' : numbers > others ? 'fine' : 'garbled', lines);
    this.#sinceMs = nowMs;
    this.#bytes = 0;
    this.#before = { numbers: lines.numberCount, others: lines.junkCount + lines.outsideCount };
  }

  /** So many samples came; `isHole`: the port had paused before. */
  count(samples: number, isHole: boolean, nowMs: number): void {
    if (isHole) this.#rate?.restart();
    const foundHz = this.#rate?.take(samples, nowMs) ?? null;
    if (foundHz === null || this.#what.signal === 'rr') return;
    const found = Math.round(foundHz);
    const rest = `give --rate ${found}, or every interval is wrong by as much`;
    this.#voice.remark(`about ${found} a second came, not ${this.#what.rateHz}: ${rest}`);
  }

  #become(state: State, { oddText }: NumberLines): void {
    if (state === this.#state) return;
    this.#state = state;
    const begin = `does the sketch say Serial.begin(${this.#baudRate})? Another rate: --baud`;
    if (state === 'fine') this.#voice.progress(`numbers come; waiting for heart beats (${this.#what.signal})`);
    else if (state === 'mute') {
      this.#voice.remark(
        `Nothing came for ${FOR_SO_LONG}: does the sketch run, and print with Serial.println? And ${begin}`,
      );
    } else {
      const such = oddText === '' ? '' : ` but "${oddText}"`;
      this.#voice.remark(
        `Most that came in ${FOR_SO_LONG} is no number that can be${such}. If that is garbled: ${begin}`,
      );
    }
  }
}
