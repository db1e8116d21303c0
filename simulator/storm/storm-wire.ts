// One connection between a device and a gateway, and the harm it does to what it carries.
import { encodeFrame, SerialFramer } from '@maibo/protocols';
import type { Rng } from '../world/rng.ts';
import type { LinkPlan } from './storm-plan.ts';
import type { VirtualTime } from './virtual-time.ts';

/** An end without IO, as `DevicePeer` and `HostPeer` are. */
export interface End {
  receive(packet: Uint8Array, nowMs: number): void;
  next(nowMs: number): Uint8Array | null;
  readonly deadlineMs: number | null;
  packetBytesMax: number;
}

export interface WireOptions {
  readonly time: VirtualTime;
  readonly plan: LinkPlan;
  readonly rng: Rng;
  readonly isHealed: () => boolean;
  /** Packets of earlier connections, for a stranger to send again. */
  readonly overheard: Uint8Array[];
  readonly onBreak: () => void;
  readonly onPacket: (from: Side, packet: Uint8Array) => void;
  /** After an end has taken a packet or may have given one. */
  readonly onTurn: (side: Side) => void;
}

export type Side = 'device' | 'host';

const OVERHEARD_MAX = 64;
/** An end that has more to say at one moment than any window allows is broken: the rest waits for the next turn. */
const AIR_PACKETS_MAX = 256;

export class StormWire {
  readonly #options: WireOptions;
  readonly #ends: Readonly<Record<Side, End>>;
  readonly #framers = { device: new SerialFramer(), host: new SerialFramer() };
  readonly #airFreeMs = { device: 0, host: 0 };
  readonly #wakeMs = { device: Number.POSITIVE_INFINITY, host: Number.POSITIVE_INFINITY };
  #packetsLeft: number;
  #isBroken = false;

  constructor(ends: Readonly<Record<Side, End>>, options: WireOptions) {
    this.#ends = ends;
    this.#options = options;
    const { flapPacketsMax } = options.plan;
    this.#packetsLeft = Number.isFinite(flapPacketsMax)
      ? 1 + options.rng.nextBelow(flapPacketsMax)
      : Number.POSITIVE_INFINITY;
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  break(): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#options.onBreak();
  }

  /** Lets an end say what it has, and wakes it when it wants to. */
  turn(side: Side): void {
    if (this.#isBroken) return;
    const { time } = this.#options;
    this.#options.onTurn(side);
    for (let count = 0; count < AIR_PACKETS_MAX && !this.#isBroken; count++) {
      const packet = this.#ends[side].next(time.nowMs);
      if (packet === null) break;
      this.#send(side, packet);
    }
    this.#options.onTurn(side);
    this.#wakeLater(side);
  }

  #wakeLater(side: Side): void {
    const { time } = this.#options;
    const deadlineMs = this.#ends[side].deadlineMs;
    if (deadlineMs === null || this.#isBroken) return;
    const atMs = Math.max(deadlineMs, time.nowMs + 0.1);
    if (atMs >= this.#wakeMs[side]) return;
    this.#wakeMs[side] = atMs;
    time.at(atMs, () => {
      if (this.#wakeMs[side] !== atMs) return;
      this.#wakeMs[side] = Number.POSITIVE_INFINITY;
      this.turn(side);
    });
  }

  #send(from: Side, packet: Uint8Array): void {
    const { time, plan, rng, isHealed, overheard } = this.#options;
    this.#options.onPacket(from, packet);
    if (!isHealed() && --this.#packetsLeft <= 0) {
      this.break();
      return;
    }
    const to: Side = from === 'device' ? 'host' : 'device';
    this.#airFreeMs[from] = Math.max(this.#airFreeMs[from], time.nowMs) + plan.packetMs;
    const atMs = this.#airFreeMs[from] + plan.delayMs;
    if (isHealed()) {
      this.#deliver(to, this.#carried(packet), atMs);
      return;
    }
    if (overheard.length < OVERHEARD_MAX) overheard.push(packet);
    if (plan.changesSize && rng.nextUnit() < 0.005) this.#ends[from].packetBytesMax = 20 + rng.nextBelow(493);
    if (rng.nextUnit() < plan.attack) this.#deliver(to, this.#carried(this.#strange(packet)), atMs);
    if (rng.nextUnit() < plan.drop) return;
    const copies = rng.nextUnit() < plan.duplicate ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const lateMs = rng.nextUnit() < plan.reorder ? rng.nextUnit() * 3 * (plan.delayMs + plan.packetMs) : 0;
      const bytes = this.#carried(packet);
      if (rng.nextUnit() < plan.corrupt) flip(bytes, rng);
      this.#deliver(to, bytes, atMs + lateMs);
    }
  }

  #carried(packet: Uint8Array): Uint8Array {
    return this.#options.plan.kind === 'wire' ? encodeFrame(packet) : packet.slice();
  }

  #strange(packet: Uint8Array): Uint8Array {
    const { rng, overheard } = this.#options;
    const kind = rng.nextBelow(4);
    if (kind === 0) return Uint8Array.from({ length: 1 + rng.nextBelow(40) }, () => rng.nextBelow(256));
    if (kind === 1 && overheard.length > 0) return overheard[rng.nextBelow(overheard.length)]!.slice();
    if (kind === 2)
      return Uint8Array.of(
        0xa0,
        1,
        8,
        0xff,
        0x3f,
        ...Array.from({ length: 4 }, () => 1 + rng.nextBelow(255)),
        0,
        0,
        0,
        0,
      );
    const changed = packet.slice();
    flip(changed, rng);
    return changed;
  }

  #deliver(to: Side, bytes: Uint8Array, atMs: number): void {
    const { time, plan } = this.#options;
    time.at(atMs, () => {
      if (this.#isBroken) return;
      if (plan.kind === 'radio') this.#ends[to].receive(bytes, time.nowMs);
      else {
        for (const frame of this.#framers[to].push(bytes))
          if (frame.ok) this.#ends[to].receive(frame.value, time.nowMs);
      }
      this.turn(to);
    });
  }
}

function flip(bytes: Uint8Array, rng: Rng): void {
  const at = rng.nextBelow(bytes.length);
  bytes[at] = bytes[at]! ^ (1 << rng.nextBelow(8));
}
