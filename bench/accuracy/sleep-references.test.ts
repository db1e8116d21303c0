import { describe, expect, it } from 'vitest';
import type { SleepRecording } from './sleep-recordings.ts';
import { judgeReferences, type ScoredNight } from './sleep-references.ts';
import { confusion, kappa, type ScoredEpoch } from './sleep-score.ts';

const EPOCH_COUNT = 240;

/** Awake, and moving, for the first `wakeCount` epochs. */
function recordingOf(person: string, wakeCount: number): SleepRecording {
  const stages = Array.from({ length: EPOCH_COUNT }, (_, epoch) => (epoch < wakeCount ? 0 : 1));
  const inputs = stages.flatMap((stage, epoch) => [
    { timeS: 30 * epoch, value: stage === 0 ? 100 : epoch % 2, kind: 1 },
    { timeS: 30 * epoch, value: 0.3, kind: 2 },
  ]);
  return { person, inputs, stages };
}

function nightOf({ person, stages }: SleepRecording): ScoredNight {
  const epochs = stages.map((wanted, index): ScoredEpoch => {
    return { index, wanted: wanted!, wake: 0, stages: { 2: 1, 3: 1, 4: 1 } };
  });
  return { person, epochs };
}

function kappas(recordings: readonly SleepRecording[]): Record<string, number> {
  const judged = judgeReferences(recordings, recordings.map(nightOf));
  return Object.fromEntries(
    judged.map(({ name, nights }) => [
      name,
      kappa(
        confusion(
          nights.flatMap(({ epochs }) => epochs),
          2,
        ),
      ),
    ]),
  );
}

describe('simple references', () => {
  const alike = ['a', 'b', 'c'].map((person) => recordingOf(person, 40));

  it('find what their inputs tell', () => {
    const found = kappas(alike);
    expect(found['always light sleep']).toBe(0);
    expect(found['clock alone']).toBeGreaterThan(0.95);
    expect(found['one epoch, logistic']).toBe(1);
    expect(found['Cole-Kripke, threshold learnt']).toBeGreaterThan(0.9);
  });

  it('learn from the other people alone: a clock knows nothing of a night unlike theirs', () => {
    const last = recordingOf('d', 160);
    const [, clock] = judgeReferences([...alike, last], [...alike, last].map(nightOf));
    const own = clock!.nights.at(-1)!.epochs;
    expect(own.filter(({ wanted, stages }) => wanted === 0 && stages[2] === 0).length).toBeLessThan(60);
  });

  it('are left out where there is no activity', () => {
    const intervals = alike.map((recording) => ({ ...recording, inputs: [{ timeS: 0, value: 800, kind: 3 }] }));
    expect(Object.keys(kappas(intervals))).toEqual(['always light sleep', 'clock alone']);
  });
});
