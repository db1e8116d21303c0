// The host's end of one link: shakes hands, asks for logs, hands on what comes, and ends a session that breaks the rules.
import type { LogInfo, Message } from '../generated/types.gen.ts';
import type { PacketLinkOptions, PacketStats } from '../packet/packet-link.ts';
import type { HostOptions } from '../session/host-handshake.ts';
import { SecureSession } from '../session/secure-session.ts';
import { CHANNEL_CONTROL } from '../sync/device-sync.ts';
import { type HostEvent, HostSync, type LogPosition } from '../sync/host-sync.ts';
import { type SecureEvent, SecureLink } from './secure-link.ts';

export type HostPeerEvent =
  | Exclude<SecureEvent, { kind: 'message' } | { kind: 'fault' }>
  /** What the device says. After `ready` it first says who it is: `info`. */
  | { readonly kind: 'device'; readonly event: HostEvent };

/** A device says who it is as soon as it trusts this host. */
const INFO_MS = 15_000;

export class HostPeer {
  readonly #link: SecureLink;
  #sync = new HostSync();
  #events: HostPeerEvent[] = [];
  #isOver = false;
  /** When the session became ready; null once the device has said who it is, or before. */
  #waitingSinceMs: number | null = null;

  constructor(packets: PacketLinkOptions, session: HostOptions) {
    this.#link = new SecureLink(packets, (nowMs) => SecureSession.host(session, nowMs));
  }

  get isReady(): boolean {
    return this.#link.isReady && !this.#isOver;
  }

  /** Nothing more will come: make a new one on a new connection. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get stats(): PacketStats {
    return this.#link.stats;
  }

  set packetBytesMax(value: number) {
    this.#link.packetBytesMax = value;
  }

  /** Asks for everything from `position` on; false when there is no session. */
  pull(log: LogInfo, position: LogPosition, credit: number): boolean {
    return this.#say(this.#sync.pull(log, position, credit));
  }

  /** Say it only once everything up to `upto` is durable at `level`. */
  ack(log: LogInfo, upto: number, level: 1 | 2 | 3): boolean {
    return this.#say(this.#sync.ack(log, upto, level));
  }

  send(message: Extract<Message, { type: 'time-ping' | 'clock-set' | 'want-live' | 'bye' }>): boolean {
    return this.#say(message);
  }

  receive(packet: Uint8Array, nowMs: number): void {
    if (this.#isOver) return;
    this.#link.receive(packet, nowMs);
    this.#react();
  }

  next(nowMs: number): Uint8Array | null {
    if (this.#isOver) return null;
    const packet = this.#link.next(nowMs);
    this.#react();
    if (this.isReady && this.#sync.info === null) this.#expectInfo(nowMs);
    return packet;
  }

  get deadlineMs(): number | null {
    if (this.#isOver) return null;
    const times = [this.#link.deadlineMs, this.#waitingSinceMs === null ? null : this.#waitingSinceMs + INFO_MS];
    const known = times.filter((time) => time !== null);
    return known.length === 0 ? null : Math.min(...known);
  }

  take(): HostPeerEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  decideSas(isAccepted: boolean, nowMs: number): void {
    this.#link.decideSas(isAccepted, nowMs);
    this.#react();
  }

  close(): void {
    this.#link.close();
    this.#react();
  }

  #expectInfo(nowMs: number): void {
    this.#waitingSinceMs ??= nowMs;
    if (nowMs < this.#waitingSinceMs + INFO_MS) return;
    this.#isOver = true;
    this.#events.push({ kind: 'dead', why: 'silent', detail: 'the device did not say who it is' });
  }

  #say(message: Message): boolean {
    return this.isReady && this.#link.send(CHANNEL_CONTROL, message);
  }

  #react(): void {
    for (const event of this.#link.take()) {
      if (event.kind === 'message') this.#hear(event.message);
      else if (event.kind === 'fault') {
        // A newer device has more to say than this host knows.
        if (event.fault.code !== 'unknown-number') this.#break(`${event.fault.code}: ${event.fault.detail}`);
      } else {
        if (event.kind === 'ready') {
          this.#sync = new HostSync();
          this.#waitingSinceMs = null;
        }
        if (event.kind === 'dead' || event.kind === 'closed') this.#isOver = true;
        this.#events.push(event);
      }
    }
  }

  #hear(message: Message): void {
    if (message.type === 'bye') {
      this.#isOver = true;
      this.#events.push({ kind: 'closed', code: 'expired', detail: 'the device said bye' });
      return;
    }
    for (const event of this.#sync.take(message)) {
      if (event.event === 'info') this.#waitingSinceMs = null;
      this.#events.push({ kind: 'device', event });
      if (event.event === 'violation') this.#isOver = true;
    }
  }

  #break(detail: string): void {
    this.#isOver = true;
    this.#events.push({ kind: 'device', event: { event: 'violation', detail } });
  }
}
