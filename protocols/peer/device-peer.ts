// A whole device without its radio: packets and the time go in and come out, logs are served. The simulator's wearable is made of it, and
// whoever tries a firmware in TypeScript starts here.
import type { Item, Message } from '../generated/types.gen.ts';
import type { PacketLinkOptions, PacketStats } from '../packet/packet-link.ts';
import type { DeviceOptions } from '../session/device-handshake.ts';
import { SecureSession } from '../session/secure-session.ts';
import type { DeviceLog } from '../sync/device-log.ts';
import {
  CHANNEL_BULK,
  type DeviceIdentity,
  DeviceSync,
  type DeviceSyncOptions,
  type Outgoing,
} from '../sync/device-sync.ts';
import { type SecureEvent, SecureLink } from './secure-link.ts';

/** Bulk waits in the log, not in the link: so much is cut in advance, and a log that was erased is noticed at once. */
const BULK_AHEAD_BYTES = 4_096;
/** Messages of the host that make no sense, in one session: then it is not a host of ours. */
const FAULTS_MAX = 16;

export interface DevicePeerOptions {
  readonly packets: PacketLinkOptions;
  readonly session: DeviceOptions;
  readonly identity: DeviceIdentity;
  readonly logs: readonly DeviceLog[];
  readonly nowTicks: () => number;
  readonly onClockSet?: DeviceSyncOptions['onClockSet'];
  /** Says something else, or more, or less, in place of a message: for simulators of devices that break the rules. */
  readonly rewrite?: (message: Message) => readonly Message[];
}

/** What happens to the session; messages are answered without asking. */
export type DevicePeerEvent =
  | Exclude<SecureEvent, { kind: 'message' } | { kind: 'fault' }>
  /** The host has said that it will say no more on this link. */
  | { readonly kind: 'bye' };

export class DevicePeer {
  readonly #options: DevicePeerOptions;
  #link: SecureLink;
  #sync: DeviceSync | null = null;
  #answers: Outgoing[] = [];
  #events: DevicePeerEvent[] = [];
  #faults = 0;
  /** Keys were agreed in this session, confirmed or not. */
  #hasAgreed = false;

  constructor(options: DevicePeerOptions) {
    this.#options = options;
    this.#link = this.#newLink();
  }

  get isReady(): boolean {
    return this.#link.isReady && this.#sync !== null;
  }

  get stats(): PacketStats {
    return this.#link.stats;
  }

  set packetBytesMax(value: number) {
    this.#link.packetBytesMax = value;
  }

  receive(packet: Uint8Array, nowMs: number): void {
    this.#link.receive(packet, nowMs);
    this.#react();
  }

  /** The next packet, or null. Ask again after something was written to a log. */
  next(nowMs: number): Uint8Array | null {
    this.#fill();
    const packet = this.#link.next(nowMs);
    this.#react();
    return packet;
  }

  get deadlineMs(): number | null {
    return this.#link.deadlineMs;
  }

  take(): DevicePeerEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** A preview of what was just measured, for a host that wants one. */
  preview(log: DeviceLog, item: Extract<Item, { type: 'sample-item' }>): void {
    const live = this.#sync?.live(log, item, this.#link.stats.dropped) ?? null;
    if (live !== null) this.#link.send(live.channel, live.message, true);
  }

  decideSas(isAccepted: boolean, nowMs: number): void {
    this.#link.decideSas(isAccepted, nowMs);
    this.#react();
  }

  #newLink(): SecureLink {
    const { packets, session } = this.#options;
    return new SecureLink(packets, () => ({
      session: SecureSession.device(session),
      output: { sends: [], events: [] },
    }));
  }

  #react(): void {
    for (const event of this.#link.take()) {
      if (event.kind === 'message' && event.message.type === 'bye') this.#events.push({ kind: 'bye' });
      else if (event.kind === 'message') this.#answers.push(...(this.#sync?.take(event.message) ?? []));
      else if (event.kind === 'fault')
        this.#complain(event.fault.code === 'unknown-number' ? 2 : 5, event.fault.detail);
      else {
        this.#events.push(event);
        if (event.kind === 'ready') this.#meet(event.peerKey);
        if (event.kind === 'handshake') this.#hasAgreed = true;
        // Of a handshake that failed nobody is told: whoever wants another begins it. A host that holds keys learns that they are void.
        if (event.kind === 'dead' || (event.kind === 'closed' && this.#hasAgreed)) this.#startOver();
      }
    }
    this.#fill();
  }

  #meet(host: Uint8Array): void {
    const { identity, logs, nowTicks, onClockSet } = this.#options;
    const { messageBytesMax } = this.#link;
    this.#sync = new DeviceSync({ identity, logs, host, nowTicks, messageBytesMax, ...(onClockSet && { onClockSet }) });
    this.#answers = [this.#sync.introduce()];
    this.#faults = 0;
  }

  #forget(): void {
    this.#sync = null;
    this.#answers = [];
    this.#hasAgreed = false;
  }

  /** A session ends without a word, so that nobody learns why; a link that begins anew tells the host that it did. */
  #startOver(): void {
    this.#forget();
    this.#link = this.#newLink();
  }

  #complain(code: 2 | 5, detail: string): void {
    if (++this.#faults > FAULTS_MAX) this.#link.close();
    this.#answers.push({
      channel: 0,
      message: { type: 'failure', code, detail: detail.slice(0, 60) },
      droppable: false,
    });
  }

  #fill(): void {
    if (this.#sync === null || !this.#link.isReady) return;
    while (this.#answers.length > 0) {
      if (!this.#say(this.#answers[0]!)) return;
      this.#answers.shift();
    }
    while (this.#link.isReady && this.#link.waitingBytes(CHANNEL_BULK) < BULK_AHEAD_BYTES) {
      const said = this.#sync.next();
      if (said === null || !this.#say(said)) return;
    }
  }

  #say({ channel, message }: Outgoing): boolean {
    const { rewrite } = this.#options;
    return (rewrite?.(message) ?? [message]).every((one) => this.#link.send(channel, one));
  }
}
