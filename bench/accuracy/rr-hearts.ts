// Hearts that beat by a formula, and ways to spoil their beats: the truth of the simulated targets, the same for every corrector.
// The tests of the core `rr` have the same hearts; a core's test kit is not behind its door, so they are written out here again.

export interface Heart {
  readonly seed: number;
  readonly beatCount: number;
  /** Mean interval, s. */
  readonly meanS?: number;
  /** RMS of the modulation of the rate at 0.1 Hz and by breathing. */
  readonly low?: number;
  readonly high?: number;
  readonly breathHz?: number;
  /** Standard deviation of the error of a beat's time, s. */
  readonly jitterS?: number;
}

export type Spoil = 'missed' | 'extra' | { readonly shift: number };

export interface Spoiled {
  readonly rrMs: readonly number[];
  /** For each artefact the intervals that it touches. */
  readonly touched: readonly (readonly number[])[];
}

const STEP_S = 0.005;
const SLOW = { rms: 0.03, hz: 0.007 };
const LOW_HZ = 0.1;
/** Breathing: how far its rate wanders, how fast it forgets (1/s), and how slow it may become. */
const BREATH = { wanderHz: 0.02, forget: 0.05, minHz: 0.12 };
/** Beats between two artefacts, and at both ends. */
const APART = 6;
const MARGIN = 12;

/** Intervals of an integral pulse frequency modulator (Hyndman & Mohn 1975): a beat whenever the integral of the rate is full. */
export function beatHeart(heart: Heart): number[] {
  const { meanS = 0.85, low = 0.03, high = 0.03, breathHz = 0.25, jitterS = 0.002 } = heart;
  const random = chance(heart.seed);
  const turn = 2 * Math.PI;
  let [time, full, wander, breath] = [0, 0, 0, 0];
  const beats: number[] = [];
  while (beats.length <= heart.beatCount) {
    wander +=
      BREATH.wanderHz * Math.sqrt(2 * BREATH.forget * STEP_S) * normal(random) - BREATH.forget * wander * STEP_S;
    breath += turn * Math.max(BREATH.minHz, breathHz + wander) * STEP_S;
    const slow = low * Math.sin(turn * LOW_HZ * time) + SLOW.rms * Math.sin(turn * SLOW.hz * time);
    const more = ((1 + Math.SQRT2 * (slow + high * Math.sin(breath))) / meanS) * STEP_S;
    if (full + more >= 1) beats.push(time + (STEP_S * (1 - full)) / more + jitterS * normal(random));
    full = (full + more) % 1;
    time += STEP_S;
  }
  return beats.slice(1).map((beat, index) => (beat - beats[index]!) * 1000);
}

/** Spoils a share of the beats at random places: takes one away, puts one anywhere into an interval, or shifts one. */
export function spoilBeats(rrMs: readonly number[], how: Spoil, share: number, seed: number): Spoiled {
  const random = chance(seed);
  const beats = beatsOf(rrMs);
  const times: number[] = [];
  const touched: number[][] = [];
  let next = MARGIN;
  for (const [index, beat] of beats.entries()) {
    if (index < next || index >= beats.length - MARGIN || random() >= share) {
      times.push(beat);
      continue;
    }
    next = index + APART;
    times.push(...spoiled(beats, index, how, random));
    touched.push(how === 'missed' ? [times.length - 1] : [times.length - 2, times.length - 1]);
  }
  return { rrMs: times.slice(1).map((time, index) => time - times[index]!), touched };
}

/** The beats that stand in place of one. A shift is a share of the interval on the side to which the beat goes. */
function spoiled(beats: readonly number[], index: number, how: Spoil, random: () => number): number[] {
  const beat = beats[index]!;
  const [before, after] = [beat - beats[index - 1]!, beats[index + 1]! - beat];
  if (how === 'missed') return [];
  if (how === 'extra') return [beat, beat + after * (0.02 + 0.96 * random())];
  return [random() < 0.5 ? beat - how.shift * before : beat + how.shift * after];
}

/** Times of the beats around the intervals, in their unit, from 0. */
export function beatsOf(rrMs: readonly number[]): number[] {
  const beats = [0];
  for (const rr of rrMs) beats.push(beats.at(-1)! + rr);
  return beats;
}

/** Mulberry32: a number from 0 to 1 at each call. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
