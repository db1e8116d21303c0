// Packages import each other downwards and by name only; whatever else they import is in their package.json.

import { dirname, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGES } from './import-rules.ts';
import { isTest, readText, sourcePaths } from './repository.ts';
import { type Import, importsOf } from './source-file.ts';

const folders = Object.keys(PACKAGES);
const sources = sourcePaths().filter((path) => folders.includes(folderOf(path)) && !isAssembly(path));

function folderOf(path: string): string {
  return path.split('/')[0] as string;
}

/** AssemblyScript has its own rules, in assembly-imports.test.ts. */
function isAssembly(path: string): boolean {
  return /^firmware-wasm\/(abi|dsp|cores|train|embed)\//.test(path) && !isTest(path);
}

function complaints(find: (path: string, found: Import) => string | null): string[] {
  return sources.flatMap((path) =>
    importsOf(path).flatMap((found) => {
      const complaint = find(path, found);
      return complaint === null ? [] : [`${path}:${found.line}: ${complaint}`];
    }),
  );
}

function packageNameOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] as string);
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function declaredBy(folder: string, withDev: boolean): Set<string> {
  const own = JSON.parse(readText(`${folder}/package.json`)) as Manifest;
  const root = JSON.parse(readText('package.json')) as Manifest;
  const dev = withDev ? { ...own.devDependencies, ...root.devDependencies } : {};
  return new Set(Object.keys({ ...own.dependencies, ...dev }));
}

/** Examples are written as an application would write them: they name the package they lie in. */
function isOwnName(path: string, name: string): boolean {
  return path.includes('/examples/') && PACKAGES[folderOf(path)]?.name === name;
}

/** Run-time code stands on dependencies alone; tests, code generators and bench also on what the workshop has. */
function mayUseWorkshop(path: string): boolean {
  return isTest(path) || path.includes('/codegen/') || path.startsWith('bench/');
}

/** The one second door: what makers test with. */
const TEST_KIT = '@maibo/simulator/testing';

describe('imports between packages', () => {
  it('walks real files', () => {
    expect(sources.length).toBeGreaterThan(100);
  });

  it('go downwards only', () => {
    const found = complaints((path, { specifier }) => {
      const { name, mayImport } = PACKAGES[folderOf(path)] as (typeof PACKAGES)[string];
      const wanted = packageNameOf(specifier);
      if (!wanted.startsWith('@maibo/') || mayImport.includes(wanted) || isOwnName(path, wanted)) return null;
      return `${name} must not import ${wanted}`;
    });
    expect(found).toEqual([]);
  });

  it('go through the door: by package name, without a path behind it', () => {
    const found = complaints((path, { specifier }) => {
      const isDoor = specifier === packageNameOf(specifier) || specifier === TEST_KIT;
      if (specifier.startsWith('@maibo/') && !isDoor) return `${specifier} is behind a door`;
      if (!specifier.startsWith('.')) return null;
      const target = posix.normalize(posix.join(dirname(path), specifier));
      return folderOf(target) === folderOf(path) ? null : `${specifier} leaves the package; import it by its name`;
    });
    expect(found).toEqual([]);
  });

  it('name only what package.json declares', () => {
    const found = complaints((path, { specifier }) => {
      if (specifier.startsWith('.') || specifier.startsWith('node:')) return null;
      const name = packageNameOf(specifier);
      const declared = declaredBy(folderOf(path), mayUseWorkshop(path));
      return declared.has(name) || isOwnName(path, name)
        ? null
        : `${specifier} is not declared in ${folderOf(path)}/package.json`;
    });
    expect(found).toEqual([]);
  });
});
