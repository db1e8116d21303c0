// `breath`: the breathing rate of the core on simulated people, whose breath is known, and on a bedside recording against its respiration
// channel. How people are simulated is in breath-simulated.ts, how the channel is counted in breath-reference.ts.

import { type Bench, type BenchReport, table } from '../bench.ts';
import { sharedPath } from '../shared-folder.ts';
import { bedsideBreathing } from './breath-recordings.ts';
import { breathPeaks, rateBetween } from './breath-reference.ts';
import { type BreathScore, calibrate, type Guess, guess, SOURCES, scoreGuesses } from './breath-score.ts';
import { GROUPS, simulate } from './breath-simulated.ts';

const PEOPLE_PER_RATE = 3;
/** Not the seeds that the core's constants were fitted to. */
const FIRST_SEED = 90_000;
const FUSED_MAE_MAX_BRPM = 1;
const RR_MAE_MAX_BRPM = 1.5;

interface Row {
  readonly group: string;
  readonly scores: Readonly<Record<string, BreathScore>>;
}

export const breathBench: Bench = {
  name: 'breath',
  about: 'breathing rate on simulated people and on a bedside recording, error and coverage together',
  run: async () => {
    const { rows, calibration } = simulated();
    const folder = sharedPath('data/ppg_bidmc01');
    const bedside = folder === null ? null : measured(folder);
    return report(rows, calibration, bedside);
  },
};

function simulated(): { rows: Row[]; calibration: ReturnType<typeof calibrate> } {
  const all: Guess[] = [];
  const rows = GROUPS.map(({ name, brpms, person }): Row => {
    const people = brpms.flatMap((brpm) =>
      Array.from({ length: PEOPLE_PER_RATE }, (_, i) =>
        simulate({ ...person, brpm, seed: FIRST_SEED + 100 * brpm + i }),
      ),
    );
    const scores = SOURCES.map(({ name: source, kinds }) => {
      const guesses = people.flatMap(({ inputs, breathsAt }) =>
        guess(inputs, kinds, (fromS, toS) => ((breathsAt(toS) - breathsAt(fromS)) * 60) / (toS - fromS)),
      );
      all.push(...guesses);
      return [source, scoreGuesses(guesses)] as const;
    });
    return { group: name, scores: Object.fromEntries(scores) };
  });
  return { rows, calibration: calibrate(all) };
}

function measured(folder: string): Row {
  const { name, inputs, respiration, rateHz } = bedsideBreathing(folder);
  const peaks = breathPeaks(respiration, rateHz);
  const truthOf = (fromS: number, toS: number) => rateBetween(peaks, fromS, toS);
  const scores = SOURCES.map(
    ({ name: source, kinds }) => [source, scoreGuesses(guess(inputs, kinds, truthOf))] as const,
  );
  return { group: name, scores: Object.fromEntries(scores) };
}

function report(rows: readonly Row[], calibration: ReturnType<typeof calibrate>, bedside: Row | null): BenchReport {
  const head = ['MAE breaths/min | off by more than 2, % | windows with a rate, %', ...SOURCES.map(({ name }) => name)];
  const shown = bedside === null ? rows : [...rows, bedside];
  const promise = calibration.map(({ promised, right, count }) => [
    promised.toFixed(3),
    right.toFixed(3),
    String(count),
  ]);
  return {
    lines: [
      ...table([[...head, 'z'], ...shown.map(cells)]),
      'z: root mean square of error over standard error, all sources',
      '',
      ...table([['quality', 'right', 'windows'], ...promise]),
      ...(bedside === null ? ['bidmc 01 SKIPPED: no ../shared/data/ppg_bidmc01 beside the repository'] : []),
    ],
    numbers: { simulated: rows, calibration, bedside },
    overBudget: bedside === null ? [] : budgetOf(bedside),
    skipped: null,
  };
}

function cells({ group, scores }: Row): string[] {
  const cell = ({ mae, wrong, given }: BreathScore) =>
    given === 0 ? '- | - | 0' : `${mae.toFixed(2)} | ${(100 * wrong).toFixed(0)} | ${(100 * given).toFixed(0)}`;
  return [group, ...SOURCES.map(({ name }) => cell(scores[name]!)), scores.all!.z.toFixed(2)];
}

function budgetOf({ group, scores }: Row): string[] {
  const limits = [
    ['all', FUSED_MAE_MAX_BRPM],
    ['RR alone', RR_MAE_MAX_BRPM],
  ] as const;
  return limits.flatMap(([source, max]) => {
    const { mae } = scores[source]!;
    return mae <= max ? [] : [`${group}, ${source}: ${mae.toFixed(2)} breaths/min off, at most ${max}`];
  });
}
