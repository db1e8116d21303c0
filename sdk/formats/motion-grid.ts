// Samples with a stamp each, as evenly spaced ones: a sample is where its number says, as long as its stamp agrees within `slackS`.
import { requireGap } from './recording-parts.ts';

export class FrameGrid {
  readonly #rateHz: number;
  readonly #slackS: number;
  /** Frames given so far, missing ones too. */
  #count = 0;
  #numbers = new Float32Array(3 * 16_384);
  #length = 0;

  /** Stamps that stand still and then jump by less than `slackS` (Bluetooth sends in bursts) are no gaps. */
  constructor(rateHz: number, slackS: number) {
    this.#rateHz = rateHz;
    this.#slackS = slackS;
  }

  /** `timeS` from the first frame. What the stamps are ahead is missing; where they fall behind, a frame too many is left out. */
  add(timeS: number, x: number, y: number, z: number, where: () => string): void {
    const aheadS = timeS - this.#count / this.#rateHz;
    if (aheadS < -this.#slackS) return;
    if (aheadS > this.#slackS) {
      const missing = requireGap(Math.round(aheadS * this.#rateHz), this.#rateHz, where());
      for (let i = 0; i < missing; i++) this.#push(Number.NaN, Number.NaN, Number.NaN);
    }
    this.#push(x, y, z);
  }

  /** The frames since the last call. */
  take(): Float32Array {
    const taken = this.#numbers.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #push(x: number, y: number, z: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Float32Array(2 * this.#numbers.length);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length++] = x;
    this.#numbers[this.#length++] = y;
    this.#numbers[this.#length++] = z;
    this.#count++;
  }
}
