// Respiratory sinus arrhythmia second by second (Gates et al. 2015, 10.1111/psyp.12428): power of the intervals from 0.12 to
// 0.40 Hz in windows of 32 s, each looked at through several tapers and these averaged.

import { multipeakTapers } from './multipeak-tapers.ts';
import { quadraticSpline } from './quadratic-spline.ts';

const GRID_HZ = 4;
const WINDOW_S = 32;
const WINDOW_COUNT = WINDOW_S * GRID_HZ;
const STEP_COUNT = GRID_HZ;
/** Multiples of 1/32 Hz from 0.12 to 0.40 Hz. */
const FIRST_BIN = 4;
const LAST_BIN = 12;
/** NeuroKit2 makes eight tapers, weighs them as eight, and uses four of them. */
const TAPER_COUNT = 8;
const USED_COUNT = 4;

/** For every second from the 16th of `beatsS` on the logarithm of the power, ln(ms2). Less than 32 s give none. */
export function gatesPower(beatsS: readonly number[]): number[] {
  if (beatsS.length < 5 || beatsS.at(-1)! - beatsS[1]! < WINDOW_S) return [];
  const times = beatsS.slice(1);
  const intervals = times.map((beat, i) => (beat - beatsS[i]!) * 1000);
  const series = evenly(times, intervals);
  const { tapers, weights } = multipeakTapers(WINDOW_COUNT, TAPER_COUNT);
  const used = tapers.slice(0, USED_COUNT);
  const powers: number[] = [];
  for (let from = 0; from + WINDOW_COUNT <= series.length; from += STEP_COUNT) {
    const piece = series.slice(from, from + WINDOW_COUNT);
    const power = used.reduce((sum, taper, k) => sum + weights[k]! * bandPower(piece, taper), 0);
    powers.push(Math.log((2 * power) / WINDOW_COUNT));
  }
  return powers.filter(Number.isFinite);
}

/** At 4 Hz from the end of the first interval; the grid may end behind the last one, whose value is held. */
function evenly(times: readonly number[], values: readonly number[]): number[] {
  const at = quadraticSpline(times, values);
  const [first, last] = [times[0]!, times.at(-1)!];
  const count = Math.ceil((last - first) * GRID_HZ + 1 - 1e-9);
  return Array.from({ length: count }, (_, i) => {
    const time = first + i / GRID_HZ;
    return time > last ? values.at(-1)! : at(time);
  });
}

/** Sum of the power density (ms2/Hz) over the bins. */
function bandPower(piece: readonly number[], taper: readonly number[]): number {
  const energy = taper.reduce((sum, weight) => sum + weight * weight, 0);
  let power = 0;
  for (let bin = FIRST_BIN; bin <= LAST_BIN; bin++) {
    let [re, im] = [0, 0];
    for (const [i, value] of piece.entries()) {
      const angle = (2 * Math.PI * ((bin * i) % WINDOW_COUNT)) / WINDOW_COUNT;
      re += value * taper[i]! * Math.cos(angle);
      im -= value * taper[i]! * Math.sin(angle);
    }
    power += (2 * (re * re + im * im)) / (GRID_HZ * energy);
  }
  return power;
}
