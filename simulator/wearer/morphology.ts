// What one beat looks like: a sum of bumps for P, Q, R, S and T (the idea of ECGSYN: McSharry, Clifford, Tarassenko, Smith,
// IEEE Trans. Biomed. Eng. 50, 2003), placed in time around the R peak. NOTES.md says where this departs from ECGSYN.
import { expNegative, squareRoot } from './exact-math.ts';
import type { BeatKind } from './rhythm.ts';

export interface Wave {
  /** From the R peak, at an interval of 1 s. */
  readonly centreS: number;
  readonly mv: number;
  readonly widthS: number;
  /** P and T move and stretch with the square root of the interval; the QRS complex hardly does. */
  readonly stretches: boolean;
}

// Lead II of a healthy adult at 60 beats a minute; amplitudes and times within the usual limits of electrocardiography.
const NORMAL_WAVES: readonly Wave[] = [
  { centreS: -0.17, mv: 0.13, widthS: 0.024, stretches: true },
  { centreS: -0.028, mv: -0.11, widthS: 0.0085, stretches: false },
  { centreS: 0, mv: 1.15, widthS: 0.0105, stretches: false },
  { centreS: 0.03, mv: -0.24, widthS: 0.0095, stretches: false },
  { centreS: 0.26, mv: 0.16, widthS: 0.06, stretches: true },
  { centreS: 0.3, mv: 0.2, widthS: 0.04, stretches: true },
];

// A premature ventricular beat: no P, a wide complex, and a T against it.
const VENTRICULAR_WAVES: readonly Wave[] = [
  { centreS: 0, mv: 1.45, widthS: 0.034, stretches: false },
  { centreS: 0.1, mv: -0.5, widthS: 0.036, stretches: false },
  { centreS: 0.3, mv: -0.34, widthS: 0.06, stretches: true },
];

const WIDTHS_DRAWN = 5; // beyond five widths a bump is below 4e-6 of its height, far below one count

/** How far from its R peak a beat can reach, for intervals up to RR_S_MAX. */
export const BEAT_REACH_S = 1.1;
export const RR_S_MAX = 2.5;

export function wavesOf(kind: BeatKind, rrS: number): readonly Wave[] {
  const stretch = squareRoot(Math.min(RR_S_MAX, Math.max(0.25, rrS)));
  const waves = kind === 'N' ? NORMAL_WAVES : VENTRICULAR_WAVES;
  return waves.map((wave) =>
    wave.stretches ? { ...wave, centreS: wave.centreS * stretch, widthS: wave.widthS * stretch } : wave,
  );
}

/** Millivolts at `fromPeakS` seconds from the R peak. */
export function beatMv(waves: readonly Wave[], fromPeakS: number): number {
  let mv = 0;
  for (const wave of waves) {
    const widths = (fromPeakS - wave.centreS) / wave.widthS;
    if (widths > -WIDTHS_DRAWN && widths < WIDTHS_DRAWN) mv += wave.mv * expNegative(-0.5 * widths * widths);
  }
  return mv;
}
