// Documents keep their word: links lead somewhere, and the README's folders and commands are there.

import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findInLines, isThere, readText, repositoryFiles } from './repository.ts';

const documents = repositoryFiles().filter((path) => path.endsWith('.md'));

/** Targets of [text](target) that mean a file of the repository. */
function localTargets(line: string): string[] {
  return [...line.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => (match[1] as string).split('#')[0] as string)
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

describe('links in documents', () => {
  it('lead to files that are there', () => {
    const broken = documents.flatMap((path) =>
      findInLines(path, (line) => {
        const gone = localTargets(line).filter((target) => !isThere(posix.join(posix.dirname(path), target)));
        return gone.length === 0 ? null : `no such file: ${gone.join(', ')}`;
      }),
    );
    expect(broken).toEqual([]);
  });
});

describe('README.md', () => {
  const readme = () => readText('README.md');

  it('names only folders that are there', () => {
    const gone = findInLines('README.md', (line) => {
      const cell = /^\|\s*([^|]+)\|/.exec(line)?.[1] ?? '';
      const paths = [...cell.matchAll(/`([\w.-]+\/[\w./-]*)`/g)].map((match) => match[1] as string);
      const missing = paths.filter((path) => !isThere(path));
      return missing.length === 0 ? null : `no such folder: ${missing.join(', ')}`;
    });
    expect(gone).toEqual([]);
  });

  it('names only scripts that package.json has', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
    const named = [...readme().matchAll(/\bnpm run ([\w:-]+)/g)].map((match) => match[1] as string);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('shows the example that tests run, word for word', () => {
    const shown = /```ts\n([\s\S]*?)```/.exec(readme())?.[1] ?? 'no example';
    const example = readText('sdk/examples/01-analyze-a-recording.ts');
    expect(example.split('\n').slice(1).join('\n')).toBe(shown);
  });

  it('opens with the two commands', () => {
    const firstScreen = readme().split('\n').slice(0, 60).join('\n');
    expect(firstScreen).toContain('npm ci && npm start');
    expect(firstScreen).toContain('npm cit');
  });
});
