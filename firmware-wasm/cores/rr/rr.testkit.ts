// What the tests of the rr core share: the core over its verbs, hearts that beat by a formula, and ways to spoil their intervals.

import { RrCore, type RrFinding, rrFlagNames } from '../../index.ts';

/** Pauses are longer: what Holter reports list (Hilgard et al. 1985). */
export const PAUSE_MS = 2000;

export type Finding = RrFinding & { readonly afterGap: boolean };

export interface Input {
  readonly rrMs: number;
  readonly quality?: number;
  readonly afterGap?: boolean;
}

/** The core with the inputs that most tests leave out filled in. */
export class RrStream {
  readonly #core = RrCore.create({ pauseMs: PAUSE_MS });
  readonly instanceBytes = this.#core.instanceBytes;

  push(inputs: readonly Input[]): Finding[] {
    const whole = inputs.map(({ rrMs, quality = Number.NaN, afterGap = false }) => ({ rrMs, quality, afterGap }));
    return this.#core.push(whole).map(withGap);
  }

  flush(): Finding[] {
    return this.#core.flush().map(withGap);
  }

  reset(): void {
    this.#core.reset();
  }

  snapshot(): Uint8Array {
    return this.#core.snapshot();
  }

  restore(bytes: Uint8Array): void {
    this.#core.restore(bytes);
  }
}

function withGap(finding: RrFinding): Finding {
  return { ...finding, afterGap: rrFlagNames(finding.flags).includes('after-gap') };
}

export function inputsOf(rrMs: readonly number[], gapAt: readonly number[] = []): Input[] {
  const gaps = new Set(gapAt);
  return rrMs.map((rr, i) => ({ rrMs: rr, afterGap: gaps.has(i) }));
}

/** All findings of a series. */
export function findingsOf(inputs: readonly Input[]): Finding[] {
  const core = new RrStream();
  return [...core.push(inputs), ...core.flush()];
}

export function ofKind(findings: readonly Finding[], kind: string): Finding[] {
  return findings.filter((finding) => finding.kind === kind);
}

/** One finding per original interval, in order. */
export function originalsOf(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => finding.kind === 'interval' && finding.rrMs > 0);
}

/** The series for heart rate variability: corrected, without what is excluded; `joined` false where it does not follow. */
export function nnOf(findings: readonly Finding[]): { rrMs: number; joined: boolean }[] {
  return ofKind(findings, 'interval')
    .filter((finding) => finding.correctedMs > 0 && finding.action !== 'excluded')
    .map((finding) => ({ rrMs: finding.correctedMs, joined: !finding.afterGap }));
}

export function sdnn(rrMs: readonly number[]): number {
  const mean = rrMs.reduce((sum, rr) => sum + rr, 0) / rrMs.length;
  return Math.sqrt(rrMs.reduce((sum, rr) => sum + (rr - mean) ** 2, 0) / (rrMs.length - 1));
}

export function rmssd(nn: readonly { rrMs: number; joined: boolean }[]): number {
  const squares = nn.slice(1).flatMap(({ rrMs, joined }, i) => (joined ? [(rrMs - nn[i]!.rrMs) ** 2] : []));
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

/** Mulberry32: a number from 0 to 1 at each call. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
