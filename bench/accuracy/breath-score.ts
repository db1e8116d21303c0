// How well a row of breathing rates does: error and coverage always together, since a core that keeps silent is never wrong.

import { BreathCore, type BreathFinding, type BreathInput } from '@maibo/cores';
import { KIND } from './breath-simulated.ts';

/** Window of the core, s: the truth is taken over the same stretch. */
export const WINDOW_S = 48;
/** Farther off is wrong, not inexact. */
const WRONG_BRPM = 2;

export const SOURCES = [
  { name: 'all', kinds: [KIND.rr, KIND.ecg, KIND.ppg] },
  { name: 'RR alone', kinds: [KIND.rr] },
  { name: 'ECG and RR', kinds: [KIND.rr, KIND.ecg] },
  { name: 'PPG alone', kinds: [KIND.ppg] },
] as const satisfies readonly { name: string; kinds: readonly BreathInput['kind'][] }[];

export interface Guess {
  readonly truth: number;
  readonly rate: number | null;
  readonly error: number | null;
  readonly quality: number;
}

export interface BreathScore {
  readonly windows: number;
  /** Share of the windows with a rate. */
  readonly given: number;
  /** Of those given: mean absolute error, breaths/min. */
  readonly mae: number;
  /** Of those given: share that is farther off than 2 breaths/min. */
  readonly wrong: number;
  /** Of those given: root mean square of error over standard error. */
  readonly z: number;
}

/** Guesses in all windows that the recording fills and that have a truth. */
export function guess(
  inputs: readonly BreathInput[],
  kinds: readonly BreathInput['kind'][],
  truthOf: (fromS: number, toS: number) => number | null,
): Guess[] {
  const findings = BreathCore.create().compute(inputs.filter(({ kind }) => kinds.includes(kind)));
  return findings.flatMap(({ values, quality }: BreathFinding): Guess[] => {
    const timeS = values.timeS!;
    const truth = timeS < WINDOW_S ? null : truthOf(timeS - WINDOW_S, timeS);
    return truth === null ? [] : [{ truth, rate: values.rateBrpm, error: values.standardErrorBrpm, quality }];
  });
}

export function scoreGuesses(guesses: readonly Guess[]): BreathScore {
  const given = guesses.filter(({ rate }) => rate !== null);
  const errors = given.map(({ rate, truth }) => Math.abs(rate! - truth));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    windows: guesses.length,
    given: given.length / guesses.length,
    mae: mean(errors),
    wrong: errors.filter((error) => error > WRONG_BRPM).length / given.length,
    z: Math.sqrt(mean(given.map(({ error }, i) => (errors[i]! / error!) ** 2))),
  };
}

/** For each tenth of quality: how many guesses, the mean of what they promise, the share that is right. Rates withheld are not known. */
export function calibrate(guesses: readonly Guess[]): { promised: number; right: number; count: number }[] {
  const edges = [0.8, 0.9, 0.95, 0.99, 1.001];
  return edges.slice(1).map((to, i) => {
    const inside = guesses.filter(({ rate, quality }) => rate !== null && quality >= edges[i]! && quality < to);
    const right = inside.filter(({ rate, truth }) => Math.abs(rate! - truth) <= WRONG_BRPM).length;
    const promised = inside.reduce((sum, { quality }) => sum + quality, 0);
    return { promised: promised / inside.length, right: right / inside.length, count: inside.length };
  });
}
