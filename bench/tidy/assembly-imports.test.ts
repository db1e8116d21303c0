// AssemblyScript: cores/* -> dsp -> abi, and a core never imports another core: composition is the host's.

import { dirname, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ASSEMBLY_ORDER } from './import-rules.ts';
import { isTest, isThere, repositoryFiles, sourcePaths } from './repository.ts';
import { importsOf } from './source-file.ts';

const HOME = 'firmware-wasm/';
const sources = sourcePaths().filter((path) => !isTest(path) && ASSEMBLY_ORDER.includes(layerOf(path)));

function layerOf(path: string): string {
  return path.startsWith(HOME) ? (path.slice(HOME.length).split('/')[0] as string) : '';
}

function coreOf(path: string): string | null {
  return /^firmware-wasm\/cores\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function complaintAbout(path: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return `imports ${specifier}; a core has no library but dsp and abi`;
  const target = posix.normalize(posix.join(dirname(path), specifier));
  const rank = ASSEMBLY_ORDER.indexOf(layerOf(target));
  if (rank < 0) return `${specifier} leaves the cores`;
  if (rank > ASSEMBLY_ORDER.indexOf(layerOf(path))) return `${layerOf(path)} must not import ${layerOf(target)}`;
  if (coreOf(target) !== null && coreOf(target) !== coreOf(path))
    return `core ${coreOf(path)} imports core ${coreOf(target)}`;
  return null;
}

describe('AssemblyScript', () => {
  it('imports cores -> dsp -> abi, and no core from another', () => {
    expect(sources.length).toBeGreaterThan(0);
    const found = sources.flatMap((path) =>
      importsOf(path).flatMap(({ specifier, line }) => {
        const complaint = complaintAbout(path, specifier);
        return complaint === null ? [] : [`${path}:${line}: ${complaint}`];
      }),
    );
    expect(found).toEqual([]);
  });

  it('has a NOTES.md beside every core: paper, departures, ranges, known failures', () => {
    const cores = new Set(repositoryFiles().flatMap((path) => coreOf(path) ?? []));
    expect(cores.size).toBeGreaterThan(0);
    expect([...cores].filter((core) => !isThere(`${HOME}cores/${core}/NOTES.md`))).toEqual([]);
  });
});
