// Files of at most 400 lines, functions of at most 60. What was longer when the ratchet was written is in ratchet.json with its length:
// it may shrink, never grow, and leaves the list once it is within the limit.

import { describe, expect, it } from 'vitest';
import { isTest, readText, sourcePaths } from './repository.ts';
import { functionsOf } from './source-file.ts';

const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 60;

interface Ratchet {
  readonly files: Readonly<Record<string, number>>;
  readonly functions: Readonly<Record<string, number>>;
}

const ratchet = JSON.parse(readText('bench/tidy/ratchet.json')) as Ratchet;

interface Length {
  /** Path, or path and function: what the ratchet lists. */
  readonly key: string;
  readonly where: string;
  readonly lineCount: number;
}

function tooLong(lengths: readonly Length[], max: number, known: Readonly<Record<string, number>>): string[] {
  return lengths
    .filter(({ key, lineCount }) => lineCount > Math.max(max, known[key] ?? 0))
    .map(({ where, lineCount, key }) => `${where}: ${lineCount} lines, at most ${Math.max(max, known[key] ?? 0)}`);
}

/** Entries that could be lower or gone. */
function slack(lengths: readonly Length[], max: number, known: Readonly<Record<string, number>>): string[] {
  return Object.entries(known).flatMap(([key, recorded]) => {
    const lineCount = lengths.find((length) => length.key === key)?.lineCount ?? 0;
    if (lineCount <= max) return [`${key}: within the limit now, take it off the list`];
    return lineCount < recorded ? [`${key}: ${lineCount} lines now, the list says ${recorded}`] : [];
  });
}

const files: Length[] = sourcePaths().map((path) => {
  return { key: path, where: path, lineCount: readText(path).split('\n').length - 1 };
});

/** A `describe` holds many tests in one function; the file limit is enough for those. */
const functions: Length[] = sourcePaths()
  .filter((path) => !isTest(path))
  .flatMap((path) =>
    functionsOf(path).map(({ name, line, lineCount }) => {
      return { key: `${path}#${name}`, where: `${path}:${line}: ${name}`, lineCount };
    }),
  );

describe('lengths', () => {
  it(`of files are at most ${FILE_LINES_MAX} lines`, () => {
    expect(tooLong(files, FILE_LINES_MAX, ratchet.files)).toEqual([]);
  });

  it(`of functions are at most ${FUNCTION_LINES_MAX} lines`, () => {
    expect(functions.length).toBeGreaterThan(100);
    expect(tooLong(functions, FUNCTION_LINES_MAX, ratchet.functions)).toEqual([]);
  });

  it('shrink on the ratchet as they shrink in the code', () => {
    const loose = [
      ...slack(files, FILE_LINES_MAX, ratchet.files),
      ...slack(functions, FUNCTION_LINES_MAX, ratchet.functions),
    ];
    expect(loose).toEqual([]);
  });
});
