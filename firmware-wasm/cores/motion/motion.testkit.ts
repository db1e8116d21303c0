// What the tests of the motion core share: wrists that walk, run, rest and fidget by a formula, and the core over its verbs.

import { MotionCore, type MotionFinding } from '../../index.ts';

const G = 9.81;
const TURN = 2 * Math.PI;

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
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(TURN * random());
}

/** Frames of x, y and z, one after the other, from a formula of time. */
export function frames(seconds: number, rateHz: number, at: (timeS: number) => readonly number[]): Float32Array {
  const numbers = new Float32Array(3 * Math.round(seconds * rateHz));
  for (let i = 0; i < numbers.length / 3; i++) numbers.set(at(i / rateHz), 3 * i);
  return numbers;
}

export function join(...parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

/** A device that lies somewhere, z up if not said otherwise, with a sensor's noise. */
export function lying(seconds: number, rateHz: number, up: readonly number[] = [0, 0, 1], seed = 1): Float32Array {
  const random = chance(seed);
  return frames(seconds, rateHz, () => up.map((g) => g + 0.003 * normal(random)));
}

export interface Walk {
  readonly rateHz: number;
  readonly seconds: number;
  readonly cadenceSpm: number;
  readonly runs?: boolean;
  /** Arm swing to either side; 0 for a hand in a pocket or on a stroller. */
  readonly swingRad?: number;
  /** Left and right steps differ by this share. */
  readonly limp?: number;
  readonly seed?: number;
}

/**
 * A wrist in walking or running: the trunk goes up and down with every step (with the strike of the heel as harmonics), the arm swings
 * about the shoulder once in two steps; tangential and radial acceleration and gravity are seen along the forearm (x), across (y, z).
 * Steps are not all of one length, the sensor has noise, the device is turned at random.
 */
export function walking(walk: Walk): Float32Array {
  const { rateHz, seconds, cadenceSpm, runs = false, limp = 0.1, seed = 1 } = walk;
  const random = chance(seed);
  const stepHz = cadenceSpm / 60;
  const bounceG = (runs ? 0.9 : 0.09 * stepHz ** 1.7) * (0.85 + 0.3 * random());
  const swingRad = (walk.swingRad ?? (runs ? 0.45 : 0.28)) * (0.8 + 0.4 * random());
  const armM = runs ? 0.4 : 0.65;
  const hangRad = runs ? 0.9 : 0.15;
  const phases = [random(), random(), random()].map((phase) => TURN * phase);
  const turn = rotation(random);
  let steps = random();
  let pace = 1;
  return frames(seconds, rateHz, () => {
    pace += 0.02 * (1 - pace) + 0.004 * normal(random);
    const hz = stepHz * pace;
    steps += hz / rateHz;
    const angle = TURN * steps;
    const side = 1 + limp * Math.cos(angle / 2);
    const bounce =
      bounceG *
      side *
      (Math.cos(angle) + 0.45 * Math.cos(2 * angle + phases[0]!) + 0.2 * Math.cos(3 * angle + phases[1]!));
    const omega = (TURN * hz) / 2;
    const arm = hangRad + swingRad * Math.sin(angle / 2 + phases[2]!);
    const speed = swingRad * omega * Math.cos(angle / 2 + phases[2]!);
    const tangential = (-armM * swingRad * omega * omega * Math.sin(angle / 2 + phases[2]!)) / G;
    const radial = (armM * speed * speed) / G;
    const along = (1 + bounce) * Math.cos(arm) + radial;
    const across = (1 + bounce) * Math.sin(arm) + tangential;
    const noise = runs ? 0.06 : 0.025;
    return turn([along, across, 0]).map((g) => g + noise * normal(random));
  });
}

/** What hands do at a desk: now and then a movement of some seconds, without a rhythm. */
export function fidgeting(seconds: number, rateHz: number, seed = 1): Float32Array {
  const random = chance(seed);
  const turn = rotation(random);
  let [tilt, aim, push] = [0, 0, 0];
  return frames(seconds, rateHz, () => {
    if (random() < 0.5 / rateHz) aim = 0.8 * normal(random);
    if (random() < 1 / rateHz) push = 0.25 * normal(random);
    push *= 1 - 6 / rateHz;
    tilt += ((aim - tilt) * 4) / rateHz;
    return turn([Math.cos(tilt), Math.sin(tilt) + push, 0]).map((g) => g + 0.005 * normal(random));
  });
}

/** A turn by three random angles. */
function rotation(random: () => number): (g: readonly number[]) => number[] {
  const angles = [random(), random(), random()].map((share) => TURN * share);
  return (g) => {
    const turned = [...g];
    for (const [axis, angle] of angles.entries()) {
      const next = (axis + 1) % 3;
      const [a, b] = [turned[axis]!, turned[next]!];
      turned[axis] = a * Math.cos(angle) - b * Math.sin(angle);
      turned[next] = a * Math.sin(angle) + b * Math.cos(angle);
    }
    return turned;
  };
}

export function findingsOf(numbers: Float32Array, rateHz: number): MotionFinding[] {
  const core = MotionCore.create({ rateHz });
  return [...core.push(numbers), ...core.flush()];
}

export function epochsOf(findings: readonly MotionFinding[]): MotionFinding[] {
  return findings.filter(({ kind }) => kind === 'epoch');
}

/** Steps of all epochs. */
export function stepsOf(findings: readonly MotionFinding[]): number {
  return epochsOf(findings).reduce((sum, { values }) => sum + (values.steps ?? 0), 0);
}
