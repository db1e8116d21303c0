// Respiratory sinus arrhythmia of beats and breaths: how far the heart rate swings with the breath. The eight indices are those of
// NeuroKit2's hrv_rsa under its names; where it departs from the papers, `neurokit` chooses (firmware-wasm/cores/breath/NOTES.md).
//
// They need a respiration signal of minutes and its turning points, which no wearable keeps: the platform's work, so no core.

import type { Breaths } from './breaths.ts';
import { gatesPower } from './rsa-gates.ts';
import { epochVariances } from './rsa-porges.ts';

export interface RsaInput {
  /** Moments of beats, s, ascending, on the clock of the breaths. */
  readonly beatsS: readonly number[];
  /** For each beat: a gap lies between it and the one before. Without it there are no gaps. */
  readonly gaps?: readonly boolean[];
  readonly breaths: Breaths;
  /**
   * The recording's samples and their rate, for Porges-Bohrer as NeuroKit2 0.2.13 computes it: of the heart rate per minute, over 1000,
   * on a grid over the whole recording, which begins at time 0. Without it: of the heart period in ms, as the paper has it.
   */
  readonly neurokit?: { readonly sampleCount: number; readonly rateHz: number };
}

export interface Rsa {
  /** Longest interval of expiration less shortest of inspiration, mean over breaths, ms (Grossman et al. 1990). */
  readonly RSA_P2T_Mean: number | null;
  /** Its logarithm, ln(ms). */
  readonly RSA_P2T_Mean_log: number | null;
  /** Standard deviation over breaths, ms. */
  readonly RSA_P2T_SD: number | null;
  /** Breaths without an interval in both halves, or with a gap. */
  readonly RSA_P2T_NoRSA: number;
  /** Mean over 30 s of the logarithm of the variance from 0.12 to 0.40 Hz, ln(ms2) (Lewis et al. 2012). */
  readonly RSA_PorgesBohrer: number | null;
  /** Mean over the seconds of the logarithm of the power from 0.12 to 0.40 Hz, ln(ms2) (Gates et al. 2015). */
  readonly RSA_Gates_Mean: number | null;
  /** Logarithm of that, without a meaning of its own; null below 0. */
  readonly RSA_Gates_Mean_log: number | null;
  /** Standard deviation over the seconds. */
  readonly RSA_Gates_SD: number | null;
}

/** Beats to either side of a turning point still belong to the half before it (Grossman et al. 1990). */
const CARRY_S = 0.75;
/** Times that differ by less are one time: keeps sums of decimals from choosing. */
const SAME_S = 1e-9;

/** All eight indices; one that its input cannot carry is null. */
export function computeRsa(input: RsaInput): Rsa {
  const swings = peakToTrough(input);
  const known = swings.filter((swing) => swing !== null);
  const segments = segmentsOf(input);
  const variances = segments.flatMap((beatsS) => epochVariances(beatsS, input.neurokit));
  const powers = segments.flatMap((beatsS) => gatesPower(beatsS));
  const swing = mean(known);
  const gates = mean(powers);
  return {
    RSA_P2T_Mean: swing,
    RSA_P2T_Mean_log: logarithm(swing),
    RSA_P2T_SD: deviation(known),
    RSA_P2T_NoRSA: swings.length - known.length,
    RSA_PorgesBohrer: mean(variances.map(Math.log)),
    RSA_Gates_Mean: gates,
    RSA_Gates_Mean_log: logarithm(gates),
    RSA_Gates_SD: deviation(powers),
  };
}

/** For each breath the swing in ms, 0 when the heart goes against the breath, null when it cannot be told. */
function peakToTrough({ beatsS, gaps, breaths }: RsaInput): (number | null)[] {
  const { troughsS, peaksS } = breaths;
  return troughsS.slice(1).flatMap((endS, i) => {
    const startS = troughsS[i]!;
    const peakS = peaksS.find((peak) => peak > startS && peak < endS);
    if (peakS === undefined) return [];
    const inhaled = intervalsIn(beatsS, gaps, startS, peakS + CARRY_S);
    const exhaled = intervalsIn(beatsS, gaps, peakS, endS + CARRY_S);
    if (inhaled === null || exhaled === null) return [null];
    return [Math.max(0, Math.max(...exhaled) - Math.min(...inhaled))];
  });
}

/** Intervals in ms between the beats from `fromS` to before `toS`; null if there are none or a gap is among them. */
function intervalsIn(
  beatsS: readonly number[],
  gaps: readonly boolean[] | undefined,
  fromS: number,
  toS: number,
): number[] | null {
  const first = beatsS.findIndex((beat) => beat >= fromS - SAME_S);
  const intervals: number[] = [];
  for (let i = first + 1; first >= 0 && i < beatsS.length && beatsS[i]! < toS - SAME_S; i++) {
    if (gaps?.[i]) return null;
    intervals.push((beatsS[i]! - beatsS[i - 1]!) * 1000);
  }
  return intervals.length > 0 ? intervals : null;
}

/** Stretches of beats without a gap. */
function segmentsOf({ beatsS, gaps }: RsaInput): number[][] {
  const segments: number[][] = [];
  for (const [i, beat] of beatsS.entries()) {
    if (i === 0 || gaps?.[i]) segments.push([]);
    segments.at(-1)!.push(beat);
  }
  return segments;
}

function mean(values: readonly number[]): number | null {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

function deviation(values: readonly number[]): number | null {
  const middle = mean(values);
  if (middle === null || values.length < 2) return null;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

function logarithm(value: number | null): number | null {
  return value !== null && value > 0 ? Math.log(value) : null;
}
