// What UTC it was at a tick of a device, as two bounds. A device reads its counter between the moment a ping was sent and the moment its
// answer came, so every ping says: at that tick it was between these two. Carried to another tick at the slowest and the fastest rate that
// are possible, all of them hold at once, and what they have in common is the answer. Nothing is assumed of how a round trip divides.
//
// The idea is Marzullo's (Marzullo & Owicki 1983), with intervals that widen with the distance in time.

/** One ping: UTC in microseconds before it was sent and after its answer came, and the counter in between. */
export interface PingSample {
  readonly ticks: number;
  readonly sentUtcUs: number;
  readonly receivedUtcUs: number;
  /** Half-width of the error of the host's own clock, microseconds. */
  readonly hostUncertaintyUs: number;
}

export interface UtcBounds {
  readonly utcUs: number;
  /** The true time is within this of `utcUs`. */
  readonly uncertaintyUs: number;
}

export interface ClockBoundsOptions {
  /** Ticks a second, as the device states it. */
  readonly tickRateHz: number;
  /** How far the counter may be from that, parts per million: 200 holds for crystals over temperature and age. */
  readonly driftPpm?: number;
}

const DRIFT_PPM = 200;
/** A crystal's rate changes by so much within the samples that are kept: the rate found from them is not trusted further. */
const WANDER_PPM = 10;
const SAMPLES_MAX = 64;
const US_PER_S = 1_000_000;

interface Bounds {
  readonly ticks: number;
  readonly earliestUs: number;
  readonly latestUs: number;
}

/** Of one boot of one device: after a restart the counter is another one. */
export class ClockBounds {
  readonly #slowest: number;
  readonly #fastest: number;
  #samples: Bounds[] = [];
  #rates: { slowest: number; fastest: number };
  #steps = 0;

  /** Throws RangeError for a rate that is not above 0. */
  constructor({ tickRateHz, driftPpm = DRIFT_PPM }: ClockBoundsOptions) {
    if (!(tickRateHz > 0)) throw new RangeError(`tick rate ${tickRateHz}`);
    this.#slowest = (US_PER_S / tickRateHz) * (1 - driftPpm / 1e6);
    this.#fastest = (US_PER_S / tickRateHz) * (1 + driftPpm / 1e6);
    this.#rates = { slowest: this.#slowest, fastest: this.#fastest };
  }

  /** Times that a sample could not be true together with those before: the host's clock was set, or the counter jumped. */
  get stepCount(): number {
    return this.#steps;
  }

  /** Microseconds of UTC per tick, as bounds. */
  get rates(): { readonly slowest: number; readonly fastest: number } {
    return this.#rates;
  }

  add({ ticks, sentUtcUs, receivedUtcUs, hostUncertaintyUs }: PingSample): void {
    const sample = { ticks, earliestUs: sentUtcUs - hostUncertaintyUs, latestUs: receivedUtcUs + hostUncertaintyUs };
    if (!isConsistent(this.#at(ticks), sample)) {
      this.#steps++;
      this.#samples = [];
    }
    this.#samples.push(sample);
    if (this.#samples.length > SAMPLES_MAX) this.#thin();
    this.#rates = this.#ratesOf(this.#samples);
  }

  /** Null before the first sample. */
  utcAt(ticks: number): UtcBounds | null {
    const { earliestUs, latestUs } = this.#at(ticks);
    if (!Number.isFinite(earliestUs)) return null;
    return { utcUs: (earliestUs + latestUs) / 2, uncertaintyUs: (latestUs - earliestUs) / 2 };
  }

  #at(ticks: number): Bounds {
    let earliestUs = Number.NEGATIVE_INFINITY;
    let latestUs = Number.POSITIVE_INFINITY;
    for (const sample of this.#samples) {
      const away = ticks - sample.ticks;
      earliestUs = Math.max(
        earliestUs,
        sample.earliestUs + away * (away > 0 ? this.#rates.slowest : this.#rates.fastest),
      );
      latestUs = Math.min(latestUs, sample.latestUs + away * (away > 0 ? this.#rates.fastest : this.#rates.slowest));
    }
    return { ticks, earliestUs, latestUs };
  }

  /** Two samples far apart say how fast the counter runs better than its data sheet. */
  #ratesOf(samples: readonly Bounds[]): { slowest: number; fastest: number } {
    let slowest = this.#slowest;
    let fastest = this.#fastest;
    for (const [index, one] of samples.entries()) {
      for (const other of samples.slice(index + 1)) {
        const [from, to] = one.ticks < other.ticks ? [one, other] : [other, one];
        const ticks = to.ticks - from.ticks;
        if (ticks === 0) continue;
        slowest = Math.max(slowest, ((to.earliestUs - from.latestUs) / ticks) * (1 - WANDER_PPM / 1e6));
        fastest = Math.min(fastest, ((to.latestUs - from.earliestUs) / ticks) * (1 + WANDER_PPM / 1e6));
      }
    }
    return { slowest, fastest };
  }

  /** The oldest and the newest tell the rate; of the others the one with the longest round trip tells least. */
  #thin(): void {
    const inner = this.#samples.slice(1, -1);
    const widths = inner.map(({ earliestUs, latestUs }) => latestUs - earliestUs);
    this.#samples.splice(1 + widths.indexOf(Math.max(...widths)), 1);
  }
}

function isConsistent(known: Bounds, sample: Bounds): boolean {
  return sample.earliestUs <= known.latestUs && sample.latestUs >= known.earliestUs;
}
