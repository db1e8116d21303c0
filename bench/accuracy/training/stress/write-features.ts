// node bench/dist/accuracy/training/stress/write-features.js OUT.json: the features of all recordings, for train.py. Besides the
// recordings as they are, ones that start later or are turned: training on these too keeps the weights from knowing the protocol.

import { writeFileSync } from 'node:fs';
import { sharedPath } from '../../../shared-folder.ts';
import { FEATURE_NAMES, featureCore } from '../../stress-features.ts';
import {
  SENSOR_SETS,
  type SensorSet,
  type StressRecording,
  startedLater,
  stressRecordings,
  turned,
  windowIsStressed,
} from '../../stress-recordings.ts';

/** The first is the recording as it is. */
const WAYS: readonly { name: string; change: (recording: StressRecording) => StressRecording }[] = [
  { name: 'whole', change: (recording) => recording },
  ...[600, 1200].map((cutS) => ({
    name: `from ${cutS} s`,
    change: (recording: StressRecording) => startedLater(recording, cutS),
  })),
  ...[0.25, 0.5, 0.75].map((share) => ({
    name: `turned at ${share}`,
    change: (recording: StressRecording) => turned(recording, share),
  })),
];

async function main(out: string | undefined): Promise<void> {
  const folder = sharedPath('data/stress_predict');
  if (folder === null || out === undefined)
    throw new Error('usage: write-features.js OUT.json, with ../shared/data/stress_predict');
  const featuresOf = await featureCore();
  const rowsOf = (set: SensorSet) =>
    stressRecordings(folder, set).flatMap((recording) =>
      WAYS.map(({ name, change }) => {
        const changed = change(recording);
        const windows = featuresOf(changed.inputs, set.sensors);
        return {
          person: recording.person,
          way: name,
          endS: windows.map(({ endS }) => endS),
          isStressed: windows.map(({ endS }) => windowIsStressed(changed, endS)),
          isUsable: windows.map(({ isUsable }) => isUsable),
          features: windows.map(({ features }) => features.map((value) => (Number.isNaN(value) ? null : value))),
        };
      }),
    );
  const sets = Object.fromEntries(SENSOR_SETS.map((set) => [set.name, rowsOf(set)]));
  writeFileSync(out, JSON.stringify({ features: FEATURE_NAMES, ways: WAYS.map(({ name }) => name), sets }));
}

await main(process.argv[2]);
