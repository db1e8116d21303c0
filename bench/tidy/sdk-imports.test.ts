// Inside sdk each step imports only what lies before it on the data path (the table is in import-rules.ts).

import { dirname, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SDK_EXCEPTIONS, SDK_ORDER } from './import-rules.ts';
import { isTest, sourcePaths } from './repository.ts';
import { importsOf } from './source-file.ts';

const sources = sourcePaths().filter((path) => path.startsWith('sdk/') && !isTest(path));

/** Index in the order, or -1 for a path without a step. */
function rankOf(path: string): number {
  const inside = path.replace(/^sdk\//, '');
  const fits = SDK_ORDER.filter(({ step }) => inside === step || inside.startsWith(`${step}/`));
  const longest = fits.toSorted((a, b) => b.step.length - a.step.length)[0];
  return longest === undefined ? -1 : SDK_ORDER.indexOf(longest);
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly line: number;
}

const edges: Edge[] = sources.flatMap((path) =>
  importsOf(path)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier, line }) => ({ from: path, line, to: posix.normalize(posix.join(dirname(path), specifier)) })),
);

function isException({ from, to }: Edge): boolean {
  return SDK_EXCEPTIONS.some((exception) => exception.from === from && exception.to === to);
}

const against = edges.filter(({ from, to }) => rankOf(to) > rankOf(from));

describe('imports inside sdk', () => {
  it('stay among the known steps', () => {
    expect(sources.filter((path) => rankOf(path) < 0)).toEqual([]);
  });

  it('go only to what lies earlier on the data path', () => {
    const found = against
      .filter((edge) => !isException(edge))
      .map(({ from, to, line }) => `${from}:${line}: imports ${to}, which lies later in SDK_ORDER`);
    expect(found).toEqual([]);
  });

  it('have no exception in the table that nobody needs any more', () => {
    const unused = SDK_EXCEPTIONS.filter(
      ({ from, to }) => !against.some((edge) => edge.from === from && edge.to === to),
    );
    expect(unused).toEqual([]);
  });
});
