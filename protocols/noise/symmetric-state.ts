// SymmetricState (Noise rev 34, 5.2): the chaining key and the hash of everything both sides have seen.

import { CipherState } from './cipher-state.ts';
import { type CryptoSuite, concatBytes, HASH_BYTES } from './crypto-suite.ts';
import { hkdf } from './hkdf.ts';

export class SymmetricState {
  readonly #suite: CryptoSuite;
  #chainingKey: Uint8Array;
  #hash: Uint8Array;
  #cipher: CipherState | null = null;

  constructor(suite: CryptoSuite, protocolName: string) {
    this.#suite = suite;
    const name = new TextEncoder().encode(protocolName);
    this.#hash =
      name.length <= HASH_BYTES ? concatBytes(name, new Uint8Array(HASH_BYTES - name.length)) : suite.sha256(name);
    this.#chainingKey = this.#hash;
  }

  get handshakeHash(): Uint8Array {
    return this.#hash.slice();
  }

  mixKey(material: Uint8Array): void {
    const [chainingKey, key] = hkdf(this.#suite, this.#chainingKey, material, 2) as [Uint8Array, Uint8Array];
    this.#chainingKey = chainingKey;
    this.#cipher = new CipherState(this.#suite, key);
  }

  mixHash(bytes: Uint8Array): void {
    this.#hash = this.#suite.sha256(concatBytes(this.#hash, bytes));
  }

  mixKeyAndHash(material: Uint8Array): void {
    const [chainingKey, toHash, key] = hkdf(this.#suite, this.#chainingKey, material, 3) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    this.#chainingKey = chainingKey;
    this.mixHash(toHash);
    this.#cipher = new CipherState(this.#suite, key);
  }

  encryptAndHash(plain: Uint8Array): Uint8Array {
    const sealed = this.#cipher === null ? plain : this.#cipher.encryptWithAd(this.#hash, plain);
    this.mixHash(sealed);
    return sealed;
  }

  /** Null when it does not open. */
  decryptAndHash(sealed: Uint8Array): Uint8Array | null {
    const plain = this.#cipher === null ? sealed : this.#cipher.decryptWithAd(this.#hash, sealed);
    if (plain !== null) this.mixHash(sealed);
    return plain;
  }

  /** The keys of the two directions, initiator to responder first. The chaining key is overwritten. */
  split(): [Uint8Array, Uint8Array] {
    const keys = hkdf(this.#suite, this.#chainingKey, new Uint8Array(0), 2) as [Uint8Array, Uint8Array];
    this.#chainingKey.fill(0);
    return keys;
  }
}
