// The files that are kept: hashes.json and recording-hashes.json, what every platform must find in made and in real signals, and baseline.json,
// what it may cost. Here is how new figures are held against them and how they are taken over.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../shared-folder.ts';

export interface GoldenBits {
  /** FNV-1a over all findings, eight hexadecimal digits. */
  readonly hash: string;
  readonly findings: number;
}

export interface BoardCost {
  readonly instructionsPerUnit: number;
  readonly coreFlashBytes: number;
  readonly stackBytes: number;
}

export interface BaselineRow {
  readonly m4f: BoardCost;
  readonly m33: BoardCost;
  /** Why the figures are what they are: the sentence that took them over. */
  readonly because: string;
}

/** Which signals hashes are of. */
export type Source = 'made' | 'recorded';
export type Hashes = Readonly<Record<string, GoldenBits>>;
export interface Baseline {
  /** The compiler's versions: others give other instructions. */
  readonly tools: Readonly<Record<string, string>>;
  readonly costs: Readonly<Record<string, BaselineRow>>;
}

export interface Comparison {
  readonly failures: readonly string[];
  /** What fell: worth taking over, so that it cannot rise again unseen. */
  readonly falls: readonly string[];
}

const FOLDER = join(ROOT, 'bench', 'device');
const HASHES = { made: join(FOLDER, 'hashes.json'), recorded: join(FOLDER, 'recording-hashes.json') };
const BASELINE = join(FOLDER, 'baseline.json');
const RISE_MAX = 0.02;
const BOARD_NAMES = ['m4f', 'm33'] as const;
const FIGURES = ['instructionsPerUnit', 'coreFlashBytes', 'stackBytes'] as const;

export function readHashes(source: Source): Hashes {
  return JSON.parse(readFileSync(HASHES[source], 'utf8')) as Hashes;
}

export function readBaseline(): Baseline {
  return JSON.parse(readFileSync(BASELINE, 'utf8')) as Baseline;
}

export function writeHashes(source: Source, hashes: Hashes): void {
  writeFileSync(HASHES[source], `${JSON.stringify(hashes, null, 2)}\n`);
}

export function writeBaseline(baseline: Baseline): void {
  writeFileSync(BASELINE, `${JSON.stringify(baseline, null, 2)}\n`);
}

export function goldenBitsOf({ hash, findingCount }: { hash: number; findingCount: number }): GoldenBits {
  return { hash: hash.toString(16).padStart(8, '0'), findings: findingCount };
}

/** `found` may be a part of all drivers; each of them must be known. */
export function compareHashes(golden: Hashes, found: Hashes): string[] {
  return Object.entries(found).flatMap(([key, { hash, findings }]) => {
    const known = golden[key];
    if (known === undefined) return [`${key}: the kept hashes do not know it`];
    if (known.hash === hash && known.findings === findings) return [];
    return [`${key}: ${findings} findings, hash ${hash}; kept: ${known.findings}, ${known.hash}`];
  });
}

/** What the files know and no driver makes any more. */
export function staleKeys(golden: Readonly<Record<string, unknown>>, keys: readonly string[]): string[] {
  return Object.keys(golden).filter((key) => !keys.includes(key));
}

export function compareCosts(
  baseline: Baseline,
  found: Readonly<Record<string, Omit<BaselineRow, 'because'>>>,
): Comparison {
  const failures: string[] = [];
  const falls: string[] = [];
  for (const [key, row] of Object.entries(found)) {
    const known = baseline.costs[key];
    if (known === undefined) {
      failures.push(`${key}: baseline.json does not know it`);
      continue;
    }
    for (const board of BOARD_NAMES) {
      for (const figure of FIGURES) {
        const [before, now] = [known[board][figure], row[board][figure]];
        const line = `${key}, ${board}: ${figure} ${before} -> ${now} (${percent(now / before - 1)})`;
        if (now > before * (1 + RISE_MAX)) failures.push(line);
        if (now < before * (1 - RISE_MAX)) falls.push(line);
      }
    }
  }
  return { failures, falls };
}

function percent(share: number): string {
  return `${share > 0 ? '+' : ''}${(100 * share).toFixed(1)} %`;
}

/** Rows whose figures are the same keep their sentence. `keys`: all drivers there are; what else the baseline knows goes. */
export function acceptCosts(
  baseline: Baseline,
  found: Readonly<Record<string, Omit<BaselineRow, 'because'>>>,
  keys: readonly string[],
  because: string,
): Readonly<Record<string, BaselineRow>> {
  const rows = keys.flatMap((key) => {
    const [known, now] = [baseline.costs[key], found[key]];
    if (now === undefined) return known === undefined ? [] : [[key, known] as const];
    const isSame =
      known !== undefined && JSON.stringify({ ...known, because: '' }) === JSON.stringify({ ...now, because: '' });
    return [[key, isSame ? known : { ...now, because }] as const];
  });
  return Object.fromEntries(rows);
}
