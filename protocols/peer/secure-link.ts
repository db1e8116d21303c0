// A session over packets: whole messages go in and come out, sealed in between. A link that begins anew begins a new session.

import type { Message } from '../generated/types.gen.ts';
import { decodeMessage, encodeMessage } from '../message/message-codec.ts';
import { TAG_BYTES } from '../noise/crypto-suite.ts';
import { PacketLink, type PacketLinkOptions, type PacketStats } from '../packet/packet-link.ts';
import type { SecureSession } from '../session/secure-session.ts';
import type { SessionEvent, SessionOutput } from '../session/session-types.ts';
import type { WireFault } from '../wire-fault.ts';

export type SecureEvent =
  | Exclude<SessionEvent, { kind: 'message' }>
  | { readonly kind: 'message'; readonly message: Message }
  /** Authentic, and still no message of this version. */
  | { readonly kind: 'fault'; readonly fault: WireFault }
  /** The other end has begun anew: what was said in the session before is void, and `ready` follows. */
  | { readonly kind: 'restarted' }
  /** The bearer carries nothing any more. */
  | { readonly kind: 'dead'; readonly why: 'silent' | 'violation'; readonly detail: string };

/** Makes the session of one beginning: a host's says hello in its first output. */
export type OpenSession = (nowMs: number) => { readonly session: SecureSession; readonly output: SessionOutput };

export class SecureLink {
  readonly #packets: PacketLink;
  readonly #openSession: OpenSession;
  #session: SecureSession | null = null;
  #events: SecureEvent[] = [];
  /** Of the call that is running: a message is sealed when its first packet is cut. */
  #nowMs = 0;

  constructor(packets: PacketLinkOptions, openSession: OpenSession) {
    this.#packets = new PacketLink(packets);
    this.#openSession = openSession;
  }

  get isReady(): boolean {
    return this.#packets.isOpen && this.#session?.state === 'ready';
  }

  get stats(): PacketStats {
    return this.#packets.stats;
  }

  /** Longest message the other end takes, before it is sealed. */
  get messageBytesMax(): number {
    return this.#packets.peerMessageBytesMax - TAG_BYTES;
  }

  get isIdle(): boolean {
    return this.#packets.isIdle;
  }

  set packetBytesMax(value: number) {
    this.#packets.packetBytesMax = value;
  }

  waitingBytes(channel: number): number {
    return this.#packets.waitingBytes(channel);
  }

  /** False when there is no session, or its queue is full. Throws TypeError on a message the schema does not allow. */
  send(channel: number, message: Message, droppable = false): boolean {
    const session = this.#session;
    if (!this.isReady || session === null) return false;
    const bytes = encodeMessage(message);
    if (bytes.length > this.messageBytesMax) return false;
    return this.#packets.send(channel, bytes, {
      droppable,
      seal: (plain) => session.seal(channel, plain, this.#nowMs),
    });
  }

  receive(packet: Uint8Array, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#packets.receive(packet, nowMs);
    for (const event of this.#packets.take()) {
      if (event.event === 'open') this.#begin(nowMs);
      else if (event.event === 'dead') this.#events.push({ kind: 'dead', why: event.why, detail: event.detail });
      else if (this.#session !== null) this.#follow(this.#session.receive(event.channel, event.bytes, nowMs));
    }
  }

  next(nowMs: number): Uint8Array | null {
    this.#nowMs = nowMs;
    if (this.#session !== null) this.#follow(this.#session.tick(nowMs));
    const packet = this.#packets.next(nowMs);
    if (packet === null) this.#noticeDeath();
    return packet;
  }

  get deadlineMs(): number | null {
    const times = [this.#packets.deadlineMs, this.#session?.deadlineMs ?? null].filter((time) => time !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  take(): SecureEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  decideSas(isAccepted: boolean, nowMs: number): void {
    if (this.#session !== null) this.#follow(this.#session.decideSas(isAccepted, nowMs));
  }

  close(): void {
    if (this.#session !== null) this.#follow(this.#session.close());
  }

  #begin(nowMs: number): void {
    if (this.#session !== null) {
      this.#session.close();
      this.#events.push({ kind: 'restarted' });
    }
    const { session, output } = this.#openSession(nowMs);
    this.#session = session;
    this.#follow(output);
  }

  #follow(output: SessionOutput): void {
    for (const { channel, bytes } of output.sends) this.#packets.send(channel, bytes);
    for (const event of output.events) {
      if (event.kind !== 'message') this.#events.push(event);
      else {
        const message = decodeMessage(event.bytes);
        this.#events.push(
          message.ok ? { kind: 'message', message: message.value } : { kind: 'fault', fault: message.fault },
        );
      }
    }
  }

  #noticeDeath(): void {
    for (const event of this.#packets.take())
      if (event.event === 'dead') this.#events.push({ kind: 'dead', why: event.why, detail: event.detail });
  }
}
