// For tests of what stands on the fetched cryptography (fetch-crypto.mjs): whether it can be had, and programs with it.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compileTest, isSkipped, LINK_C, makeFolder, SANITIZERS } from './c.testkit.ts';
import { fetchCrypto } from './fetch-crypto.mjs';

const TEXT = { encoding: 'utf8' } as const;

/** Ours on top of the libraries: all that ml_session needs. */
export const SESSION_SOURCES = [
  'ml_crypto.c',
  'ml_sodium.c',
  'ml_noise.c',
  'ml_channel.c',
  'ml_gate.c',
  'ml_hello.c',
  'ml_session.c',
  'ml_session_hello.c',
  'ml_session_proof.c',
].concat(['ml_cbor.c', 'ml_cbor_check.c', 'ml_cbor_text.c', 'ml_cbor_write.c']);

/** Like isSkipped; also when the libraries cannot be fetched, and then says why. With MAIBO_REQUIRE_ALL=1 that fails. */
export function isCryptoSkipped(...programs: string[]): boolean {
  if (isSkipped(...programs)) return true;
  try {
    fetchCrypto();
    return false;
  } catch (error) {
    if (process.env.MAIBO_REQUIRE_ALL === '1') throw error;
    console.warn(`skipped: ${error instanceof Error ? error.message : error}`);
    return true;
  }
}

/**
 * The libraries' object files, compiled as they like it. With the sanitizers that takes a compiler a dozen seconds, so they are kept
 * beside the sources, under the hash of all that they depend on.
 */
export function compileCrypto(compiler = 'gcc', flags: readonly string[] = SANITIZERS): string[] {
  const { sources, includes, defines } = fetchCrypto();
  const args = ['-std=c99', ...flags, ...defines, ...includes.map((path) => `-I${path}`)];
  const hash = createHash('sha256').update(JSON.stringify([spawnSync(compiler, ['--version'], TEXT).stdout, args]));
  for (const source of sources) hash.update(readFileSync(source));
  const folder = join(LINK_C, '.crypto', 'objects', hash.digest('hex').slice(0, 16));
  mkdirSync(folder, { recursive: true });
  return sources.map((source) => {
    const object = join(folder, `${basename(source, '.c')}.o`);
    if (!existsSync(object)) compileObject(compiler, [...args, '-c', source], object);
    return object;
  });
}

/** Under another name, then renamed: tests of other files may look for it meanwhile. */
function compileObject(compiler: string, args: readonly string[], object: string): void {
  const unfinished = join(makeFolder(), basename(object));
  const done = spawnSync(compiler, [...args, '-o', unfinished], TEXT);
  if (done.status !== 0) throw new Error(`${compiler} ended with ${done.status ?? done.error}:\n${done.stderr}`);
  copyFileSync(unfinished, `${object}.${process.pid}`);
  renameSync(`${object}.${process.pid}`, object);
}

/** What ml_crypto.c needs to see. */
export function cryptoIncludes(): string[] {
  return fetchCrypto().includes.map((path) => `-I${path}`);
}

/** compileTest with the libraries linked. */
export function compileWithCrypto(name: string, sources: readonly string[], flags: readonly string[] = []): string {
  return compileTest(name, [...sources, ...compileCrypto()], [...cryptoIncludes(), ...flags]);
}
