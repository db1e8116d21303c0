// A device in C for tests: its gate and two sessions, played by test/session.c, and the wire to a TypeScript host.

import { nodeSuite } from '../noise/node-suite.ts';
import type { PatternName } from '../noise/patterns.ts';
import { ChannelCiphers } from '../session/channel-ciphers.ts';
import { HostHandshake } from '../session/host-handshake.ts';
import { SecureSession } from '../session/secure-session.ts';
import type { HandshakeStep, Outgoing, SessionEvent, SessionOutput } from '../session/session-types.ts';
import {
  DEVICE,
  HOST,
  hostOptions,
  PSK,
  randomOf,
  type Side,
  STRANGER,
  type Wish,
} from '../session/sessions.testkit.ts';
import { Dialogue } from './c.testkit.ts';
import { compileWithCrypto, SESSION_SOURCES } from './crypto.testkit.ts';

export const STATES = ['hello', 'handshake', 'sas', 'confirm', 'ready', 'ending', 'closed'] as const;
export const LABEL = { off: 0, inPairing: 1, always: 2 } as const;
/** What ends a session, as in ml_status.h. */
export const REASONS: Readonly<Record<number, string>> = {
  0: '',
  [-12]: 'full',
  [-14]: 'no-random',
  [-40]: 'low-order',
  [-41]: 'not-opened',
  [-43]: 'busy',
  [-44]: 'not-pairing',
  [-45]: 'no-version',
  [-46]: 'no-pattern',
  [-47]: 'unknown-host',
  [-48]: 'handshake-failed',
  [-49]: 'out-of-place',
  [-50]: 'sas-refused',
  [-51]: 'timed-out',
  [-52]: 'expired',
  [-53]: 'ended-here',
  [-80]: 'flash-failed',
};
const MESSAGE = 1;
const GIVE_BYTES = 128;

export interface DeviceSetup {
  readonly secret?: Uint8Array;
  readonly psk?: Uint8Array;
  readonly label?: number;
  readonly hosts?: readonly Uint8Array[];
  readonly draws?: Uint8Array;
  readonly isPairing?: boolean;
  readonly nowMs?: number;
}

export interface CState {
  readonly state: (typeof STATES)[number];
  readonly reason: string;
  readonly pattern: number;
  readonly isReady: boolean;
  readonly waitMs: number;
  readonly peer: Uint8Array;
  readonly digits: string;
}

export class CDevice {
  readonly program: Dialogue;

  constructor(program = new Dialogue(compileWithCrypto('session', ['test/session.c', ...SESSION_SOURCES]))) {
    this.program = program;
  }

  /** A device that has just been switched on. */
  start({
    secret = DEVICE.secretKey,
    psk = PSK,
    label = LABEL.off,
    hosts = [],
    draws,
    isPairing = false,
    nowMs = 0,
  }: DeviceSetup = {}): number {
    this.program.ask('Z');
    this.program.ask('I', secret, psk, label);
    for (const host of hosts) this.program.ask('a', host);
    this.program.ask('G');
    const status = this.program.i32();
    if (draws !== undefined) this.program.ask('Y', draws);
    if (isPairing) this.openPairing(nowMs);
    return status;
  }

  openPairing(nowMs: number): number {
    return this.#status('P', clock(nowMs));
  }

  isPairing(nowMs: number): boolean {
    return this.#status('p', clock(nowMs)) === 1;
  }

  spoil(what: 'r' | 'w' | 'e' | 'y', fails: boolean): void {
    this.program.ask('J', what.charCodeAt(0), fails ? 1 : 0);
  }

  removeHost(place: number): number {
    return this.#status('D', place);
  }

  get counts() {
    this.program.ask('C');
    const [started, completed, failedInRow, storeFaults, reveals, hostCount] = Array.from({ length: 6 }, () =>
      this.program.u32(),
    ) as [number, number, number, number, number, number];
    return { started, completed, failedInRow, storeFaults, reveals, hostCount };
  }

  /** The keys that the firmware keeps. */
  get stored(): Uint8Array[] {
    this.program.ask('K');
    return Array.from({ length: 8 }, () => this.program.bytes().slice()).filter(({ length }) => length > 0);
  }

  begin(capabilities: readonly number[] = [2, 3, 7], nowMs = 0, n = 0): number {
    return this.#status('B', n, clock(nowMs), capabilities.length, ...capabilities);
  }

  /** Whether something was delivered, and what; or why it is over. */
  take(channel: number, bytes: Uint8Array, nowMs = 0, n = 0): Uint8Array | string | null {
    this.program.ask('T', n, clock(nowMs), channel, bytes);
    const status = this.program.i32();
    const plain = this.program.bytes().slice();
    if (status === MESSAGE) return plain;
    return status === 0 ? null : (REASONS[status] ?? `status ${status}`);
  }

  /** The next thing the session says itself, or null; a negative status where it answers one. */
  giveOne(nowMs = 0, n = 0, room = GIVE_BYTES): Outgoing | number | null {
    this.program.ask('V', n, clock(nowMs), room);
    const status = this.program.i32();
    const channel = this.program.u32();
    const bytes = this.program.bytes().slice();
    if (status > 0) return { channel, bytes };
    return status === 0 ? null : status;
  }

  give(nowMs = 0, n = 0): Outgoing[] {
    const given: Outgoing[] = [];
    for (let next = this.giveOne(nowMs, n); next !== null && typeof next !== 'number'; next = this.giveOne(nowMs, n))
      given.push(next);
    return given;
  }

  /** The sealed bytes, or the negative status. */
  seal(channel: number, bytes: Uint8Array, n = 0, room = bytes.length + 16): Uint8Array | number {
    this.program.ask('E', n, channel, room, bytes);
    const status = this.program.i32();
    const sealed = this.program.bytes().slice();
    return status < 0 ? status : sealed;
  }

  answer(isSame: boolean, nowMs = 0, n = 0): void {
    this.program.ask('N', n, clock(nowMs), isSame ? 1 : 0);
  }

  end(nowMs = 0, n = 0): void {
    this.program.ask('F', n, clock(nowMs));
  }

  has(capability: number, n = 0): boolean {
    return this.#status('c', n, capability) === 1;
  }

  state(nowMs = 0, n = 0): CState {
    this.program.ask('S', n, clock(nowMs));
    const state = STATES[this.program.u32()]!;
    const reason = REASONS[this.program.i32()] ?? 'an unknown reason';
    const [pattern, isReady, waitMs] = [this.program.u32(), this.program.u32() === 1, this.program.u32()];
    const [peer, digits] = [this.program.bytes().slice(), Buffer.from(this.program.bytes()).toString()];
    return { state, reason, pattern, isReady, waitMs, peer, digits };
  }

  memory(n = 0): Buffer {
    this.program.ask('M', n);
    return Buffer.from(this.program.bytes());
  }

  channelKey(directionKey: Uint8Array, channel: number): Uint8Array {
    this.program.ask('L', directionKey, channel);
    return this.program.bytes().slice();
  }

  #status(command: string, ...parts: (number | Uint8Array)[]): number {
    this.program.ask(command, ...parts);
    return this.program.i32();
  }
}

/** As a device's counter shows it: it wraps. */
function clock(nowMs: number): number {
  return nowMs % 2 ** 32;
}

/** What a test may do to a message on its way; null loses it. */
export type Tamper = (message: Outgoing, from: Side, index: number) => Outgoing | null;

export interface MeetingSetup {
  readonly wish?: Wish;
  readonly device?: DeviceSetup;
  readonly capabilities?: readonly number[];
  readonly nowMs?: number;
  readonly tamper?: Tamper;
  /** The device goes on as it is, instead of being switched on anew. */
  readonly isGoingOn?: boolean;
  readonly n?: number;
}

/** The device's side of `deviceOptions` in sessions.testkit.ts. */
export function deviceSetup(pattern: PatternName, seed = '', nowMs = 0): DeviceSetup {
  return {
    label: pattern === 'IKpsk2' ? LABEL.always : LABEL.off,
    hosts: pattern === 'KK' ? [STRANGER.publicKey, HOST.publicKey] : [],
    draws: drawsOf(`device ${seed}`),
    isPairing: pattern === 'XX',
    nowMs,
  };
}

/** Salt, ephemeral and number for the digits, as `randomOf` gives them one after the other. */
export function drawsOf(seed: string): Uint8Array {
  const random = randomOf(seed);
  return Buffer.concat([random(8), random(32), random(16)]);
}

/** A TypeScript host and the device in C. Everything that is sent is carried at once, in order. */
export class CMeeting {
  readonly device: CDevice;
  readonly host: SecureSession;
  readonly hostEvents: SessionEvent[] = [];
  readonly delivered: Outgoing[] = [];
  readonly sent: Record<Side, Outgoing[]> = { host: [], device: [] };
  readonly n: number;
  readonly #tamper: Tamper;
  nowMs: number;

  constructor(device: CDevice, pattern: PatternName, setup: MeetingSetup = {}) {
    const { wish = {}, nowMs = 0, tamper = (message: Outgoing) => message, n = 0 } = setup;
    this.device = device;
    this.n = n;
    this.nowMs = nowMs;
    this.#tamper = tamper;
    if (setup.isGoingOn !== true) device.start({ ...deviceSetup(pattern, wish.seed, nowMs), ...setup.device });
    device.begin(setup.capabilities, nowMs, n);
    const { session, output } = SecureSession.host(hostOptions(pattern, wish), nowMs);
    this.host = session;
    this.carryFromHost(output);
  }

  carryFromHost({ sends, events }: SessionOutput): void {
    this.hostEvents.push(...events);
    for (const message of sends) this.#carry('host', message);
  }

  /** What the device wants to say by itself. */
  carryFromDevice(): void {
    for (const message of this.device.give(this.nowMs, this.n)) this.#carry('device', message);
  }

  accept(): void {
    this.device.answer(true, this.nowMs, this.n);
    this.carryFromDevice();
    this.carryFromHost(this.host.decideSas(true, this.nowMs));
  }

  get state(): CState {
    return this.device.state(this.nowMs, this.n);
  }

  get isReady(): boolean {
    return this.host.state === 'ready' && this.state.isReady;
  }

  find<Kind extends SessionEvent['kind']>(kind: Kind): Extract<SessionEvent, { kind: Kind }> | undefined {
    return this.hostEvents.find((event) => event.kind === kind) as Extract<SessionEvent, { kind: Kind }> | undefined;
  }

  #carry(from: Side, message: Outgoing): void {
    this.sent[from].push(message);
    const arrives = this.#tamper(message, from, this.sent[from].length - 1);
    if (arrives === null) return;
    if (from === 'device') {
      this.carryFromHost(this.host.receive(arrives.channel, arrives.bytes, this.nowMs));
      return;
    }
    const plain = this.device.take(arrives.channel, arrives.bytes, this.nowMs, this.n);
    if (plain instanceof Uint8Array) this.delivered.push({ channel: arrives.channel, bytes: plain });
    this.carryFromDevice();
  }
}

export function meetReady(device: CDevice, pattern: PatternName, setup: MeetingSetup = {}): CMeeting {
  const meeting = new CMeeting(device, pattern, setup);
  if (pattern === 'XX') meeting.accept();
  if (!meeting.isReady) throw new Error(`${pattern}: ${meeting.find('closed')?.code} ${meeting.state.reason}`);
  return meeting;
}

/** A host that has keys and then says whatever a test wants. What the device says is taken, or not. */
export class FreeHost {
  /** As it came from the handshake: host to device. */
  readonly directionKey: Uint8Array;
  readonly handshakeHash: Uint8Array;
  readonly #sending: ChannelCiphers;
  readonly #receiving: ChannelCiphers;
  readonly #device: CDevice;
  readonly #n: number;

  constructor(device: CDevice, pattern: PatternName, n = 0, isGoingOn = false, nowMs = 0) {
    this.#device = device;
    this.#n = n;
    if (!isGoingOn) device.start(deviceSetup(pattern, '', nowMs));
    device.begin([], nowMs, n);
    const handshake = new HostHandshake(hostOptions(pattern));
    let step: HandshakeStep = { kind: 'go-on', send: handshake.helloBytes };
    while (step.kind === 'go-on') {
      device.take(0, step.send, nowMs, n);
      const answer = device.giveOne(nowMs, n);
      if (answer === null || typeof answer === 'number') throw new Error(`no answer: ${device.state(nowMs, n).reason}`);
      step = handshake.receive(answer.bytes);
    }
    if (step.kind !== 'done') throw new Error(step.detail);
    if (step.send !== null) device.take(0, step.send, nowMs, n);
    const { sendKey, receiveKey, handshakeHash } = step.established;
    this.directionKey = sendKey.slice();
    this.handshakeHash = handshakeHash;
    this.#sending = new ChannelCiphers(nodeSuite, sendKey);
    this.#receiving = new ChannelCiphers(nodeSuite, receiveKey);
  }

  /** What the device answers to it: delivered bytes, why it is over, or null. */
  say(plain: Uint8Array, channel = 0, nowMs = 0): Uint8Array | string | null {
    return this.#device.take(channel, this.#sending.seal(channel, plain), nowMs, this.#n);
  }

  /** Everything the device wants to say by itself, opened. */
  hear(nowMs = 0): Uint8Array[] {
    return this.#device.give(nowMs, this.#n).map(({ channel, bytes }) => this.#receiving.open(channel, bytes)!);
  }
}

/** A public key that belongs to nobody here. */
export function someKey(name: string): Uint8Array {
  return nodeSuite.keyPair(randomOf(`key ${name}`)(32)).publicKey;
}
