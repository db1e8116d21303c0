// The device's side of hello and Noise: it answers, offers only what it is ready for, and is the responder. Nothing is sent to a host
// that it does not allow.

import type { Hello, Noise } from '../generated/types.gen.ts';
import { type CryptoSuite, concatBytes, type KeyPair } from '../noise/crypto-suite.ts';
import { HandshakeState } from '../noise/handshake-state.ts';
import { PATTERNS, type PatternName } from '../noise/patterns.ts';
import type { DeviceGate } from './device-gate.ts';
import { decodeHandshakeMessage, encodeHandshakeMessage, NONCE_BYTES } from './handshake-codec.ts';
import { hintOf } from './identity.ts';
import { PATTERN_NUMBERS, patternOfNumber } from './pattern-number.ts';
import { ALLOWED_HOSTS_MAX, type Handshake, type HandshakeStep, type RandomBytes, refuse } from './session-types.ts';

export interface DeviceTrust {
  /** Public keys of the hosts that were paired (KK), at most `ALLOWED_HOSTS_MAX`. */
  readonly hosts: readonly Uint8Array[];
  /** The psk on the label (IKpsk2); null while pairing by label is off. */
  readonly psk: Uint8Array | null;
}

export interface DeviceOptions {
  readonly suite: CryptoSuite;
  readonly own: KeyPair;
  readonly trust: DeviceTrust;
  /** Shared by all sessions of the device. */
  readonly gate: DeviceGate;
  readonly random: RandomBytes;
  readonly versions: readonly number[];
  readonly capabilities: readonly number[];
}

const EMPTY = new Uint8Array(0);
const FAILURE_VERSION = 1;

export class DeviceHandshake implements Handshake {
  readonly #options: DeviceOptions;
  #version = 0;
  #capabilities: readonly number[] = [];
  #offered: readonly PatternName[] = [];
  #prologue: Uint8Array | null = null;
  #pattern: PatternName | null = null;
  #noise: HandshakeState | null = null;

  constructor(options: DeviceOptions) {
    const { length } = options.trust.hosts;
    if (length > ALLOWED_HOSTS_MAX) throw new TypeError(`${length} allowed hosts, at most ${ALLOWED_HOSTS_MAX}`);
    this.#options = options;
  }

  receive(bytes: Uint8Array, nowMs: number): HandshakeStep {
    const message = decodeHandshakeMessage(bytes);
    if (!message.ok) return refuse('protocol', message.fault.detail);
    const { value } = message;
    if (value.type === 'hello' && this.#prologue === null) return this.#receiveHello(value, bytes, nowMs);
    if (value.type === 'noise' && this.#prologue !== null) return this.#receiveNoise(value, this.#prologue);
    return refuse('protocol', `${value.type} out of place`);
  }

  #receiveHello(hello: Hello, bytes: Uint8Array, nowMs: number): HandshakeStep {
    const { suite, own, gate, random, versions, capabilities } = this.#options;
    const common = versions.filter((version) => hello.versions.includes(version));
    if (common.length === 0) {
      const failure = encodeHandshakeMessage({ type: 'failure', code: FAILURE_VERSION, detail: '' });
      return refuse('unsupported-version', hello.versions.join(' '), failure);
    }
    if (!gate.begin(this, nowMs)) return refuse('busy', 'a handshake is running on another link');
    this.#version = Math.max(...common);
    this.#capabilities = capabilities.filter((capability) => hello.capabilities.includes(capability));
    this.#offered = this.#readyFor(nowMs).filter((pattern) => hello.patterns.includes(PATTERN_NUMBERS[pattern]));
    const salt = random(NONCE_BYTES);
    const answer = encodeHandshakeMessage({
      type: 'hello-ok',
      version: this.#version,
      nonce: hello.nonce,
      salt,
      patterns: this.#offered.map((pattern) => PATTERN_NUMBERS[pattern]),
      capabilities,
      hint: hintOf(suite, own.publicKey, hello.nonce, salt),
    });
    this.#prologue = concatBytes(bytes, answer);
    return { kind: 'go-on', send: answer };
  }

  #readyFor(nowMs: number): PatternName[] {
    const { trust, gate } = this.#options;
    const ready: PatternName[] = [];
    if (gate.isPairing(nowMs)) ready.push('XX');
    if (trust.hosts.length > 0) ready.push('KK');
    if (trust.psk !== null) ready.push('IKpsk2');
    return ready;
  }

  #receiveNoise({ pattern, step, data }: Noise, prologue: Uint8Array): HandshakeStep {
    const name = patternOfNumber(pattern);
    if (name === null || !this.#offered.includes(name))
      return refuse('no-pattern', `pattern ${pattern} was not offered`);
    if (this.#noise === null) {
      if (step !== 0) return refuse('protocol', 'noise out of step');
      this.#pattern = name;
      this.#noise = this.#readFirst(name, prologue, data);
      if (this.#noise === null) return refuse(name === 'KK' ? 'unknown-peer' : 'handshake-failed', `${name} message 1`);
      return this.#answer(name, this.#noise);
    }
    if (name !== this.#pattern || step !== this.#noise.step) return refuse('protocol', 'noise out of step');
    if (this.#noise.readMessage(data)?.length !== 0) return refuse('handshake-failed', `${name} message ${step + 1}`);
    return this.#answer(name, this.#noise);
  }

  /**
   * The handshake that reads the first message, or null. KK does not say who sends it, and should not: each allowed host is tried.
   * Firmware does `es` once for all and keeps `ss` with each allowed host, so that a trial costs it no DH.
   */
  #readFirst(name: PatternName, prologue: Uint8Array, data: Uint8Array): HandshakeState | null {
    const { suite, own, trust, random } = this.#options;
    const ephemeral = suite.keyPair(random(32));
    const pattern = PATTERNS[name];
    for (const peerKey of pattern.knownInitiator ? trust.hosts : [null]) {
      const psk = pattern.hasPsk ? trust.psk : null;
      const noise = new HandshakeState({ suite, pattern, isInitiator: false, prologue, own, ephemeral, peerKey, psk });
      if (noise.readMessage(data)?.length === 0) return noise;
    }
    return null;
  }

  #answer(name: PatternName, noise: HandshakeState): HandshakeStep {
    const { step } = noise;
    const data = noise.isDone ? null : noise.writeMessage(EMPTY);
    if (data === null && !noise.isDone) return refuse('handshake-failed', `${name} message ${step + 1}`);
    const send =
      data === null ? null : encodeHandshakeMessage({ type: 'noise', pattern: PATTERN_NUMBERS[name], step, data });
    if (!noise.isDone) return { kind: 'go-on', send: send as Uint8Array };
    const keys = noise.split();
    return {
      kind: 'done',
      send,
      established: {
        version: this.#version,
        capabilities: this.#capabilities,
        pattern: name,
        peerKey: noise.peerKey as Uint8Array,
        handshakeHash: noise.handshakeHash,
        sendKey: keys.send,
        receiveKey: keys.receive,
      },
    };
  }
}
