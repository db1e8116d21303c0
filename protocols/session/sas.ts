// Six digits that two people can compare after XX. The device commits to its random number before it sees the host's, so nobody in
// the middle can choose numbers until the digits fit (THREATS.md, "Short authentication string").
//
//   device: commit = SHA-256("maibo sas" || r_d)  ->   host
//   device  <-  r_h                                    host
//   device: r_d                                   ->   host, which checks the commitment
//   both:   first 48 bits of HMAC-SHA-256(h, "maibo sas digits" || r_h || r_d), modulo 10^6

import type { Sas } from '../generated/types.gen.ts';
import { type CryptoSuite, concatBytes, HASH_BYTES } from '../noise/crypto-suite.ts';
import type { RandomBytes } from './session-types.ts';

export const SAS_RANDOM_BYTES = 16;
const COMMIT_LABEL = new TextEncoder().encode('maibo sas');
const DIGITS_LABEL = new TextEncoder().encode('maibo sas digits');
const DIGIT_COUNT = 6;

export type SasStep =
  | { readonly kind: 'go-on'; readonly send: Sas }
  | { readonly kind: 'digits'; readonly send: Sas | null; readonly digits: string }
  | { readonly kind: 'refused'; readonly code: 'protocol' | 'sas-mismatch' };

export function commitTo(suite: CryptoSuite, deviceRandom: Uint8Array): Uint8Array {
  return suite.sha256(concatBytes(COMMIT_LABEL, deviceRandom));
}

/** 48 bits modulo 10^6: no six digits are likelier than others by more than one part in 2 x 10^8. */
export function sasDigits(
  suite: CryptoSuite,
  handshakeHash: Uint8Array,
  hostRandom: Uint8Array,
  deviceRandom: Uint8Array,
): string {
  const mac = suite.hmacSha256(handshakeHash, concatBytes(DIGITS_LABEL, hostRandom, deviceRandom));
  let number = 0;
  for (const byte of mac.subarray(0, 6)) number = number * 256 + byte;
  return String(number % 10 ** DIGIT_COUNT).padStart(DIGIT_COUNT, '0');
}

export class DeviceSas {
  readonly #suite: CryptoSuite;
  readonly #handshakeHash: Uint8Array;
  readonly #random: Uint8Array;
  #isRevealed = false;

  constructor(suite: CryptoSuite, handshakeHash: Uint8Array, random: RandomBytes) {
    this.#suite = suite;
    this.#handshakeHash = handshakeHash;
    this.#random = random(SAS_RANDOM_BYTES);
  }

  start(): Sas {
    return { type: 'sas', step: 0, data: commitTo(this.#suite, this.#random) };
  }

  receive({ step, data }: Sas): SasStep {
    if (this.#isRevealed || step !== 1 || data.length !== SAS_RANDOM_BYTES)
      return { kind: 'refused', code: 'protocol' };
    this.#isRevealed = true;
    const digits = sasDigits(this.#suite, this.#handshakeHash, data, this.#random);
    return { kind: 'digits', send: { type: 'sas', step: 2, data: this.#random }, digits };
  }
}

export class HostSas {
  readonly #suite: CryptoSuite;
  readonly #handshakeHash: Uint8Array;
  readonly #random: Uint8Array;
  #commit: Uint8Array | null = null;
  #isDone = false;

  constructor(suite: CryptoSuite, handshakeHash: Uint8Array, random: RandomBytes) {
    this.#suite = suite;
    this.#handshakeHash = handshakeHash;
    this.#random = random(SAS_RANDOM_BYTES);
  }

  receive({ step, data }: Sas): SasStep {
    if (this.#commit === null) {
      if (step !== 0 || data.length !== HASH_BYTES) return { kind: 'refused', code: 'protocol' };
      this.#commit = data;
      return { kind: 'go-on', send: { type: 'sas', step: 1, data: this.#random } };
    }
    if (this.#isDone || step !== 2 || data.length !== SAS_RANDOM_BYTES) return { kind: 'refused', code: 'protocol' };
    this.#isDone = true;
    if (!this.#suite.isEqual(commitTo(this.#suite, data), this.#commit))
      return { kind: 'refused', code: 'sas-mismatch' };
    return { kind: 'digits', send: null, digits: sasDigits(this.#suite, this.#handshakeHash, this.#random, data) };
  }
}
