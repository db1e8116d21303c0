// Beats of a night as the sleep core takes them, from whatever file holds RR intervals alone.
import { basename } from 'node:path';
import type { SleepInput } from '@maibo/cores';
import { MaiboError } from '../errors.ts';
import { isBeatListing, readBeatListing } from '../formats/beat-listing.ts';
import { openRecording } from '../formats/open-recording.ts';
import type { Recording } from '../formats/recording.ts';
import { findTextFile, peekLines } from '../formats/text-lines.ts';

/** An interval and when it ended, s from the start of the recording. */
export interface NightInterval {
  readonly endS: number;
  readonly rrMs: number;
}

export function intervalInputs(intervals: readonly NightInterval[]): SleepInput[] {
  return intervals.map(({ endS, rrMs }) => ({ timeS: endS, value: rrMs, kind: 'interval' }));
}

export interface IntervalFile {
  readonly intervals: readonly NightInterval[];
  /** Whether the ends are the file's; else each interval begins where the one before it ended. */
  readonly isTimed: boolean;
}

/** Errors: what reading throws, and `input-range` for times that run backwards. */
export async function readIntervalFile(path: string): Promise<IntervalFile> {
  if (!(await isListing(path))) return recordedIntervals(await openRecording(path, { format: 'rr' }));
  const intervals = await readBeatListing(path);
  requireOrder(intervals, path);
  return { intervals: intervals.map(({ endS, rrMs }) => ({ endS, rrMs })), isTimed: true };
}

/** Whether a file lists beats as PhysioNet does: no CSV, as there is text in its cells. */
export async function isListing(path: string): Promise<boolean> {
  const [first] = await peekLines(await findTextFile(path), 1);
  return first !== undefined && isBeatListing(first.text);
}

export async function recordedIntervals(recording: Recording): Promise<IntervalFile> {
  const intervals: NightInterval[] = [];
  let [endS, isTimed] = [0, false];
  for await (const { timeS, rrMs } of recording.intervals()) {
    isTimed = timeS !== null;
    endS = timeS ?? endS + rrMs / 1000;
    intervals.push({ endS, rrMs });
  }
  requireOrder(intervals, recording.path);
  return { intervals, isTimed };
}

function requireOrder(intervals: readonly NightInterval[], path: string): void {
  const back = intervals.findIndex(({ endS }, index) => index > 0 && endS < intervals[index - 1]!.endS);
  if (back < 0) return;
  const message = `interval ${back + 1} ends at ${intervals[back]!.endS} s, before the one before it (${intervals[back - 1]!.endS} s)`;
  throw new MaiboError('input-range', message, { where: basename(path), hint: 'sort the intervals by their times' });
}
