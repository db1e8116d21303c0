// The platform's signing key: from a file only its owner can read, or derived from a seed in the lab.
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { type Ed25519Signer, generateEd25519 } from '@maibo/protocols';

const KEY_FILE = /^([0-9a-f]{64})\n?$/;

/** The same seed gives the same key, so anyone can sign with it: for the lab, where a run is a function of its seed. */
export function createLabPlatformKey(seed: number): Ed25519Signer {
  return generateEd25519(new Uint8Array(createHash('sha256').update(`maibo-lab-platform-key${seed}`).digest()));
}

/** Reads the key, or makes one when there is no such file. Throws when others could have read it. */
export function loadPlatformKey(path: string): Ed25519Signer {
  try {
    createKeyFile(path);
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
  }
  if ((statSync(path).mode & 0o077) !== 0)
    throw new Error(`${path} can be read by others: chmod 600 it, or make a new key`);
  const seedHex = KEY_FILE.exec(readFileSync(path, 'latin1'))?.[1];
  if (seedHex === undefined) throw new Error(`${path} is no key file: expected 64 hexadecimal digits`);
  return generateEd25519(new Uint8Array(Buffer.from(seedHex, 'hex')));
}

function createKeyFile(path: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${randomBytes(32).toString('hex')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
