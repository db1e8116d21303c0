// The product on real recordings: not worse than the floors, and scored as an independent scorer does.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { describeUnless } from '../shared-folder.testkit.ts';
import { sharedPath } from '../shared-folder.ts';
import { detectBeats, recordsIn } from './detect.ts';
import { grossScore, type Score, scoreRecord } from './ec57-score.ts';
import { readReference } from './reference.ts';

const { mitdb: floors } = JSON.parse(readFileSync(new URL('floors.json', import.meta.url), 'utf8')) as {
  mitdb: { se: number; ppv: number; f1: number };
};
const folder = sharedPath('data/mitdb');
const bxb = sharedPath('tools/bxb.py');
const python = process.env.MAIBO_PYTHON ?? 'python3';

const detections = new Map<string, readonly number[]>();
const scores: Score[] = [];

async function detectAll(data: string): Promise<void> {
  if (scores.length > 0) return;
  for (const path of recordsIn(data)) {
    const found = await detectBeats(path);
    detections.set(basename(path), found);
    scores.push(scoreRecord(await readReference(path), found));
  }
}

describeUnless(
  folder === null ? 'no ../shared/data/mitdb beside the repository' : null,
  'beats of the MIT-BIH records',
  () => {
    beforeAll(() => detectAll(folder as string), 120_000);

    it('are found as well as the floors demand', () => {
      const gross = grossScore(scores);
      expect(100 * gross.se).toBeGreaterThanOrEqual(floors.se);
      expect(100 * gross.ppv).toBeGreaterThanOrEqual(floors.ppv);
      expect(100 * gross.f1).toBeGreaterThanOrEqual(floors.f1);
    });
  },
);

interface BxbRecord {
  readonly record: string;
  readonly tp: number;
  readonly fn: number;
  readonly fp: number;
  readonly off_mean: number;
  readonly off_sd: number;
}

function reasonAgainstBxb(): string | null {
  if (folder === null || bxb === null)
    return 'no ../shared/data/mitdb and ../shared/tools/bxb.py beside the repository';
  const { status } = spawnSync(python, ['-c', 'import numpy'], { stdio: 'ignore' });
  return status === 0 ? null : `${python} with numpy is not there (MAIBO_PYTHON names one)`;
}

function runBxb(): BxbRecord[] {
  const work = mkdtempSync(join(tmpdir(), 'maibo-bxb-'));
  try {
    for (const [name, samples] of detections) writeFileSync(join(work, `${name}.txt`), samples.join('\n'));
    const out = join(work, 'scores.json');
    const args = [bxb as string, 'batch', '--db', folder as string, '--det', work, '--json', out];
    const { status, stderr } = spawnSync(python, args, { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return (JSON.parse(readFileSync(out, 'utf8')) as { records: BxbRecord[] }).records;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

describeUnless(reasonAgainstBxb(), 'our scorer and bxb.py', () => {
  beforeAll(() => detectAll(folder as string), 120_000);

  it('give the same counts and offsets for every record', { timeout: 120_000 }, () => {
    const theirs = runBxb();
    expect(theirs.map(({ record, tp, fn, fp }) => ({ record, tp, fn, fp }))).toEqual(
      scores.map(({ record, tp, fn, fp }) => ({ record, tp, fn, fp })),
    );
    for (const [index, { offsetMs, jitterSdMs }] of scores.entries()) {
      expect(theirs[index]?.off_mean).toBeCloseTo(offsetMs, 6);
      expect(theirs[index]?.off_sd).toBeCloseTo(jitterSdMs, 6);
    }
  });
});
