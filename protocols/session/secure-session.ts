// One session over one link: message bytes and the time in, message bytes and events out. Both roles are the same machine around two
// different handshakes. It draws no time and no chance of its own; after `closed` it says and takes nothing.
//
//   host:   hello ─▶ handshake ─▶ ready                 after KK and IKpsk2; its `confirm` goes out at once
//                              └▶ sas ─▶ ready          after XX, when both people have said yes
//   device: hello ─▶ handshake ─▶ confirm ─▶ ready      after KK and IKpsk2: message 1 could be a recording, `confirm` cannot
//                              └▶ sas ─▶ ready

import { encodeCbor } from '../cbor/cbor.ts';
import type { Confirm, Sas } from '../generated/types.gen.ts';
import { type CryptoSuite, TAG_BYTES } from '../noise/crypto-suite.ts';
import type { Decoded } from '../wire-fault.ts';
import { ChannelCiphers } from './channel-ciphers.ts';
import type { DeviceGate } from './device-gate.ts';
import { DeviceHandshake, type DeviceOptions } from './device-handshake.ts';
import { decodeHandshakeMessage, encodeHandshakeMessage, type HandshakeMessage } from './handshake-codec.ts';
import { HostHandshake, type HostOptions } from './host-handshake.ts';
import { DeviceSas, HostSas } from './sas.ts';
import {
  BYE_EXPIRED,
  CHANNEL_COUNT,
  CLEAR_BYTES_MAX,
  type CloseCode,
  CONTROL_CHANNEL,
  type Established,
  HANDSHAKE_MS_MAX,
  type Handshake,
  type HandshakeStep,
  type Outgoing,
  type RandomBytes,
  SAS_MS_MAX,
  SEALED_BYTES_MAX,
  SESSION_MS_MAX,
  type SessionEvent,
  type SessionOutput,
  type SessionState,
} from './session-types.ts';

const BYE = 26;

interface Parts {
  readonly role: 'host' | 'device';
  readonly suite: CryptoSuite;
  readonly random: RandomBytes;
  readonly handshake: Handshake;
  readonly gate: DeviceGate | null;
}

interface Keys {
  readonly sending: ChannelCiphers;
  readonly receiving: ChannelCiphers;
}

export class SecureSession {
  readonly #parts: Parts;
  #state: SessionState = 'hello';
  #deadlineMs: number | null = null;
  #established: Established | null = null;
  #keys: Keys | null = null;
  #sas: HostSas | DeviceSas | null = null;
  #isShowingDigits = false;
  #isAcceptedHere = false;
  #isAcceptedThere = false;
  #sends: Outgoing[] = [];
  #events: SessionEvent[] = [];

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Speaks first: the output holds the hello. */
  static host(
    options: HostOptions,
    nowMs: number,
  ): { readonly session: SecureSession; readonly output: SessionOutput } {
    const handshake = new HostHandshake(options);
    const session = new SecureSession({
      role: 'host',
      suite: options.suite,
      random: options.random,
      handshake,
      gate: null,
    });
    session.#sendClear(handshake.helloBytes);
    session.#enter('handshake', nowMs + HANDSHAKE_MS_MAX);
    return { session, output: session.#output() };
  }

  static device(options: DeviceOptions): SecureSession {
    const handshake = new DeviceHandshake(options);
    const { suite, random, gate } = options;
    const session = new SecureSession({ role: 'device', suite, random, handshake, gate });
    return session;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** When `tick` must be called at the latest; null while nothing is due. */
  get deadlineMs(): number | null {
    return this.#deadlineMs;
  }

  /** One whole message from the packet layer. `nowMs` counts on a clock that never goes back. */
  receive(channel: number, bytes: Uint8Array, nowMs: number): SessionOutput {
    this.#checkTime(nowMs);
    if (this.#state === 'closed') return this.#output();
    if (this.#keys === null) this.#receiveClear(channel, bytes, nowMs);
    else this.#receiveSealed(this.#keys, channel, bytes, nowMs);
    return this.#output();
  }

  /** The sealed bytes to send on `channel`; null when the session is not ready. Messages must go out in the order they were sealed. */
  seal(channel: number, bytes: Uint8Array, nowMs: number): Uint8Array | null {
    const { length } = bytes;
    if (length > SEALED_BYTES_MAX - TAG_BYTES) throw new TypeError(`a message of ${length} bytes`);
    if (this.#state !== 'ready' || this.#keys === null || this.#isLate(nowMs)) return null;
    return this.#keys.sending.seal(channel, bytes);
  }

  /** What the person says of the digits. Without effect when they are not, or no longer, shown. */
  decideSas(isAccepted: boolean, nowMs: number): SessionOutput {
    this.#checkTime(nowMs);
    if (this.#state !== 'sas' || !this.#isShowingDigits || this.#isAcceptedHere) return this.#output();
    this.#sendSealed({ type: 'confirm', accepted: isAccepted });
    this.#isAcceptedHere = isAccepted;
    if (!isAccepted) this.#close('sas-refused', 'by the person here');
    else if (this.#isAcceptedThere) this.#becomeReady(nowMs);
    return this.#output();
  }

  tick(nowMs: number): SessionOutput {
    this.#checkTime(nowMs);
    return this.#output();
  }

  close(): SessionOutput {
    this.#close('closed-here', '');
    return this.#output();
  }

  #receiveClear(channel: number, bytes: Uint8Array, nowMs: number): void {
    if (channel !== CONTROL_CHANNEL || bytes.length > CLEAR_BYTES_MAX) {
      this.#close('protocol', `${bytes.length} bytes on channel ${channel} before the handshake`);
      return;
    }
    if (this.#state === 'hello') this.#enter('handshake', nowMs + HANDSHAKE_MS_MAX);
    this.#follow(this.#parts.handshake.receive(bytes, nowMs), nowMs);
  }

  #follow(step: HandshakeStep, nowMs: number): void {
    if (step.send !== null) this.#sendClear(step.send);
    if (step.kind === 'refused') this.#close(step.code, step.detail);
    if (step.kind === 'done') this.#establish(step.established, nowMs);
  }

  #establish(established: Established, nowMs: number): void {
    const { suite, role, random } = this.#parts;
    const { pattern, peerKey, handshakeHash, sendKey, receiveKey } = established;
    this.#established = established;
    this.#keys = { sending: new ChannelCiphers(suite, sendKey), receiving: new ChannelCiphers(suite, receiveKey) };
    this.#events.push({ kind: 'handshake', pattern, peerKey, handshakeHash });
    if (pattern === 'XX') {
      this.#enter('sas', nowMs + SAS_MS_MAX);
      this.#sas =
        role === 'host' ? new HostSas(suite, handshakeHash, random) : new DeviceSas(suite, handshakeHash, random);
      if (this.#sas instanceof DeviceSas) this.#sendSealed(this.#sas.start());
    } else if (role === 'host') {
      this.#sendSealed({ type: 'confirm', accepted: true });
      this.#becomeReady(nowMs);
    } else {
      this.#enter('confirm', nowMs + HANDSHAKE_MS_MAX);
    }
  }

  #receiveSealed(keys: Keys, channel: number, sealed: Uint8Array, nowMs: number): void {
    const isPossible = Number.isInteger(channel) && channel >= 0 && channel < CHANNEL_COUNT;
    const bytes = isPossible && sealed.length <= SEALED_BYTES_MAX ? keys.receiving.open(channel, sealed) : null;
    if (bytes === null) {
      this.#close('open-failed', `${sealed.length} bytes on channel ${channel}`);
      return;
    }
    if (this.#state === 'ready') this.#events.push({ kind: 'message', channel, bytes });
    else this.#receiveProof(channel === CONTROL_CHANNEL ? decodeHandshakeMessage(bytes) : null, nowMs);
  }

  /** Between handshake and ready only what proves who the peer is has a place. */
  #receiveProof(message: Decoded<HandshakeMessage> | null, nowMs: number): void {
    if (message?.ok && message.value.type === 'sas' && this.#sas !== null) {
      this.#receiveSas(message.value, this.#sas, nowMs);
    } else if (message?.ok && message.value.type === 'confirm') {
      this.#receiveConfirm(message.value, nowMs);
    } else {
      this.#close('protocol', 'another message before the peer was confirmed');
    }
  }

  #receiveSas(message: Sas, sas: HostSas | DeviceSas, nowMs: number): void {
    const { gate } = this.#parts;
    if (gate !== null && message.step === 1 && !this.#isShowingDigits && !gate.countReveal(nowMs)) {
      this.#close('no-pattern', 'pairing mode has ended');
      return;
    }
    const step = sas.receive(message);
    if (step.kind === 'refused') {
      this.#close(step.code, `sas step ${message.step}`);
      return;
    }
    if (step.send !== null) this.#sendSealed(step.send);
    if (step.kind !== 'digits') return;
    this.#isShowingDigits = true;
    this.#events.push({ kind: 'sas', digits: step.digits });
  }

  #receiveConfirm({ accepted: isAccepted }: Confirm, nowMs: number): void {
    if (!isAccepted) {
      this.#close('sas-refused', 'by the person there');
      return;
    }
    if (this.#state === 'confirm') {
      this.#becomeReady(nowMs);
      return;
    }
    if (!this.#isShowingDigits || this.#isAcceptedThere) {
      this.#close('protocol', 'confirm out of place');
      return;
    }
    this.#isAcceptedThere = true;
    if (this.#isAcceptedHere) this.#becomeReady(nowMs);
  }

  #becomeReady(nowMs: number): void {
    const { version, capabilities, pattern, peerKey } = this.#established as Established;
    this.#enter('ready', nowMs + SESSION_MS_MAX);
    const { gate, handshake } = this.#parts;
    gate?.end(handshake, true);
    if (pattern !== 'KK') gate?.closePairing();
    this.#events.push({ kind: 'ready', version, capabilities, pattern, peerKey });
  }

  #isLate(nowMs: number): boolean {
    return this.#deadlineMs !== null && nowMs >= this.#deadlineMs;
  }

  #checkTime(nowMs: number): void {
    if (!this.#isLate(nowMs)) return;
    if (this.#state !== 'ready') {
      this.#close('timed-out', `in state ${this.#state}`);
      return;
    }
    const bye = (this.#keys as Keys).sending.seal(CONTROL_CHANNEL, encodeCbor([BYE, BYE_EXPIRED]));
    this.#sends.push({ channel: CONTROL_CHANNEL, bytes: bye });
    this.#close('expired', 'reconnect');
  }

  #enter(state: SessionState, deadlineMs: number): void {
    this.#state = state;
    this.#deadlineMs = deadlineMs;
  }

  /** Silent towards the peer, so that nobody learns why. */
  #close(code: CloseCode, detail: string): void {
    if (this.#state === 'closed') return;
    const { gate, handshake } = this.#parts;
    if (this.#state !== 'ready' && this.#state !== 'hello' && code !== 'busy') gate?.end(handshake, false);
    this.#state = 'closed';
    this.#deadlineMs = null;
    this.#keys?.sending.forget();
    this.#keys?.receiving.forget();
    this.#events.push({ kind: 'closed', code, detail });
  }

  #sendClear(bytes: Uint8Array): void {
    this.#sends.push({ channel: CONTROL_CHANNEL, bytes });
  }

  #sendSealed(message: Sas | Confirm): void {
    const bytes = (this.#keys as Keys).sending.seal(CONTROL_CHANNEL, encodeHandshakeMessage(message));
    this.#sends.push({ channel: CONTROL_CHANNEL, bytes });
  }

  #output(): SessionOutput {
    if (this.#sends.length === 0 && this.#events.length === 0) return NOTHING;
    const output = { sends: this.#sends, events: this.#events };
    this.#sends = [];
    this.#events = [];
    return output;
  }
}

const NOTHING: SessionOutput = { sends: [], events: [] };
