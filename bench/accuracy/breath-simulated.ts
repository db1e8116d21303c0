// People who breathe by a formula: beats of a heart that breathing drives, with heights and baselines that it moves, and the true phase
// of the breath at every moment. Everything is drawn from a seed.

import type { BreathInput } from '@maibo/cores';

export interface Breather {
  readonly seed: number;
  readonly seconds: number;
  readonly brpm: number;
  /** Standard deviation of a breath's length as a share of it. */
  readonly irregular: number;
  readonly heartBpm: number;
  /** Swing of the heart rate with the breath, and of the slow rhythms (0.1 Hz, and slower), as shares of the rate. */
  readonly sinus: number;
  readonly slow: number;
  /** Swing of beat heights and baselines with the breath, as a share of the height. */
  readonly swing: number;
  /** Noise of heights and baselines, likewise, and of beat times, s. */
  readonly noise: number;
  readonly jitterS: number;
  /** Share of beats that come early. */
  readonly ectopic: number;
}

export interface Simulated {
  readonly inputs: BreathInput[];
  /** Breaths since the start, at `timeS`. */
  breathsAt(timeS: number): number;
}

export const KIND = { rr: 'rr', ecg: 'ecg-beat', ppg: 'ppg-beat', respiration: 'respiration' } as const;
const STEP_S = 0.02;
const TURN = 2 * Math.PI;
/** A pulse reaches the finger this much after its R peak. */
const TRANSIT_S = 0.22;

export function simulate(person: Breather): Simulated {
  const { chance, normal } = dice(person.seed);
  const phase = breathe(person, normal);
  const breathsAt = (timeS: number) => {
    const at = Math.max(0, Math.min(phase.length - 1, timeS / STEP_S));
    const low = Math.floor(at);
    return phase[low]! + (at - low) * (phase[Math.min(phase.length - 1, low + 1)]! - phase[low]!);
  };
  const beats = beat(person, breathsAt, chance, normal);
  const inputs = [...ecgOf(person, beats, breathsAt, normal), ...ppgOf(person, beats, breathsAt, normal)];
  return { inputs: inputs.toSorted((a, b) => a.timeS - b.timeS), breathsAt };
}

/** Breaths so far, every 20 ms. The length of each breath is drawn anew; it remembers half of the one before. */
function breathe({ seconds, brpm, irregular }: Breather, normal: () => number): Float64Array {
  const phase = new Float64Array(Math.ceil(seconds / STEP_S) + 1);
  let away = irregular * normal();
  let breaths = 0;
  for (let i = 1; i < phase.length; i++) {
    const before = Math.floor(breaths);
    breaths += (STEP_S * brpm) / 60 / Math.max(0.4, 1 + away);
    if (Math.floor(breaths) > before) away = 0.5 * away + Math.sqrt(0.75) * irregular * normal();
    phase[i] = breaths;
  }
  return phase;
}

/** Inspiration is shorter than expiration: a second harmonic. */
function chestAt(breaths: number): number {
  return Math.sin(TURN * breaths) + 0.2 * Math.sin(2 * TURN * breaths + 0.6);
}

/** An integral pulse frequency modulator (Hyndman & Mohn 1975). Breathing moves the heart less the faster it is (Hirsch & Bishop 1981). */
function beat(
  person: Breather,
  breathsAt: (timeS: number) => number,
  chance: () => number,
  normal: () => number,
): number[] {
  const { seconds, heartBpm, brpm, sinus, slow, jitterS, ectopic } = person;
  const sinusSwing = sinus * Math.min(1.5, 15 / brpm);
  const mayer = resonator(0.1, 0.02, normal);
  const drift = resonator(0.005, 0.02, normal);
  const beats: number[] = [];
  let full = chance();
  for (let timeS = 0; timeS < seconds; timeS += STEP_S) {
    const swing = sinusSwing * chestAt(breathsAt(timeS)) + slow * (mayer() + drift());
    const more = (STEP_S * heartBpm * Math.max(0.3, 1 + swing)) / 60;
    if (full + more >= 1) beats.push(timeS + (STEP_S * (1 - full)) / more + jitterS * normal());
    full = (full + more) % 1;
  }
  return beats.map((timeS, i) => (i > 0 && chance() < ectopic ? timeS - 0.3 * (timeS - beats[i - 1]!) : timeS));
}

function ecgOf(person: Breather, beats: number[], breathsAt: (t: number) => number, normal: () => number) {
  const drift = walk(0.02, normal);
  return beats.flatMap((timeS, i): BreathInput[] => {
    const chest = chestAt(breathsAt(timeS));
    const value = 1 + person.swing * chest + person.noise * normal();
    const baseline = drift() + person.swing * chestAt(breathsAt(timeS) - 0.15) + person.noise * normal();
    const height = { timeS, value, baseline, quality: 1, kind: KIND.ecg, afterGap: i === 0 };
    const rr = { timeS, value: 1000 * (timeS - (beats[i - 1] ?? 0)), baseline: 0, quality: 1, kind: KIND.rr };
    return i === 0 ? [height] : [height, { ...rr, afterGap: i === 1 }];
  });
}

/** Vessels have the 0.1-Hz rhythm too, and a pulse is found less exactly than an R peak. */
function ppgOf(person: Breather, beats: number[], breathsAt: (t: number) => number, normal: () => number) {
  const drift = walk(0.03, normal);
  const vessels = resonator(0.1, 0.02, normal);
  let at = 0;
  let tone = 0;
  return beats.map((beatS, i): BreathInput => {
    for (; at < beatS; at += STEP_S) tone = vessels();
    const breaths = breathsAt(beatS);
    const timeS = beatS + TRANSIT_S + 0.004 * chestAt(breaths - 0.3) + 2 * person.jitterS * normal();
    const value = 1 + person.swing * chestAt(breaths - 0.4) + 2 * person.slow * tone + person.noise * normal();
    const baseline =
      drift() + 1.5 * person.swing * chestAt(breaths - 0.1) + 2 * person.slow * tone + person.noise * normal();
    return { timeS, value, baseline, quality: 1, kind: KIND.ppg, afterGap: i === 0 };
  });
}

/** Noise around `hz`, `widthHz` wide, of standard deviation 1: called once a step. */
function resonator(hz: number, widthHz: number, normal: () => number): () => number {
  let [x, y] = [normal(), normal()];
  const keep = Math.exp(-TURN * 0.5 * widthHz * STEP_S);
  const [c, s] = [keep * Math.cos(TURN * hz * STEP_S), keep * Math.sin(TURN * hz * STEP_S)];
  const kick = Math.sqrt(1 - keep * keep);
  return () => {
    [x, y] = [c * x - s * y + kick * normal(), s * x + c * y + kick * normal()];
    return x;
  };
}

function walk(step: number, normal: () => number): () => number {
  let place = 0;
  return () => (place = 0.995 * place + step * normal());
}

/** Mulberry32, and normal numbers from it. */
function dice(seed: number) {
  let state = seed >>> 0;
  const chance = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(TURN * chance());
  return { chance, normal };
}

const CALM = {
  seconds: 300,
  heartBpm: 70,
  sinus: 0.04,
  slow: 0.03,
  swing: 0.04,
  noise: 0.02,
  jitterS: 0.003,
  ectopic: 0,
};

/** Groups of people, each breathing 6 to 30 times a minute. */
export const GROUPS: readonly {
  readonly name: string;
  readonly brpms: readonly number[];
  readonly person: Omit<Breather, 'seed' | 'brpm'>;
}[] = [
  {
    name: 'clean',
    brpms: [6, 8, 10, 12, 15, 18, 21, 24, 27, 30],
    person: { ...CALM, irregular: 0.02, slow: 0.01, noise: 0.005 },
  },
  { name: 'ordinary', brpms: [6, 8, 10, 12, 15, 18, 21, 24, 27, 30], person: { ...CALM, irregular: 0.06 } },
  { name: 'irregular breathing', brpms: [8, 10, 12, 15, 18, 21, 24, 27], person: { ...CALM, irregular: 0.2 } },
  {
    name: 'noise',
    brpms: [8, 10, 12, 15, 18, 21, 24, 27],
    person: { ...CALM, irregular: 0.06, noise: 0.06, jitterS: 0.008 },
  },
  {
    name: 'strong slow rhythms',
    brpms: [10, 12, 15, 18, 21, 24],
    person: { ...CALM, irregular: 0.06, slow: 0.06, sinus: 0.02 },
  },
  { name: '4 % ectopic', brpms: [8, 10, 12, 15, 18, 21, 24, 27], person: { ...CALM, irregular: 0.06, ectopic: 0.04 } },
  {
    name: 'old: little sinus arrhythmia',
    brpms: [8, 10, 12, 15, 18, 21, 24, 27],
    person: { ...CALM, irregular: 0.08, sinus: 0.005, slow: 0.015 },
  },
  {
    name: 'fast heart',
    brpms: [12, 15, 18, 21, 24, 27, 30],
    person: { ...CALM, irregular: 0.06, heartBpm: 110, sinus: 0.015 },
  },
  { name: 'nothing of the breath', brpms: [10, 15, 20, 25], person: { ...CALM, irregular: 0.06, sinus: 0, swing: 0 } },
];
