// Nights with apnoeas an expert marked: slpdb (Ichimaru & Moody 1999), as intervals, sleep and marks per 30 s.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type NightInterval, openRecording } from '@maibo/sdk';
import { linesOf, secondsOf } from './sleep-recordings.ts';

export interface ApnoeaRecording {
  readonly name: string;
  readonly intervals: readonly NightInterval[];
  /** Of each epoch, whether somebody slept; null without a score. */
  readonly asleep: readonly (boolean | null)[];
  /** Apnoeas and hypopnoeas that begin in each epoch. */
  readonly events: readonly number[];
}

export interface MarkedEpoch {
  readonly epoch: number;
  readonly asleep: boolean | null;
  readonly events: number;
}

const SAMPLES_PER_EPOCH = 7500;
/** README.st of the set: hypopnoea, obstructive and central apnoea, each without and with arousal (X: obstructive with arousal). */
const EVENT_MARKS = new Set(['H', 'HA', 'OA', 'X', 'CA', 'CAA']);
const SLEEP_STAGES = new Set(['1', '2', '3', '4', 'R']);

export function apnoeaNights(folder: string): ApnoeaRecording[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.an'));
  return names.sort().map((file) => {
    const marked = markedEpochs(readFileSync(join(folder, file), 'utf8'));
    const count = 1 + marked.reduce((last, { epoch }) => Math.max(last, epoch), -1);
    const asleep = new Array<boolean | null>(count).fill(null);
    const events = new Array<number>(count).fill(0);
    for (const mark of marked) {
      asleep[mark.epoch] = mark.asleep;
      events[mark.epoch] = mark.events;
    }
    const intervals = intervalsOf(gunzipSync(readFileSync(join(folder, file.replace('.an', '.rr.gz')))).toString());
    return { name: file.slice(0, -'.an'.length), intervals, asleep, events };
  });
}

/** Days of people with normal hearts: annotations of beats alone. */
export async function normalHearts(folder: string): Promise<NightInterval[][]> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ecg'));
  return Promise.all(
    names.sort().map(async (name) => {
      const intervals: NightInterval[] = [];
      const recording = await openRecording(join(folder, name));
      for await (const { timeS, rrMs } of recording.intervals()) {
        intervals.push({ endS: timeS ?? (intervals.at(-1)?.endS ?? 0) + rrMs / 1000, rrMs });
      }
      return intervals;
    }),
  );
}

/** Lines of an .an file: time, sample, ", three zeros, stage, marks. An epoch is placed by its sample. */
export function markedEpochs(text: string): MarkedEpoch[] {
  return linesOf(text)
    .filter((parts) => parts.length > 6 && parts[2] === '"')
    .map(([, sample, , , , , stage, ...marks]) => ({
      epoch: Math.floor(Number(sample) / SAMPLES_PER_EPOCH),
      asleep: SLEEP_STAGES.has(stage!) ? true : stage === 'W' ? false : null,
      events: marks.filter((mark) => EVENT_MARKS.has(mark)).length,
    }));
}

function intervalsOf(text: string): NightInterval[] {
  const rows = linesOf(text).filter((parts) => parts.length === 5 && !parts[1]!.startsWith('['));
  return rows.map((parts) => ({ endS: secondsOf(parts[4]!), rrMs: 1000 * Number(parts[2]) }));
}
