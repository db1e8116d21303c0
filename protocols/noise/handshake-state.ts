// HandshakeState (Noise rev 34, 5.3) for the patterns in patterns.ts. The ephemeral key comes in from outside: nothing here draws
// random numbers. A message that cannot be read gives null and ends the handshake: every later call gives null as well.

import { assertBytes, type CryptoSuite, concatBytes, KEY_BYTES, type KeyPair, TAG_BYTES } from './crypto-suite.ts';
import type { Pattern, Token } from './patterns.ts';
import { SymmetricState } from './symmetric-state.ts';

export interface HandshakeSetup {
  readonly suite: CryptoSuite;
  readonly pattern: Pattern;
  readonly isInitiator: boolean;
  /** What both sides must have seen alike before. */
  readonly prologue: Uint8Array;
  readonly own: KeyPair;
  /** Made from fresh random bytes, used for this handshake only. */
  readonly ephemeral: KeyPair;
  /** The other's static key where the pattern asks for it to be known; null otherwise. */
  readonly peerKey: Uint8Array | null;
  /** 32 bytes for IKpsk2; null otherwise. */
  readonly psk: Uint8Array | null;
}

export interface SplitKeys {
  readonly send: Uint8Array;
  readonly receive: Uint8Array;
}

export class HandshakeState {
  readonly #setup: HandshakeSetup;
  readonly #symmetric: SymmetricState;
  #peerKey: Uint8Array | null;
  #peerEphemeral: Uint8Array | null = null;
  #step = 0;
  #hasFailed = false;

  constructor(setup: HandshakeSetup) {
    assertSetup(setup);
    const { pattern, isInitiator, own, peerKey } = setup;
    this.#setup = setup;
    this.#peerKey = peerKey;
    this.#symmetric = new SymmetricState(setup.suite, pattern.protocolName);
    this.#symmetric.mixHash(setup.prologue);
    const initiatorKey = isInitiator ? own.publicKey : peerKey;
    const responderKey = isInitiator ? peerKey : own.publicKey;
    if (pattern.knownInitiator) this.#symmetric.mixHash(initiatorKey as Uint8Array);
    if (pattern.knownResponder) this.#symmetric.mixHash(responderKey as Uint8Array);
  }

  get isDone(): boolean {
    return !this.#hasFailed && this.#step === this.#setup.pattern.messages.length;
  }

  /** Whether the next message is ours to write. */
  get isOurTurn(): boolean {
    return !this.#hasFailed && !this.isDone && (this.#step % 2 === 0) === this.#setup.isInitiator;
  }

  /** Number of the next message, from 0. */
  get step(): number {
    return this.#step;
  }

  /** The other's static key, as soon as it is known. Only after the last message it is known to be theirs. */
  get peerKey(): Uint8Array | null {
    return this.#peerKey;
  }

  get handshakeHash(): Uint8Array {
    return this.#symmetric.handshakeHash;
  }

  /** Null when a key of the other side turns out to be of low order. */
  writeMessage(payload: Uint8Array): Uint8Array | null {
    if (!this.isOurTurn) return null;
    const parts: Uint8Array[] = [];
    for (const token of this.#tokens()) {
      const part = this.#write(token);
      if (part === null) return this.#fail();
      parts.push(part);
    }
    parts.push(this.#symmetric.encryptAndHash(payload));
    this.#step += 1;
    return concatBytes(...parts);
  }

  /** The payload, or null when the message is not what a peer with the right keys and the same prologue would have sent. */
  readMessage(message: Uint8Array): Uint8Array | null {
    if (this.isOurTurn || this.isDone || this.#hasFailed) return null;
    let rest = message;
    for (const token of this.#tokens()) {
      const left = this.#read(token, rest);
      if (left === null) return this.#fail();
      rest = left;
    }
    const payload = this.#symmetric.decryptAndHash(rest);
    if (payload === null) return this.#fail();
    this.#step += 1;
    return payload;
  }

  /** The two transport keys, once. */
  split(): SplitKeys {
    if (!this.isDone) throw new Error('the handshake is not done');
    const [first, second] = this.#symmetric.split();
    return this.#setup.isInitiator ? { send: first, receive: second } : { send: second, receive: first };
  }

  #tokens(): readonly Token[] {
    return this.#setup.pattern.messages[this.#step] ?? [];
  }

  #write(token: Token): Uint8Array | null {
    if (token === 'e') {
      this.#mixEphemeral(this.#setup.ephemeral.publicKey);
      return this.#setup.ephemeral.publicKey;
    }
    if (token === 's') return this.#symmetric.encryptAndHash(this.#setup.own.publicKey);
    return this.#mixSecret(token) ? new Uint8Array(0) : null;
  }

  /** What is left of the message behind the token. */
  #read(token: Token, message: Uint8Array): Uint8Array | null {
    if (token === 'e') {
      if (message.length < KEY_BYTES) return null;
      this.#peerEphemeral = message.slice(0, KEY_BYTES);
      this.#mixEphemeral(this.#peerEphemeral);
      return message.subarray(KEY_BYTES);
    }
    if (token === 's') {
      // In all our patterns a DH comes before the first `s`, so it is always sealed.
      const size = KEY_BYTES + TAG_BYTES;
      if (message.length < size) return null;
      this.#peerKey = this.#symmetric.decryptAndHash(message.subarray(0, size));
      return this.#peerKey === null ? null : message.subarray(size);
    }
    return this.#mixSecret(token) ? message : null;
  }

  /** Noise 9.2: with a pre-shared key the ephemeral also goes into the chaining key. */
  #mixEphemeral(publicKey: Uint8Array): void {
    this.#symmetric.mixHash(publicKey);
    if (this.#setup.pattern.hasPsk) this.#symmetric.mixKey(publicKey);
  }

  #mixSecret(token: Exclude<Token, 'e' | 's'>): boolean {
    if (token === 'psk') {
      this.#symmetric.mixKeyAndHash(this.#setup.psk as Uint8Array);
      return true;
    }
    // The first letter is the initiator's key, the second the responder's.
    const [ours, theirs] = this.#setup.isInitiator ? [token[0], token[1]] : [token[1], token[0]];
    const { suite, own, ephemeral } = this.#setup;
    const peer = theirs === 's' ? this.#peerKey : this.#peerEphemeral;
    const secret = suite.dh(ours === 's' ? own : ephemeral, peer as Uint8Array);
    if (secret === null) return false;
    this.#symmetric.mixKey(secret);
    return true;
  }

  #fail(): null {
    this.#hasFailed = true;
    return null;
  }
}

function assertSetup({ pattern, isInitiator, peerKey, psk }: HandshakeSetup): void {
  const needsPeer = isInitiator ? pattern.knownResponder : pattern.knownInitiator;
  if (needsPeer !== (peerKey !== null))
    throw new TypeError(`${pattern.name}: the peer's key must be ${needsPeer ? 'given' : 'null'}`);
  if (pattern.hasPsk !== (psk !== null))
    throw new TypeError(`${pattern.name}: the psk must be ${pattern.hasPsk ? 'given' : 'null'}`);
  if (peerKey !== null) assertBytes("the peer's key", peerKey, KEY_BYTES);
  if (psk !== null) assertBytes('psk', psk, KEY_BYTES);
}
