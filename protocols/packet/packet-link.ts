// One end of a packet link, without any IO: packets and the time go in, packets and messages come out. Whole messages, each once, in the
// order of their channel, over a bearer that may lose, double, reorder or cut short what it carries. SPEC.md, "Packets".
//
//     link.receive(packet, nowMs)          for every packet of the bearer; then take()
//     while ((packet = link.next(nowMs)))  for every packet to be sent
//     link.deadlineMs                      when to call next() although nothing has come
import { type Offer, Opening } from './opening.ts';
import {
  decodePacket,
  MESSAGE_BYTES_MAX,
  PACKET_BYTES_MAX,
  PACKET_BYTES_MIN,
  type Packet,
  WINDOW_MAX,
} from './packet-codec.ts';
import { Reassembly } from './reassembly.ts';
import { Receiver } from './receiver.ts';
import { type SendOptions, SendQueue } from './send-queue.ts';
import { Sender, type SenderStats } from './sender.ts';

export interface PacketLinkOptions {
  /** Longest packet the bearer takes: ATT MTU less 3, or what both ends of a wire agreed on; 20..1024. */
  readonly packetBytesMax: number;
  /** Random bytes, for the nonces of RESET. */
  readonly entropy: (count: number) => Uint8Array;
  /** Packets on the way at once, 1..64: 8 on a UART, 16 on BLE. */
  readonly window?: number;
  /** Longest message this end takes, 1..16383. */
  readonly messageBytesMax?: number;
  /** Bytes of messages that may wait to be taken before the other end is told to pause. */
  readonly waitingBytesMax?: number;
  /** Without a packet for this long the link says a word; after three times that it is dead. Null: never. */
  readonly keepAliveMs?: number | null;
  /** Breaks the rule against storms: for a simulator that shows that it would see one. */
  readonly isStorming?: boolean;
}

export type PacketEvent =
  /** Both ends have begun anew: what was on the way before is gone. */
  | { readonly event: 'open' }
  | { readonly event: 'message'; readonly channel: number; readonly bytes: Uint8Array }
  /** Nothing more will come; make a new link. */
  | { readonly event: 'dead'; readonly why: 'silent' | 'violation'; readonly detail: string };

export interface PacketStats extends SenderStats {
  readonly received: number;
  readonly duplicates: number;
  readonly acknowledgements: number;
  /** Packets that were no packets of this protocol. */
  readonly refused: number;
  readonly dropped: number;
}

const KEEP_ALIVE_MS = 10_000;
const DEAD_AFTER_KEEP_ALIVES = 3;

export class PacketLink {
  readonly #options: Required<PacketLinkOptions>;
  readonly #opening: Opening;
  readonly #queue: SendQueue;
  #packetBytesMax: number;
  #peerMessageBytesMax = MESSAGE_BYTES_MAX;
  #sender: Sender;
  #receiver: Receiver;
  #reassembly: Reassembly;
  #events: PacketEvent[] = [];
  #waitingBytes = 0;
  #isPaused = false;
  #isSpeaking = false;
  #isDead = false;
  #heardMs: number | null = null;
  #saidMs = 0;
  #counts = { received: 0, acknowledgements: 0, refused: 0 };

  /** Throws RangeError for options out of range. */
  constructor(options: PacketLinkOptions) {
    this.#options = withDefaults(options);
    const { window, messageBytesMax, entropy } = this.#options;
    this.#packetBytesMax = checkedPacketBytes(options.packetBytesMax);
    this.#opening = new Opening({ window, messageBytesMax }, entropy);
    this.#queue = new SendQueue();
    this.#sender = new Sender(this.#queue, window);
    this.#receiver = new Receiver(window);
    this.#reassembly = new Reassembly(messageBytesMax);
  }

  get isOpen(): boolean {
    return this.#opening.isOpen && !this.#isDead;
  }

  /** Longest message the other end takes, sealed. */
  get peerMessageBytesMax(): number {
    return this.#peerMessageBytesMax;
  }

  /** Nothing waits and nothing is on the way. */
  get isIdle(): boolean {
    return this.#sender.isIdle;
  }

  get stats(): PacketStats {
    const { duplicateCount: duplicates } = this.#receiver;
    return { ...this.#sender.stats, ...this.#counts, duplicates, dropped: this.#queue.droppedCount };
  }

  /** The bearer's packets became longer or shorter; what is on the way keeps its size. */
  set packetBytesMax(value: number) {
    this.#packetBytesMax = checkedPacketBytes(value);
  }

  /** False when the channel has no room: come back when `waitingBytes` has fallen. Throws RangeError on an empty message. */
  send(channel: number, message: Uint8Array, options: SendOptions = {}): boolean {
    if (message.length === 0 || message.length > MESSAGE_BYTES_MAX)
      throw new RangeError(`a message of ${message.length} bytes, expected 1..${MESSAGE_BYTES_MAX}`);
    const isTaken = this.isOpen && this.#queue.add(channel, message, options);
    // Who speaks says where it stands: the answer then does not wait for room in the other's window.
    this.#isSpeaking ||= isTaken;
    return isTaken;
  }

  waitingBytes(channel: number): number {
    return this.#queue.waitingBytes(channel);
  }

  receive(bytes: Uint8Array, nowMs: number): void {
    if (this.#isDead) return;
    const packet = decodePacket(bytes);
    if (!packet.ok) this.#counts.refused++;
    else {
      this.#heardMs = nowMs;
      this.#takePacket(packet.value, nowMs);
    }
  }

  /** What has happened since the last call. */
  take(): PacketEvent[] {
    const events = this.#events;
    this.#events = [];
    this.#waitingBytes = 0;
    return events;
  }

  /** The next packet for the bearer; null when there is none by now. */
  next(nowMs: number): Uint8Array | null {
    this.#heardMs ??= nowMs;
    if (this.#isDead || this.#hasDied(nowMs)) return null;
    const packet = this.#opening.next(nowMs) ?? (this.#opening.isInDoubt ? null : this.#nextOfOpen(nowMs));
    if (packet !== null) this.#saidMs = nowMs;
    return packet;
  }

  /** When `next` has something to say although nothing has come; null: never. */
  get deadlineMs(): number | null {
    if (this.#isDead) return null;
    if (this.#isPaused && this.#hasRoom()) return Number.NEGATIVE_INFINITY;
    const { keepAliveMs } = this.#options;
    const times = [this.#opening.deadlineMs];
    if (!this.#opening.isInDoubt) {
      times.push(this.#sender.deadlineMs, this.#receiver.deadlineMs(this.#reassembly.isMidMessage));
      if (keepAliveMs !== null) times.push(this.#saidMs + keepAliveMs);
    }
    const known = times.filter((time) => time !== null);
    return known.length === 0 ? null : Math.min(...known);
  }

  #takePacket(packet: Packet, nowMs: number): void {
    if (packet.kind === 'reset') {
      const opened = this.#opening.take(packet, nowMs);
      if (opened !== null) this.#open(opened.peer);
    } else if (this.#opening.isInDoubt) {
      // Of which beginning it is cannot be told.
    } else if (packet.kind === 'ack') {
      if (!this.#sender.take(packet, nowMs)) this.#counts.refused++;
    } else {
      this.#counts.received++;
      for (const ready of this.#receiver.take(packet, nowMs)) {
        const found = this.#reassembly.take(ready);
        if (found instanceof Uint8Array) this.#deliver(ready.channel, found);
        else if (found !== 'more') {
          this.#die('violation', found.violation);
          return;
        }
      }
    }
  }

  #open(peer: Offer): void {
    this.#peerMessageBytesMax = peer.messageBytesMax;
    this.#queue.clear();
    this.#sender = new Sender(this.#queue, Math.min(peer.window, this.#options.window), this.#options.isStorming);
    this.#receiver = new Receiver(this.#options.window, peer.window);
    this.#reassembly = new Reassembly(this.#options.messageBytesMax);
    this.#isPaused = false;
    this.#events.push({ event: 'open' });
  }

  #deliver(channel: number, bytes: Uint8Array): void {
    this.#waitingBytes += bytes.length;
    this.#events.push({ event: 'message', channel, bytes });
  }

  #nextOfOpen(nowMs: number): Uint8Array | null {
    const hasRoom = this.#hasRoom();
    const credit = hasRoom ? this.#options.window : 0;
    const isOver = this.#isPaused && hasRoom;
    const isOwed = this.#isSpeaking && this.#receiver.owes;
    this.#isSpeaking = false;
    const ack =
      isOver || isOwed
        ? this.#receiver.acknowledge(nowMs, credit)
        : this.#receiver.next(nowMs, this.#reassembly.isMidMessage, credit);
    if (ack !== null) {
      this.#isPaused = !hasRoom;
      this.#counts.acknowledgements++;
      return ack;
    }
    return this.#sender.next(nowMs, this.#packetBytesMax) ?? this.#keepAlive(nowMs, credit);
  }

  #keepAlive(nowMs: number, credit: number): Uint8Array | null {
    const { keepAliveMs } = this.#options;
    if (keepAliveMs === null || nowMs < this.#saidMs + keepAliveMs) return null;
    return this.#receiver.acknowledge(nowMs, credit);
  }

  #hasRoom(): boolean {
    return this.#waitingBytes <= this.#options.waitingBytesMax;
  }

  #hasDied(nowMs: number): boolean {
    const { keepAliveMs } = this.#options;
    const isSilent = keepAliveMs !== null && nowMs - this.#heardMs! > DEAD_AFTER_KEEP_ALIVES * keepAliveMs;
    if (!isSilent && !this.#sender.isDead) return false;
    this.#die('silent', isSilent ? 'nothing was heard' : 'what is sent is not acknowledged');
    return true;
  }

  #die(why: 'silent' | 'violation', detail: string): void {
    this.#isDead = true;
    this.#events.push({ event: 'dead', why, detail });
  }
}

function withDefaults(options: PacketLinkOptions): Required<PacketLinkOptions> {
  const { window = 16, messageBytesMax = MESSAGE_BYTES_MAX, waitingBytesMax = 65_536 } = options;
  const { keepAliveMs = KEEP_ALIVE_MS, isStorming = false } = options;
  if (!(window >= 1 && window <= WINDOW_MAX)) throw new RangeError(`window ${window}, expected 1..${WINDOW_MAX}`);
  if (!(messageBytesMax >= 1 && messageBytesMax <= MESSAGE_BYTES_MAX))
    throw new RangeError(`messages up to ${messageBytesMax}, expected 1..${MESSAGE_BYTES_MAX}`);
  return { ...options, window, messageBytesMax, waitingBytesMax, keepAliveMs, isStorming };
}

function checkedPacketBytes(value: number): number {
  if (value >= PACKET_BYTES_MIN && value <= PACKET_BYTES_MAX) return Math.floor(value);
  throw new RangeError(`packets of ${value} bytes, expected ${PACKET_BYTES_MIN}..${PACKET_BYTES_MAX}`);
}
