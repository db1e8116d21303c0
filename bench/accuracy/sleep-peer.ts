// SleepECG's shipped classifiers (trained on MESA, bidirectional over the whole night) on the same beats, scored on the same epochs.
// Age, sex and the time of day come from the recordings' headers: its networks ask for them, the core does not. They take the start as
// seconds since midnight and learnt from evenings; a start after midnight throws them, so it is given as 23:00 too, in their favour.

import { preparePeers } from './peers/run-peers.ts';
import { runScript } from './peers/run-script.ts';
import type { SleepRecording } from './sleep-recordings.ts';
import type { ReferenceNights, ScoredNight } from './sleep-references.ts';
import type { ClassCount, ScoredEpoch } from './sleep-score.ts';

const INTERVAL = 3;
const NOON_S = 12 * 3600;
const EVENING_S = 23 * 3600;

interface PeerAnswer {
  readonly versions: Readonly<Record<string, string>>;
  readonly classifiers: readonly {
    readonly name: string;
    readonly count: ClassCount;
    readonly nights: readonly (readonly number[])[];
  }[];
}

export interface SleepPeer {
  /** Why there is none, or null. */
  readonly missing: string | null;
  readonly version: string;
  readonly judged: readonly ReferenceNights[];
}

export function judgePeer(recordings: readonly SleepRecording[], nights: readonly ScoredNight[]): SleepPeer {
  const missing = preparePeers();
  if (missing !== null) return { missing, version: '', judged: [] };
  const asRecorded = recordings.map(nightOf);
  const evenings = asRecorded.map((night) =>
    night.startClockS < NOON_S ? { ...night, startClockS: EVENING_S } : night,
  );
  const answers = [
    { ending: '', answer: askClassifiers(asRecorded) },
    { ending: ', from 23:00', answer: askClassifiers(evenings) },
  ];
  const judged = answers.flatMap(({ ending, answer }) =>
    answer.classifiers.map(({ name, count, nights: stages }) => ({
      name: `${name}${ending}`,
      counts: [count],
      nights: nights.map(({ person, epochs }, index) => ({
        person,
        epochs: judgedEpochs(epochs, stages[index]!, count),
      })),
    })),
  );
  return { missing, version: answers[0]!.answer.versions.sleepecg ?? '', judged };
}

function askClassifiers(nights: readonly object[]): PeerAnswer {
  return runScript('sleep-stages.py', () => ({ nights })) as PeerAnswer;
}

function nightOf({ person, inputs, about }: SleepRecording) {
  if (about === undefined) throw new Error(`${person}: without age, sex and clock there is nothing to give the peer`);
  const intervals = inputs.filter(({ kind }) => kind === INTERVAL);
  const first = intervals[0]!;
  return { ...about, beatsS: [first.timeS - first.value / 1000, ...intervals.map(({ timeS }) => timeS)] };
}

/** Epochs behind the last beat have no answer. */
function judgedEpochs(epochs: readonly ScoredEpoch[], stages: readonly number[], count: ClassCount): ScoredEpoch[] {
  return epochs.flatMap(({ index, wanted }) => {
    const stage = stages[index];
    if (stage === undefined) return [];
    const own = { 2: stage === 0 ? 0 : 1, 3: stage, 4: stage };
    return [{ index, wanted, wake: Number.NaN, stages: { ...own, [count]: stage } }];
  });
}
