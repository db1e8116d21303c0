// Time, chance, disk and network come in through `World` (the places that may touch them are listed in world-exceptions.ts).

import { describe, expect, it } from 'vitest';
import { isTest, sourcePaths } from './repository.ts';
import { importsOf, namesUsedIn } from './source-file.ts';
import { EXCEPTION_COUNT_MAX, EXCEPTIONS, OUTSIDE, WORKSHOP } from './world-exceptions.ts';

const NAMES = new Set([
  ...['Date.now', 'new Date()', 'Date()', 'Math.random', 'performance.now', 'performance.timeOrigin'],
  ...['setTimeout()', 'setInterval()', 'setImmediate()', 'fetch()', 'process.env', 'process.hrtime'],
  ...['randomBytes()', 'randomUUID()', 'randomInt()', 'crypto.getRandomValues', 'crypto.randomUUID'],
]);
const MODULES =
  /^(node:)?(fs|fs\/promises|net|dgram|dns|tls|http|https|http2|child_process|worker_threads|timers|timers\/promises|os|cluster)$/;

interface Use {
  readonly path: string;
  readonly line: number;
  readonly what: string;
}

function usesOf(path: string): Use[] {
  const imports = importsOf(path).filter(({ specifier }) => MODULES.test(specifier));
  return [
    ...imports.map(({ specifier, line }) => ({ path, line, what: specifier })),
    ...namesUsedIn(path)
      .filter(({ name }) => NAMES.has(name))
      .map(({ name, line }) => ({ path, line, what: name })),
  ];
}

const runtime = sourcePaths().filter(
  (path) =>
    path.includes('/') &&
    !isTest(path) &&
    !WORKSHOP.some((pattern) => pattern.test(path)) &&
    !OUTSIDE.some(({ under }) => path.startsWith(under)),
);
const uses = runtime.flatMap(usesOf);

function isExcepted({ path, what }: Use): boolean {
  return EXCEPTIONS.some((exception) => exception.path === path && exception.uses.includes(what));
}

describe('time, chance, disk and network', () => {
  it('are found where they are used', () => {
    expect(runtime.length).toBeGreaterThan(50);
    expect(uses.length).toBeGreaterThan(0);
  });

  it('come in through World', () => {
    expect(uses.filter((use) => !isExcepted(use)).map(({ path, line, what }) => `${path}:${line}: ${what}`)).toEqual(
      [],
    );
  });

  it('have no exception that nobody needs any more', () => {
    const unused = EXCEPTIONS.flatMap(({ path, uses: allowed }) =>
      allowed
        .filter((what) => !uses.some((use) => use.path === path && use.what === what))
        .map((what) => `${path}: ${what}`),
    );
    expect(unused).toEqual([]);
  });

  it('have no more exceptions than before', () => {
    expect(EXCEPTIONS.length).toBe(EXCEPTION_COUNT_MAX);
  });
});
