// Keys: kept in a file that only its owner can read, or derived from a seed for the lab.
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { generateEd25519, type KeyPair, nodeSuite } from '@maibo/protocols';
import { MaiboError } from '../errors.ts';
import type { Entropy, Signer } from './world.ts';

const SEED_BYTES = 32;

/** The signing key in this file, made there (mode 600) when there is none. The file holds the 32-byte Ed25519 seed as hex. */
export function loadOrCreateKey(path: string, entropy: Entropy): Signer {
  return generateEd25519(loadOrCreateSeed(path, entropy));
}

/** The key pair of the link (X25519) in this file, made there (mode 600) when there is none. */
export function loadOrCreateLinkKey(path: string, entropy: Entropy): KeyPair {
  return nodeSuite.keyPair(loadOrCreateSeed(path, entropy));
}

function loadOrCreateSeed(path: string, entropy: Entropy): Uint8Array {
  createKeyFile(path, entropy);
  if ((statSync(path).mode & 0o077) !== 0) {
    const hint = 'a key that others could read proves nothing: make a new one, or `chmod 600` if you know better';
    throw new MaiboError('key-unsafe', 'others can read this key file', { where: path, hint });
  }
  const text = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new MaiboError('input-format', 'this file holds no Maibo key', {
      where: path,
      hint: 'expected 64 hexadecimal digits',
    });
  }
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** A key that anybody can derive: it shows that bytes did not change, never who made them. */
export function createLabKey(role: string, seed: number): Signer {
  return generateEd25519(new Uint8Array(createHash('sha256').update(`maibo-lab-${role}-key${seed}`).digest()));
}

/** A key pair of the link that anybody can derive: for the lab. */
export function createLabLinkKey(role: string, seed: number | string): KeyPair {
  return nodeSuite.keyPair(new Uint8Array(createHash('sha256').update(`maibo-lab-${role}-link-key${seed}`).digest()));
}

// The file appears under its name whole or not at all, and only when there is none: a start that is killed here leaves no half key, and
// two programs that start together end with one.
function createKeyFile(path: string, entropy: Entropy): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const made = `${path}.${process.pid}.new`;
  writeKey(made, entropy.bytes(SEED_BYTES));
  try {
    linkSync(made, path);
  } catch (failure) {
    if ((failure as { code?: string }).code !== 'EEXIST') throw failure;
  } finally {
    rmSync(made);
  }
}

function writeKey(path: string, seed: Uint8Array): void {
  rmSync(path, { force: true });
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${Buffer.from(seed).toString('hex')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
