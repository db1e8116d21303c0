// The host's side of hello and Noise: it speaks first, chooses the pattern from what it knows of the device, and is the initiator.

import type { Hello, HelloOk, Noise } from '../generated/types.gen.ts';
import { type CryptoSuite, concatBytes, type KeyPair } from '../noise/crypto-suite.ts';
import { HandshakeState } from '../noise/handshake-state.ts';
import { PATTERNS, type PatternName } from '../noise/patterns.ts';
import { decodeHandshakeMessage, encodeHandshakeMessage, NONCE_BYTES } from './handshake-codec.ts';
import { hintOf } from './identity.ts';
import { PATTERN_NUMBERS } from './pattern-number.ts';
import { type Handshake, type HandshakeStep, type RandomBytes, refuse } from './session-types.ts';

/** What the host knows of the device it wants. At least one way must be given. */
export interface HostTrust {
  /** Public keys of devices that were paired before (KK). */
  readonly devices: readonly Uint8Array[];
  /** From the label of a new device (IKpsk2). */
  readonly label: { readonly publicKey: Uint8Array; readonly psk: Uint8Array } | null;
  /** A person is there to compare six digits with an unknown device (XX). */
  readonly isPairing: boolean;
}

export interface HostOptions {
  readonly suite: CryptoSuite;
  readonly own: KeyPair;
  readonly trust: HostTrust;
  readonly random: RandomBytes;
  readonly versions: readonly number[];
  readonly capabilities: readonly number[];
}

interface Choice {
  readonly pattern: PatternName;
  readonly peerKey: Uint8Array | null;
  readonly psk: Uint8Array | null;
}

const EMPTY = new Uint8Array(0);

export class HostHandshake implements Handshake {
  readonly #options: HostOptions;
  readonly #hello: Hello;
  /** The bytes as sent: they are hashed, not what they mean. */
  readonly helloBytes: Uint8Array;
  #agreed: HelloOk | null = null;
  #pattern: PatternName = 'XX';
  #noise: HandshakeState | null = null;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#hello = {
      type: 'hello',
      versions: options.versions,
      nonce: options.random(NONCE_BYTES),
      patterns: offeredBy(options.trust),
      capabilities: options.capabilities,
    };
    this.helloBytes = encodeHandshakeMessage(this.#hello);
  }

  receive(bytes: Uint8Array): HandshakeStep {
    const message = decodeHandshakeMessage(bytes);
    if (!message.ok) return refuse('protocol', message.fault.detail);
    const { value } = message;
    if (value.type === 'failure' && this.#noise === null) return refuse('unsupported-version', `failure ${value.code}`);
    if (value.type === 'hello-ok' && this.#noise === null) return this.#receiveHelloOk(value, bytes);
    if (value.type === 'noise' && this.#noise !== null) return this.#receiveNoise(value, this.#noise);
    return refuse('protocol', `${value.type} out of place`);
  }

  #receiveHelloOk(answer: HelloOk, bytes: Uint8Array): HandshakeStep {
    const { suite, own, random } = this.#options;
    if (!suite.isEqual(answer.nonce, this.#hello.nonce)) return refuse('protocol', 'hello-ok to another hello');
    if (!this.#hello.versions.includes(answer.version)) return refuse('unsupported-version', `${answer.version}`);
    const choice = this.#choose(answer);
    if (typeof choice === 'string') return refuse(choice, 'nothing known of this device fits');
    this.#agreed = answer;
    this.#pattern = choice.pattern;
    this.#noise = new HandshakeState({
      suite,
      pattern: PATTERNS[choice.pattern],
      isInitiator: true,
      prologue: concatBytes(this.helloBytes, bytes),
      own,
      ephemeral: suite.keyPair(random(32)),
      peerKey: choice.peerKey,
      psk: choice.psk,
    });
    const send = this.#writeNoise(this.#noise);
    return send === null ? refuse('handshake-failed', 'the known key is of low order') : { kind: 'go-on', send };
  }

  /** The strongest way that both sides can go. */
  #choose(answer: HelloOk): Choice | 'unknown-device' | 'no-pattern' {
    const { suite, trust } = this.#options;
    const isIt = (key: Uint8Array) => suite.isEqual(hintOf(suite, key, answer.nonce, answer.salt), answer.hint);
    const offers = (pattern: PatternName) => answer.patterns.includes(PATTERN_NUMBERS[pattern]);
    const known = trust.devices.find(isIt);
    if (known !== undefined && offers('KK')) return { pattern: 'KK', peerKey: known, psk: null };
    const label = trust.label !== null && isIt(trust.label.publicKey) ? trust.label : null;
    if (label !== null && offers('IKpsk2')) return { pattern: 'IKpsk2', peerKey: label.publicKey, psk: label.psk };
    if (trust.isPairing && offers('XX')) return { pattern: 'XX', peerKey: null, psk: null };
    return known === undefined && label === null && !trust.isPairing ? 'unknown-device' : 'no-pattern';
  }

  #receiveNoise({ pattern, step, data }: Noise, noise: HandshakeState): HandshakeStep {
    if (pattern !== PATTERN_NUMBERS[this.#pattern] || step !== noise.step)
      return refuse('protocol', 'noise out of step');
    if (noise.readMessage(data)?.length !== 0)
      return refuse('handshake-failed', `${this.#pattern} message ${step + 1}`);
    const send = noise.isDone ? null : this.#writeNoise(noise);
    if (!noise.isDone) return refuse('handshake-failed', `${this.#pattern} message ${step + 2}`);
    const { version, capabilities } = this.#agreed as HelloOk;
    const keys = noise.split();
    return {
      kind: 'done',
      send,
      established: {
        version,
        capabilities: this.#options.capabilities.filter((capability) => capabilities.includes(capability)),
        pattern: this.#pattern,
        peerKey: noise.peerKey as Uint8Array,
        handshakeHash: noise.handshakeHash,
        sendKey: keys.send,
        receiveKey: keys.receive,
      },
    };
  }

  #writeNoise(noise: HandshakeState): Uint8Array | null {
    const { step } = noise;
    const data = noise.writeMessage(EMPTY);
    if (data === null) return null;
    return encodeHandshakeMessage({ type: 'noise', pattern: PATTERN_NUMBERS[this.#pattern], step, data });
  }
}

function offeredBy(trust: HostTrust): number[] {
  const patterns: number[] = [];
  if (trust.isPairing) patterns.push(PATTERN_NUMBERS.XX);
  if (trust.devices.length > 0) patterns.push(PATTERN_NUMBERS.KK);
  if (trust.label !== null) patterns.push(PATTERN_NUMBERS.IKpsk2);
  if (patterns.length === 0) throw new TypeError('a host without any way to trust a device');
  return patterns;
}
