// The packages agree with each other: versions, doors, the licence, the lockfile, the report's two languages.

import { describe, expect, it } from 'vitest';
import { PACKAGES } from './import-rules.ts';
import { isThere, readText } from './repository.ts';
import { keysOfObject } from './source-file.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const folders = Object.keys(PACKAGES);
const manifestOf = (folder: string) => JSON.parse(readText(`${folder}/package.json`)) as Manifest;
const root = manifestOf('.');

describe('packages', () => {
  it('have the names that the import rules know', () => {
    expect(folders.map((folder) => manifestOf(folder).name)).toEqual(folders.map((folder) => PACKAGES[folder]?.name));
  });

  it('have one version, and sdk/version.ts says it', () => {
    for (const folder of folders) expect(manifestOf(folder).version, folder).toBe(root.version);
    expect(/MAIBO_VERSION(?:: string)? = '([^']+)'/.exec(readText('sdk/version.ts'))?.[1]).toBe(root.version);
  });

  it('ask for each other in exactly that version', () => {
    const own = folders.flatMap((folder) =>
      Object.entries(manifestOf(folder).dependencies ?? {})
        .filter(([name, version]) => name.startsWith('@maibo/') && version !== root.version)
        .map(([name, version]) => `${folder}/package.json: ${name} ${version}`),
    );
    expect(own).toEqual([]);
  });

  it('have a door each: index.ts', () => {
    expect(folders.filter((folder) => !isThere(`${folder}/index.ts`))).toEqual([]);
  });

  it('are under the licence that lies in the root', () => {
    expect(readText('LICENSE')).toContain('Apache License');
    for (const folder of ['.', ...folders]) expect(manifestOf(folder).license, folder).toBe('Apache-2.0');
  });
});

describe('package-lock.json', () => {
  it('names no place to download from: integrity is enough, and everybody has a registry of their own', () => {
    const lock = JSON.parse(readText('package-lock.json')) as { packages: Record<string, { resolved?: string }> };
    const urls = Object.entries(lock.packages).filter(([, entry]) => /^\w+:/.test(entry.resolved ?? ''));
    expect(urls.map(([path]) => path)).toEqual([]);
  });

  // npm leaves out what its registry of the day does not serve, and `npm ci` then refuses the lockfile everywhere.
  it('has an entry for every optional dependency, of every platform', () => {
    const lock = JSON.parse(readText('package-lock.json')) as { packages: Record<string, Manifest> };
    const wanted = Object.values(lock.packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    const missing = wanted.filter(
      (name) => !Object.keys(lock.packages).some((path) => path.endsWith(`node_modules/${name}`)),
    );
    expect(missing).toEqual([]);
  });

  it('knows every workspace by the version in its package.json', () => {
    const lock = JSON.parse(readText('package-lock.json')) as { packages: Record<string, Manifest> };
    for (const folder of folders) expect(lock.packages[folder]?.version, folder).toBe(manifestOf(folder).version);
  });
});

describe('message catalogues of the report', () => {
  it('have the same keys in English and Chinese', () => {
    const english = keysOfObject('sdk/report/messages.en.ts', 'messagesEn');
    const chinese = keysOfObject('sdk/report/messages.zh.ts', 'messagesZh');
    expect(english?.length).toBeGreaterThan(10);
    expect(chinese?.toSorted()).toEqual(english?.toSorted());
  });
});
