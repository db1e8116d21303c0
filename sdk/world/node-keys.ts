// Signing keys: kept in a file that only its owner can read, or derived from a seed for the lab.
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { generateEd25519 } from '@maibo/protocols';
import { MaiboError } from '../errors.ts';
import type { Entropy, Signer } from './world.ts';

const SEED_BYTES = 32;

/** The key in this file, made there when the file is new (mode 600). The file holds the 32-byte Ed25519 seed as hex. */
export function loadOrCreateKey(path: string, entropy: Entropy): Signer {
  if (!existsSync(path)) writeKey(path, entropy.bytes(SEED_BYTES));
  // A key that came by copy may have lost its mode.
  chmodSync(path, 0o600);
  const text = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new MaiboError('input-format', 'this file holds no Maibo key', { where: path, hint: 'expected 64 hexadecimal digits' });
  }
  return generateEd25519(new Uint8Array(Buffer.from(text, 'hex')));
}

/** A key that anybody can derive: it shows that bytes did not change, never who made them. */
export function createLabKey(role: string, seed: number): Signer {
  return generateEd25519(new Uint8Array(createHash('sha256').update(`maibo-lab-${role}-key${seed}`).digest()));
}

function writeKey(path: string, seed: Uint8Array): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${Buffer.from(seed).toString('hex')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
