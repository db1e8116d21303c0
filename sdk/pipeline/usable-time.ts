// Which stretches of a stream held signal that can be used. Times are seconds from the start of the stream.

export interface Stretch {
  readonly fromS: number;
  /** Null while it lasts. */
  readonly toS: number | null;
  readonly reason: string;
}

export class UsableTime {
  #lost: { fromS: number; toS: number | null; reason: string }[] = [];

  lose(fromS: number, reason: string): void {
    if (this.#open() === null) this.#lost.push({ fromS, toS: null, reason });
  }

  regain(atS: number): void {
    const open = this.#open();
    if (open === null) return;
    // A loss without length has nothing to say, and a hostile device could send any number of them.
    if (atS > open.fromS) open.toS = atS;
    else this.#lost.pop();
  }

  /** Nobody will ask about the time before `beforeS` any more. */
  forget(beforeS: number): void {
    const oldestS = this.#lost[0]?.toS ?? null;
    if (oldestS === null || oldestS > beforeS) return;
    this.#lost = this.#lost.filter((stretch) => stretch.toS === null || stretch.toS > beforeS);
  }

  /** Share of [fromS, toS) that held usable signal, 0..1. */
  coverage(fromS: number, toS: number): number {
    const lostS = this.#lost.reduce((sum, stretch) => sum + overlapS(stretch, fromS, toS), 0);
    return toS > fromS ? Math.max(0, 1 - lostS / (toS - fromS)) : 0;
  }

  /** Why signal was lost inside [fromS, toS), each reason once, sorted. */
  reasons(fromS: number, toS: number): string[] {
    const found = this.#lost.filter((stretch) => overlapS(stretch, fromS, toS) > 0).map((stretch) => stretch.reason);
    return [...new Set(found)].sort();
  }

  /** End of the loss that holds `atS`, at most `limitS`; `atS` itself when signal is there. */
  lostUntil(atS: number, limitS: number): number {
    const holding = this.#lost.find((stretch) => stretch.fromS <= atS && (stretch.toS ?? limitS) > atS);
    return holding === undefined ? atS : Math.min(holding.toS ?? limitS, limitS);
  }

  #open() {
    const last = this.#lost.at(-1);
    return last !== undefined && last.toS === null ? last : null;
  }
}

function overlapS(stretch: Stretch, fromS: number, toS: number): number {
  return Math.max(0, Math.min(stretch.toS ?? toS, toS) - Math.max(stretch.fromS, fromS));
}
