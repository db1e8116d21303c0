// Names of files, and what must not be left behind in them.

import { describe, expect, it } from 'vitest';
import { findInLines, isGenerated, isTest, isText, repositoryFiles, sourcePaths } from './repository.ts';

const SELF = 'bench/tidy/';
const texts = repositoryFiles().filter((path) => isText(path) && path !== 'package-lock.json');
const tests = sourcePaths().filter((path) => isTest(path) && !path.startsWith(SELF));

function inAll(paths: readonly string[], find: (line: string) => string | null): string[] {
  return paths.flatMap((path) => findInLines(path, find));
}

function matching(pattern: RegExp): (line: string) => string | null {
  return (line) => pattern.exec(line)?.[0] ?? null;
}

describe('names of files', () => {
  it('are kebab-case nouns', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
    const wrong = sourcePaths().filter((path) => !path.split('/').every((part) => kebab.test(part)));
    expect(wrong).toEqual([]);
  });

  it('say what is inside: no utils, no helpers', () => {
    const empty = /(^|\/)(utils?|helpers?|misc|common|stuff)(\.|\/)/;
    expect(sourcePaths().filter((path) => empty.test(path))).toEqual([]);
  });
});

describe('what is left behind', () => {
  it('has an owner: TODO(name), FIXME(name)', () => {
    const code = texts.filter((path) => !isGenerated(path) && !path.endsWith('.md') && !path.startsWith(SELF));
    expect(inAll(code, matching(/\b(TODO|FIXME|XXX|HACK)\b(?!\([a-z])/))).toEqual([]);
  });

  it('is no test that is alone, promised or empty', () => {
    expect(inAll(tests, matching(/\b(it|test|describe)\.(only|todo)\b/))).toEqual([]);
    expect(inAll(tests, matching(/\bexpect\((true|1|false)\)\.to/))).toEqual([]);
  });

  it('is no path of one machine', () => {
    const homes = new RegExp(`(?<![\\w.~-])/(${['home', 'root', 'work', 'Users'].join('|')})/[\\w.-]`);
    expect(inAll(texts, matching(homes))).toEqual([]);
  });

  it('is no host name of a package registry', () => {
    const hosts = [
      ...[
        ['npmjs', 'org'],
        ['npmjs', 'com'],
        ['pypi', 'org'],
        ['pythonhosted', 'org'],
        ['crates', 'io'],
      ],
      ...[
        ['proxy', 'golang', 'org'],
        ['maven', 'org'],
        ['deb', 'debian', 'org'],
      ],
    ];
    const pattern = new RegExp(hosts.map((parts) => parts.join('\\.')).join('|'));
    expect(inAll([...texts, 'package-lock.json'], matching(pattern))).toEqual([]);
  });
});
