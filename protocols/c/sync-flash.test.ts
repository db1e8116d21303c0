// The C sync with its logs in flash, and the TypeScript host, which trusts nobody: over hosts that go and come, power that goes, logs that
// are erased and bits that flip it gets every item once or its loss by name, and finds no rule broken.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LogInfo } from '../generated/types.gen.ts';
import { toHex } from '../inspect/hex.ts';
import { randomOf } from '../packet/wire.testkit.ts';
import { type HostEvent, HostSync, LOG_START, type LogPosition } from '../sync/host-sync.ts';
import { encodeItem } from '../sync/item-codec.ts';
import { chainAfter } from '../sync/log-chain.ts';
import { removeFolders } from './c.testkit.ts';
import { isCryptoSkipped } from './crypto.testkit.ts';
import { compileSync, SyncInC, sampleItem } from './sync.testkit.ts';

const SEED = Number(process.env.MAIBO_FUZZ_SEED ?? Date.now() & 0x7fff_ffff);
const FLASH_RUNS = 6;
const STEPS = 400;
const SLOW = { timeout: 300_000 };

afterAll(removeFolders);

describe.skipIf(isCryptoSkipped('gcc'))('the sync in C, its logs in flash, and the TypeScript host', () => {
  let program = '';
  beforeAll(() => {
    program = compileSync('flash');
  }, 120_000);

  test(
    `every item comes once or is named lost, over restarts, erased logs and flipped bits (MAIBO_FUZZ_SEED=${SEED})`,
    SLOW,
    () => {
      const seen: Record<string, number> = {};
      for (let round = 0; round < FLASH_RUNS; round++) {
        const c = new SyncInC(program);
        const reader = new Reader(c, randomOf(SEED + 1_000 + round));
        reader.connect();
        for (let step = 0; step < STEPS; step++) reader.step();
        reader.readAll();
        for (const [kind, count] of Object.entries(reader.seen)) seen[kind] = (seen[kind] ?? 0) + count;
        c.close();
      }
      console.info(`what the host met: ${JSON.stringify(seen)}`);
      for (const kind of ['items', 'wrapped', 'freed', 'corrupt', 'checkpoint', 'checked', 'end', 'epoch'])
        expect(seen[kind] ?? 0, kind).toBeGreaterThan(0);
      expect(seen.violation ?? 0).toBe(0);
      expect(seen.forked ?? 0).toBe(0);
    },
  );
});

/** What a host keeps of one log and epoch. */
interface Copy {
  position: LogPosition;
  acked: number;
  isAsked: boolean;
}

/** A host that stores, acknowledges, goes away and comes back; and what was really written, to compare. */
class Reader {
  readonly seen: Record<string, number> = {};
  readonly #c: SyncInC;
  readonly #random: () => number;
  readonly #copies = new Map<string, Copy>();
  /** The items of each log's epoch, as they were appended behind the device's own head. */
  readonly #written = new Map<string, Map<number, string>>();
  #host = new HostSync();

  constructor(c: SyncInC, random: () => number) {
    this.#c = c;
    this.#random = random;
  }

  connect(): void {
    this.#host = new HostSync();
    for (const copy of this.#copies.values()) copy.isAsked = false;
    this.#c.begin();
    this.#listen(1_000);
  }

  step(): void {
    const dice = this.#random();
    const log = this.#host.info!.logs[Math.floor(this.#random() * 2)]!;
    if (dice < 0.5) this.#append(log);
    else if (dice < 0.75) this.#read(log);
    else if (dice < 0.9) this.#ack(log);
    else if (dice < 0.93)
      this.#c.spoil(
        log.log,
        Math.max(0, this.#headOf(log) - 1 - Math.floor(this.#random() * 40)),
        this.#random() < 0.5,
      );
    else if (dice < 0.97) this.#restart(dice > 0.95);
    else if (dice < 0.975) this.#erase(log);
    else if (dice < 0.985) this.#forget();
    this.#listen(Math.floor(this.#random() * 20));
  }

  readAll(): void {
    this.#restart(true);
    for (const log of this.#host.info!.logs) {
      const copy = this.#copyOf(log);
      this.#pull(log, 1024);
      for (;;) {
        const before = copy.position.next;
        this.#listen(1_000_000);
        if (copy.position.next === before) break;
        this.#c.take(this.#host.ack(log, copy.position.next - 1, 2));
      }
      const written = this.#written.get(nameOf(log)) ?? new Map();
      expect(copy.position.next).toBe(this.#host.info!.logs.find((one) => one.log === log.log)!.head);
      expect(copy.position.next).toBeGreaterThanOrEqual(written.size);
    }
  }

  #headOf(log: LogInfo): number {
    return Math.max(-1, ...(this.#written.get(nameOf(log))?.keys() ?? [])) + 1;
  }

  #append(log: LogInfo): void {
    const written = this.#written.get(nameOf(log)) ?? new Map<number, string>();
    this.#written.set(nameOf(log), written);
    const most = this.#random() < 0.05 ? 200 : 12;
    for (let count = Math.floor(this.#random() * most); count > 0; count--) {
      const item = sampleItem(written.size, Math.floor(this.#random() * 200));
      this.#c.append(log.log, item);
      written.set(this.#nextSeq(log, written), toHex(encodeItem(item)));
    }
  }

  /** The device may have given numbers up when it started again: its info says where it goes on. */
  #nextSeq(log: LogInfo, written: Map<number, string>): number {
    const { head } = this.#host.info!.logs.find((one) => nameOf(one) === nameOf(log))!;
    let next = Math.max(head, this.#newest.get(nameOf(log)) ?? 0);
    while (written.has(next)) next++;
    this.#newest.set(nameOf(log), next + 1);
    return next;
  }

  readonly #newest = new Map<string, number>();

  #copyOf(log: LogInfo): Copy {
    const copy = this.#copies.get(nameOf(log)) ?? { position: LOG_START, acked: -1, isAsked: false };
    this.#copies.set(nameOf(log), copy);
    return copy;
  }

  #read(log: LogInfo): void {
    this.#pull(log, 1 + Math.floor(this.#random() * 200));
  }

  #pull(log: LogInfo, credit: number): void {
    const copy = this.#copyOf(log);
    copy.isAsked = true;
    expect(this.#c.take(this.#host.pull(log, copy.position, credit))).toBe(0);
  }

  #ack(log: LogInfo): void {
    const copy = this.#copyOf(log);
    if (!copy.isAsked || copy.position.next === 0) return;
    const upto = Math.max(copy.acked, copy.position.next - 1 - Math.floor(this.#random() * 5));
    if (upto < 0) return;
    copy.acked = upto;
    expect(this.#c.take(this.#host.ack(log, upto, (1 + Math.floor(this.#random() * 3)) as 1 | 2 | 3))).toBe(0);
  }

  #restart(withPower: boolean): void {
    if (withPower) this.#c.reopen();
    this.connect();
  }

  /** Another host comes, who has nothing yet. */
  #forget(): void {
    this.#copies.clear();
    this.connect();
  }

  #erase(log: LogInfo): void {
    this.#c.erase(log.log, new Uint8Array(4));
    this.#count('epoch');
    this.#listen(1_000);
  }

  #count(kind: string): void {
    this.seen[kind] = (this.seen[kind] ?? 0) + 1;
  }

  #listen(messages: number): void {
    for (let left = messages; left > 0; left--) {
      const given = this.#c.give();
      if (given === null) return;
      for (const event of this.#host.take(given.message)) this.#store(event);
    }
  }

  #store(event: HostEvent): void {
    if (event.event === 'violation') throw new Error(event.detail);
    if (event.event === 'forked') throw new Error('two stories');
    this.#count(event.event);
    if (event.event === 'lost') {
      const { log, to, chain } = event;
      this.#count(['', 'wrapped', 'erased', 'corrupt', 'freed'][event.reason]!);
      this.#copyOf(log).position = { next: to + 1, chain };
    }
    if (event.event === 'checkpoint' && event.isChecked) this.#count('checked');
    if (event.event === 'checkpoint') {
      const copy = this.#copyOf(event.log);
      copy.position = { next: copy.position.next, chain: event.checkpoint.chain };
    }
    if (event.event === 'items') this.#keep(event.log, event.first, event.items, event.chain);
  }

  #keep(log: LogInfo, first: number, items: readonly Uint8Array[], chain: Uint8Array | null): void {
    const copy = this.#copyOf(log);
    const written = this.#written.get(nameOf(log));
    let own = copy.position.chain;
    expect(first).toBe(copy.position.next);
    for (const [index, item] of items.entries()) {
      expect(toHex(item), `item ${first + index} of ${nameOf(log)}`).toBe(written?.get(first + index));
      if (own !== null) own = chainAfter(own, item);
    }
    expect(own === null ? null : toHex(own)).toBe(chain === null ? null : toHex(chain));
    copy.position = { next: first + items.length, chain };
  }
}

function nameOf({ log, epoch }: LogInfo): string {
  return `${log}/${toHex(epoch)}`;
}
