// When the heart beats. The sinus node is an integral pulse frequency modulator: it sums its own rate, and each time the sum
// reaches one, it fires. The rate swings with breathing (HF), with the blood pressure loop (LF) and with slow drift.
//
//   t + sum of a_i / w_i * (sin(w_i t + p_i) - sin(p_i)) = k * T0        beat k is the t that solves this
//
// The swings are sines, so the sum has a closed form: no step size, no accumulated error, and the mean rate is exact.
import type { Rng } from '../world/rng.ts';
import { cosTurns, sinTurns, squareRoot, TWO_PI } from './exact-math.ts';

export type BeatKind = 'N' | 'V';

export interface RhythmOptions {
  readonly durationS: number;
  readonly meanRrS: number;
  /** Wanted SDNN of the sinus rhythm. */
  readonly sdnnS: number;
  /** Power of LF over power of HF. */
  readonly lfHfRatio: number;
  readonly respirationHz: number;
  readonly ectopicsPerHour: number;
}

export interface Rhythm {
  readonly beatTimesS: Float64Array;
  readonly beatKind: readonly BeatKind[];
}

interface Swing {
  readonly hz: number;
  readonly phaseTurns: number;
  /** Share of the mean rate. */
  readonly depth: number;
}

const LF_HZ = 0.1; // Mayer waves; centre and width of both bands as in McSharry et al. 2003
const BAND_SD_HZ = 0.01;
const BAND_LINES = 8;
const DRIFT_HZ = [0.0023, 0.0071, 0.019]; // very low frequencies, below the LF band
const DRIFT_POWER_SHARE = 0.2;
const NEWTON_STEPS = 6; // a fixed count: the result must not hang on a comparison of last bits
const ECTOPIC_PREMATURITY = 0.62; // a PVC comes after this share of the sinus interval
const ECTOPIC_SPACING_BEATS = 4; // a PVC is followed by at least this many sinus beats: pairs are another rhythm

export function createRhythm(options: RhythmOptions, rng: Rng): Rhythm {
  const swings = createSwings(options, rng.fork('swings'));
  const sinus = sinusTimes(options, swings);
  return placeEctopics(sinus, options, rng.fork('ectopics'));
}

function createSwings(options: RhythmOptions, rng: Rng): Swing[] {
  const spread = options.sdnnS / options.meanRrS;
  const power = spread * spread;
  const driftPower = power * DRIFT_POWER_SHARE;
  const lfPower = ((power - driftPower) * options.lfHfRatio) / (1 + options.lfHfRatio);
  const hfPower = power - driftPower - lfPower;
  return [
    ...bandSwings(LF_HZ, lfPower, rng),
    ...bandSwings(options.respirationHz, hfPower, rng),
    ...DRIFT_HZ.map((hz) => drawSwing(hz * (0.9 + 0.2 * rng.nextUnit()), driftPower / DRIFT_HZ.length, rng)),
  ];
}

/** Lines spread over two widths either side, weighted like a bell; jitter keeps the pattern from repeating. */
function bandSwings(centreHz: number, power: number, rng: Rng): Swing[] {
  const spacing = 4 / BAND_LINES;
  const weights = Array.from({ length: BAND_LINES }, (_, line) => bell(-2 + spacing * (line + 0.5)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight, line) => {
    const offset = -2 + spacing * (line + rng.nextUnit());
    return drawSwing(centreHz + offset * BAND_SD_HZ, (power * weight) / total, rng);
  });
}

/** A bell without exp: near enough for a weight. */
function bell(x: number): number {
  const drop = 1 - (x * x) / 8;
  return drop * drop * drop * drop;
}

function drawSwing(hz: number, power: number, rng: Rng): Swing {
  // A sine of amplitude a has power a^2 / 2.
  return { hz, phaseTurns: rng.nextUnit(), depth: squareRoot(2 * power) };
}

function sinusTimes(options: RhythmOptions, swings: readonly Swing[]): number[] {
  const times: number[] = [];
  let t = 0;
  for (let index = 1; ; index++) {
    t = solveBeat(index * options.meanRrS, t + options.meanRrS, swings);
    if (t >= options.durationS) return times;
    times.push(t);
  }
}

function solveBeat(target: number, guess: number, swings: readonly Swing[]): number {
  let t = guess;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    let sum = t - target;
    let slope = 1;
    for (const swing of swings) {
      const turns = swing.hz * t + swing.phaseTurns;
      sum += (swing.depth / (swing.hz * TWO_PI)) * (sinTurns(turns) - sinTurns(swing.phaseTurns));
      slope += swing.depth * cosTurns(turns);
    }
    t -= sum / slope;
  }
  return t;
}

/** A PVC takes the place of a sinus beat and comes early; the sinus node is not reset, so the pause compensates in full. */
function placeEctopics(sinus: readonly number[], options: RhythmOptions, rng: Rng): Rhythm {
  const times = Float64Array.from(sinus);
  const kinds: BeatKind[] = sinus.map(() => 'N');
  const chance = (options.ectopicsPerHour * options.meanRrS) / 3600;
  let quietUntil = ECTOPIC_SPACING_BEATS;
  for (let index = 0; index < sinus.length; index++) {
    const draw = rng.nextUnit(); // drawn for every beat, so that one ectopic more does not move the rest
    if (index < quietUntil || index + 1 >= sinus.length || draw >= chance) continue;
    times[index] = sinus[index - 1]! + ECTOPIC_PREMATURITY * (sinus[index]! - sinus[index - 1]!);
    kinds[index] = 'V';
    quietUntil = index + ECTOPIC_SPACING_BEATS;
  }
  return { beatTimesS: times, beatKind: kinds };
}
