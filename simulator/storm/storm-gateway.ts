// A gateway in the storm. It has a disk that takes its time, and may die wherever a real one waits for something.
import { type HostEvent, HostPeer, type Info, type LogInfo, nodeSuite } from '@maibo/protocols';
import type { Rng } from '../world/rng.ts';
import { bytesOf } from './storm-device.ts';
import type { Bug, GatewayPlan } from './storm-plan.ts';
import { type Row, StormStore } from './storm-store.ts';
import { logName } from './truth.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface StormGatewayOptions {
  readonly plan: GatewayPlan;
  readonly rng: Rng;
  readonly time: VirtualTime;
  readonly isHealed: () => boolean;
  readonly bug: Bug | null;
  /** A gateway that died comes back: its links are made anew. */
  readonly onDeath: () => void;
}

interface Pending {
  readonly log: string;
  readonly row: Row;
  readonly connection: Connection;
  readonly info: LogInfo;
}

/** What a connection means to a gateway. */
export interface Connection {
  readonly peer: HostPeer;
  readonly turn: () => void;
  readonly cut: () => void;
  /** Who is at the other end; null before it has said so. */
  device: Uint8Array | null;
  /** Logs that were asked for in this session, by name. */
  readonly asked: Set<string>;
  /** Logs whose end was said. */
  readonly ended: Set<string>;
}

const RESTART_MS = 500;
const DISK_FULL_MS = 1_500;
const CREDIT_SPARE = 64;

export class StormGateway {
  readonly keys;
  readonly store: StormStore;
  readonly #options: StormGatewayOptions;
  readonly #connections = new Set<Connection>();
  #pending: Pending[] = [];
  #isCommitting = false;
  #isAlive = true;
  #life = 0;
  #diskFullUntilMs = 0;
  deaths = 0;
  pendingMost = 0;

  constructor(options: StormGatewayOptions) {
    this.#options = options;
    this.keys = nodeSuite.keyPair(bytesOf(options.rng, 32));
    this.store = new StormStore(options.bug !== 'no-dedupe');
    const { diskFullEveryMs } = options.plan;
    if (diskFullEveryMs !== null) this.#fillDisk(diskFullEveryMs);
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Most rows that its credit allows to be waiting, over all logs of `deviceCount` devices with two connections each. */
  pendingMostAllowed(logCount: number): number {
    return 2 * logCount * (this.#options.plan.credit + CREDIT_SPARE);
  }

  newPeer(devices: readonly Uint8Array[], packetBytesMax: number, window: number): HostPeer {
    const random = (count: number) => bytesOf(this.#options.rng, count);
    const trust = { devices, label: null, isPairing: false };
    const session = { suite: nodeSuite, own: this.keys, trust, random, versions: [2], capabilities: [] };
    return new HostPeer(
      { packetBytesMax, window, entropy: random, isStorming: this.#options.bug === 'nak-storm' },
      session,
    );
  }

  attach(connection: Connection): void {
    this.#connections.add(connection);
  }

  /**
   * A link that broke. What it brought and is not on its way to the disk goes with it: it was not acknowledged and comes again. Kept, it would
   * pile up with every link that breaks while the disk is full.
   */
  detach(connection: Connection): void {
    this.#connections.delete(connection);
    this.#pending = this.#pending.filter((pending) => pending.connection !== connection);
  }

  isDone(names: readonly string[]): boolean {
    const ended = new Set([...this.#connections].flatMap((connection) => [...connection.ended]));
    return this.#pending.length === 0 && names.every((name) => ended.has(name) || this.store.hasEvidence(name));
  }

  /** Takes what has come. Every place where a real gateway would wait is a place to die. */
  read(connection: Connection): void {
    if (!this.#isAlive || this.#mayDie()) return;
    for (const event of connection.peer.take()) {
      if (event.kind === 'device') this.#hear(connection, event.event);
      else if (event.kind === 'restarted' || event.kind === 'ready') connection.asked.clear();
      if (!this.#isAlive) return;
    }
    if (connection.peer.isOver) connection.cut();
    this.#commitSoon();
  }

  #hear(connection: Connection, event: HostEvent): void {
    if (event.event === 'info') this.#meet(connection, event.info);
    else if (event.event === 'items') {
      const log = this.#nameOf(connection, event.log);
      event.items.forEach((bytes, index) => {
        const isLast = index === event.items.length - 1;
        const row: Row = { kind: 'item', seq: event.first + index, bytes, chain: isLast ? event.chain : null };
        this.#pending.push({ log, row, connection, info: event.log });
      });
    } else if (event.event === 'lost') {
      const { from, to, reason, chain, log: info } = event;
      const row: Row = { kind: 'lost', seq: from, to, reason, chain };
      this.#pending.push({ log: this.#nameOf(connection, info), row, connection, info });
    } else if (event.event === 'checkpoint' || event.event === 'forked') {
      const { upto, chain } = event.checkpoint;
      this.store.sign(this.#nameOf(connection, event.log), upto, chain);
      if (event.event === 'forked') this.store.note(this.#nameOf(connection, event.log), 'forked');
    } else if (event.event === 'end' && event.isFinal) connection.ended.add(this.#nameOf(connection, event.log));
    else if (event.event === 'violation') connection.cut();
    this.pendingMost = Math.max(this.pendingMost, this.#pending.length);
    if (this.#options.bug === 'ack-before-commit') this.#ackPending();
  }

  #meet(connection: Connection, info: Info): void {
    const named = new Set(info.logs.map((log) => logName(info.device, log.log, log.epoch)));
    connection.device = info.device;
    for (const log of info.logs) {
      const name = logName(info.device, log.log, log.epoch);
      if (connection.asked.has(name)) continue;
      connection.asked.add(name);
      const position = this.store.position(name);
      // Numbers that were used are being used again: what comes under them now is evidence, not a log to go on with.
      if (position.next > log.head) this.store.note(name, 'rolled-back');
      else connection.peer.pull(log, position, this.#options.plan.credit);
    }
    this.#closeOthers(info, named, connection);
  }

  /** Logs of this device under epochs that are no more: they end where they were. */
  #closeOthers(info: Info, named: ReadonlySet<string>, connection: Connection): void {
    const device = logName(info.device, 0, new Uint8Array(0)).split('/')[0]!;
    for (const [name, rows] of this.store.rows) {
      if (!name.startsWith(`${device}/`) || named.has(name) || rows.at(-1)?.kind === 'closed') continue;
      const { next: seq } = this.store.position(name);
      this.#pending.push({ log: name, row: { kind: 'closed', seq }, connection, info: info.logs[0]! });
    }
  }

  #nameOf(connection: Connection, info: LogInfo): string {
    return logName(connection.device!, info.log, info.epoch);
  }

  #commitSoon(): void {
    if (this.#isCommitting || this.#pending.length === 0 || !this.#isAlive) return;
    const { plan, time } = this.#options;
    this.#isCommitting = true;
    const life = this.#life;
    const batch = this.#pending.splice(0);
    time.after(plan.diskMs, () => {
      if (life !== this.#life || this.#mayDie()) return;
      this.#isCommitting = false;
      if (time.nowMs < this.#diskFullUntilMs && !this.#options.isHealed()) {
        this.#pending.unshift(...batch.filter(({ connection }) => this.#connections.has(connection)));
        time.at(this.#diskFullUntilMs, () => this.#commitSoon());
        return;
      }
      this.store.commit(batch);
      if (!this.#mayDie()) this.#ack(batch);
      this.#commitSoon();
    });
  }

  #ack(batch: readonly Pending[]): void {
    for (const { connection, info, log, row } of newestOf(batch)) {
      if (row.kind === 'closed' || !this.#connections.has(connection)) continue;
      const upto = this.store.position(log).next - 1;
      if (upto >= 0) connection.peer.ack(info, upto, 1);
      connection.turn();
    }
  }

  #ackPending(): void {
    for (const { connection, info, row } of newestOf(this.#pending)) {
      if (row.kind !== 'closed') connection.peer.ack(info, row.kind === 'lost' ? row.to : row.seq, 1);
    }
  }

  #mayDie(): boolean {
    const { plan, rng, isHealed } = this.#options;
    if (plan.killOneIn === null || isHealed() || rng.nextBelow(plan.killOneIn) !== 0) return false;
    this.#die();
    return true;
  }

  #die(): void {
    const { time, onDeath } = this.#options;
    this.#isAlive = false;
    this.#life++;
    this.deaths++;
    this.#pending = [];
    this.#isCommitting = false;
    for (const { cut } of [...this.#connections]) cut();
    this.#connections.clear();
    time.after(RESTART_MS, () => {
      this.#isAlive = true;
      onDeath();
    });
  }

  #fillDisk(everyMs: number): void {
    const { time, isHealed } = this.#options;
    time.after(everyMs, () => {
      if (isHealed()) return;
      this.#diskFullUntilMs = time.nowMs + DISK_FULL_MS;
      this.#fillDisk(everyMs);
    });
  }
}

function newestOf(batch: readonly Pending[]): Pending[] {
  return [...new Map(batch.map((pending) => [`${pending.log}`, pending])).values()];
}
