// The product on every record of a folder: as `maibo analyze` would, channel 0.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { analyzeFile } from '@maibo/sdk';
import { type Score, scoreRecord } from './ec57-score.ts';
import { readReference } from './reference.ts';

/** Paths of the WFDB records in a folder, without extension, sorted. */
export function recordsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.hea'))
    .map((name) => join(folder, name.slice(0, -'.hea'.length)))
    .toSorted();
}

export async function detectBeats(path: string): Promise<readonly number[]> {
  const { beats } = await analyzeFile(path, { signal: 'ecg', channel: '0' });
  return beats.sample.flatMap((sample) => (sample === null ? [] : [sample]));
}

export async function scoreFolder(folder: string): Promise<Score[]> {
  const scores: Score[] = [];
  for (const path of recordsIn(folder)) scores.push(scoreRecord(await readReference(path), await detectBeats(path)));
  return scores;
}
