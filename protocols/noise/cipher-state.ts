// CipherState (Noise rev 34, 5.1): a key and the number of the next message under it.

import { assertBytes, type CryptoSuite, KEY_BYTES, NONCE_BYTES } from './crypto-suite.ts';

const NOTHING = new Uint8Array(0);
/** Noise 4.2 default REKEY: the first 32 bytes of 32 zeros sealed under the nonce 2^64-1, which no message ever uses. */
const REKEY_NONCE = Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255);
const REKEY_PLAIN = new Uint8Array(KEY_BYTES);

export class CipherState {
  readonly #suite: CryptoSuite;
  #key: Uint8Array;
  #messageCount = 0;

  constructor(suite: CryptoSuite, key: Uint8Array) {
    assertBytes('cipher key', key, KEY_BYTES);
    this.#suite = suite;
    this.#key = key;
  }

  /** Messages sealed or opened so far: the nonce of the next one. */
  get messageCount(): number {
    return this.#messageCount;
  }

  encryptWithAd(additional: Uint8Array, plain: Uint8Array): Uint8Array {
    const sealed = this.#suite.seal(this.#key, nonceOf(this.#messageCount), additional, plain);
    this.#messageCount += 1;
    return sealed;
  }

  /** Null when it does not open; the count then stays, as Noise asks. */
  decryptWithAd(additional: Uint8Array, sealed: Uint8Array): Uint8Array | null {
    const plain = this.#suite.open(this.#key, nonceOf(this.#messageCount), additional, sealed);
    if (plain !== null) this.#messageCount += 1;
    return plain;
  }

  /** A new key from the old one, which is overwritten: who takes the device later cannot open what was sent before. */
  rekey(): void {
    const next = this.#suite.seal(this.#key, REKEY_NONCE, NOTHING, REKEY_PLAIN).slice(0, KEY_BYTES);
    this.forget();
    this.#key = next;
  }

  forget(): void {
    this.#key.fill(0);
  }
}

/** 32 bits of zeros, then the count as 64 bits little endian (Noise 12.3). */
function nonceOf(messageCount: number): Uint8Array {
  if (!Number.isSafeInteger(messageCount)) throw new RangeError('this key has sealed 2^53 messages');
  const nonce = new Uint8Array(NONCE_BYTES);
  let rest = messageCount;
  for (let at = 4; rest > 0; at++) {
    nonce[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return nonce;
}
