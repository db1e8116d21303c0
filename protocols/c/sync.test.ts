// The C sync beside the TypeScript device: it says the same, whatever a host asks and whatever happens to the logs.

import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import type { LogInfo, Message } from '../generated/types.gen.ts';
import { fromHex, toHex } from '../inspect/hex.ts';
import { encodeMessage } from '../message/message-codec.ts';
import { randomOf } from '../packet/wire.testkit.ts';
import { generateEd25519 } from '../security/ed25519.ts';
import { MemoryLog } from '../sync/device-log.ts';
import { DeviceSync, type Outgoing } from '../sync/device-sync.ts';
import { encodeItem } from '../sync/item-codec.ts';
import { mutate } from '../vectors/mutate.testkit.ts';
import { readVectors } from '../vectors/read-vectors.ts';
import { CORTEX_M4, compileOnly, isSkipped, LINK_C, removeFolders, run } from './c.testkit.ts';
import { cryptoIncludes, isCryptoSkipped } from './crypto.testkit.ts';
import { BULK, BYE, CONTROL, compileSync, SIGNER_SEED, SyncInC, sampleItem, VIOLATIONS } from './sync.testkit.ts';

const SEED = Number(process.env.MAIBO_FUZZ_SEED ?? Date.now() & 0x7fff_ffff);
const LOCKSTEP_RUNS = 20;
const LOCKSTEP_STEPS = 120;
const HOSTILE_MESSAGES = 3_000;
const SLOW = { timeout: 300_000 };
const SOURCES = ['ml_sync.c', 'ml_sync_serve.c', 'ml_message.c', 'ml_shape.c', 'ml_item.c', 'ml_log.c', 'ml_chain.c'];
/** As test/sync.c and test/store_memory.c have it. */
const KEPT_ITEMS = 700;
const OF_DEVICE = { firmware: 'test 1', boot: 5, tickRateHz: 1000 };
const STREAMS: LogInfo['stream'][] = [
  { signal: 'ecg', sensor: 'test', rateHz: 250, unit: 'mV', gain: 200.5, offset: -12, bits: 18 },
  { signal: 'rr', sensor: 'test', rateHz: null, unit: 'us', gain: 1, offset: 0, bits: 32 },
];

afterAll(removeFolders);

describe.skipIf(isCryptoSkipped('gcc'))('the sync in C, its logs in memory', () => {
  let program = '';
  let c: SyncInC;
  const opened: SyncInC[] = [];
  beforeAll(() => {
    program = compileSync('memory');
  }, 120_000);
  afterEach(() => {
    for (const one of opened.splice(0)) one.close();
  });

  function open(): SyncInC {
    c = new SyncInC(program);
    opened.push(c);
    c.begin();
    return c;
  }

  function epochOf(log: number): Uint8Array {
    return Uint8Array.of(log, 0, 0, 0);
  }

  test(
    `says what the TypeScript device says, ${LOCKSTEP_RUNS} times ${LOCKSTEP_STEPS} steps (MAIBO_FUZZ_SEED=${SEED})`,
    SLOW,
    () => {
      const kinds: Record<string, number> = {};
      for (let round = 0; round < LOCKSTEP_RUNS; round++) {
        const twin = new Twins(open(), randomOf(SEED + round));
        for (let step = 0; step < LOCKSTEP_STEPS; step++) twin.step();
        for (const [kind, count] of Object.entries(twin.kinds)) kinds[kind] = (kinds[kind] ?? 0) + count;
        opened.pop()!.close();
      }
      for (const kind of ['info', 'items', 'lost', 'checkpoint', 'log-end', 'failure', 'time-pong'])
        expect(kinds[kind] ?? 0, kind).toBeGreaterThan(LOCKSTEP_RUNS);
    },
  );

  it('begins with its info, and says nothing else before it is asked', () => {
    const [{ channel, message }, ...rest] = open().drain() as [ReturnType<SyncInC['drain']>[0]];
    expect(rest).toEqual([]);
    expect(channel).toBe(CONTROL);
    const logs = [1, 2].map((log) => ({
      log,
      epoch: epochOf(log),
      first: 0,
      head: 0,
      final: false,
      stream: STREAMS[log - 1],
    }));
    expect(message).toMatchObject({ type: 'info', ...OF_DEVICE, logs });
  });

  it('fills messages, but the first behind a pull is short, and gives every channel its own', () => {
    open().drain();
    for (let seq = 0; seq < 100; seq++) c.append(1, sampleItem(seq, 40));
    c.take({ type: 'pull', log: 1, epoch: epochOf(1), from: 0, credit: 1024 });
    c.take({ type: 'time-ping', id: 7 });
    expect(c.give(1 << BULK)).toMatchObject({ channel: BULK, message: { type: 'items', first: 0 } });
    const second = c.give(1 << BULK)!;
    expect(second.bytes).toBeGreaterThan(1_900);
    expect(second.bytes).toBeLessThanOrEqual(2_000);
    expect(c.give(1 << CONTROL)).toMatchObject({ channel: CONTROL, message: { type: 'time-pong', id: 7 } });
    expect(c.give(1 << CONTROL)).toBeNull();
    const sizes = c.drain().map(({ bytes }) => bytes);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2_000);
  });

  it('gives an item that fills a message alone, and says so when one is longer than any', () => {
    open().drain();
    c.append(1, sampleItem(0, 600));
    c.append(1, sampleItem(1, 20));
    c.take({ type: 'pull', log: 1, epoch: epochOf(1), from: 0, credit: 5 });
    expect(() => c.give(1 << BULK, 1_200)).toThrow('give answers -11');
    const [first, second] = c.drain(1_300);
    expect([first, second]).toMatchObject([{ message: { first: 0 } }, { message: { first: 1 } }]);
  });

  it('previews what a host wants to see, and nothing else', () => {
    open().drain();
    const item = sampleItem(3, 10);
    expect(c.live(1, item, 0)).toBeNull();
    expect(c.take({ type: 'want-live', log: 1, on: true })).toBe(0);
    const { type: _, boot: __, ...shown } = item;
    expect(c.live(1, item, 4)).toEqual({ type: 'live', log: 1, epoch: epochOf(1), dropped: 4, ...shown });
    expect(c.live(2, item, 4)).toBeNull();
    expect(c.live(1, { type: 'event-item', boot: 1, ticks: 2, code: 3, number: null }, 4)).toBeNull();
    c.take({ type: 'want-live', log: 1, on: false });
    expect(c.live(1, item, 5)).toBeNull();
  });

  it('answers what makes no sense with failure 5, and ends the session after sixteen; unknown numbers with failure 2, for ever', () => {
    open().drain();
    const unknown = fromHex('82186301');
    const malformed = readVectors('malformed-messages.json').cases.filter(
      ({ code }: { code: string }) => code !== 'unknown-number',
    );
    for (let count = 0; count < 16; count++) {
      expect(c.take(fromHex(malformed[count].hex)), malformed[count].why).toBe(0);
      expect(c.take(unknown)).toBe(0);
      const answers = c.drain().map(({ message }) => message);
      expect(answers).toMatchObject([
        { type: 'failure', code: 5 },
        { type: 'failure', code: 2 },
      ]);
    }
    expect(c.counters).toMatchObject({ violations: 16, unknown: 16 });
    expect(c.take({ type: 'time-pong', id: 1, boot: 1, ticks: 1 })).toBe(VIOLATIONS);
  });

  it(`outlives a host that says what is nearly right (MAIBO_FUZZ_SEED=${SEED})`, SLOW, () => {
    const random = randomOf(SEED);
    const good = readVectors('messages.json').cases.map(({ hex }: { hex: string }) => fromHex(hex));
    open().drain();
    const statuses: Record<number, number> = {};
    for (let count = 0; count < HOSTILE_MESSAGES; count++) {
      if (count % 50 === 0) c.append(1 + (count % 2), sampleItem(count, 30));
      const status = c.take(mutate(good[Math.floor(random() * good.length)]!, random));
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status !== 0) c.begin();
      if (count % 3 === 0) c.drain();
      while (!c.hasRoom) c.give();
    }
    expect(Object.keys(statuses).map(Number).sort()).toEqual([BYE, 0, VIOLATIONS].sort());
  });

  it('takes no more when its answers are full, and goes on when they are given', () => {
    open().drain();
    let taken = 0;
    while (c.hasRoom && taken < 100) {
      expect(c.take({ type: 'time-ping', id: taken })).toBe(0);
      taken++;
    }
    expect(taken).toBeGreaterThanOrEqual(6);
    expect(c.take({ type: 'time-ping', id: 999 })).toBe(-12);
    expect(c.drain().map(({ message }) => message)).toMatchObject(Array.from({ length: taken }, (_, id) => ({ id })));
    expect(c.take({ type: 'bye', code: 0 })).toBe(BYE);
  });

  it('says a checkpoint only where it knows the chain, and a hole with null where it does not', () => {
    open().drain();
    for (let seq = 0; seq < 300; seq++) c.append(1, sampleItem(seq, 4));
    c.spoil(1, 254, true);
    c.spoil(1, 255, true);
    c.take({ type: 'pull', log: 1, epoch: epochOf(1), from: 250, credit: 1024 });
    const said = c.drain().map(({ message }) => message);
    expect(said.filter(({ type }) => type === 'lost')).toMatchObject([{ from: 254, to: 255, reason: 3, chain: null }]);
    expect(said.filter(({ type }) => type === 'checkpoint')).toMatchObject([{ upto: 299 }]);
  });
});

/** The C device and the TypeScript device, to whom the same happens. */
class Twins {
  readonly kinds: Record<string, number> = {};
  readonly #c: SyncInC;
  readonly #random: () => number;
  readonly #logs: MemoryLog[];
  readonly #ts: DeviceSync;
  #said: Outgoing[];
  #ticks = 0;

  constructor(c: SyncInC, random: () => number) {
    const signer = generateEd25519(SIGNER_SEED);
    this.#c = c;
    this.#random = random;
    this.#logs = STREAMS.map((stream, index) => {
      const log = index + 1;
      return new MemoryLog({ log, epoch: Uint8Array.of(log, 0, 0, 0), stream, itemsMax: KEPT_ITEMS, freeLevel: 2 });
    });
    this.#ts = new DeviceSync({
      identity: {
        ...OF_DEVICE,
        device: Uint8Array.from({ length: 16 }, (_, at) => at),
        signer: signer.publicKey,
        sign: (bytes) => signer.sign(bytes),
      },
      logs: this.#logs,
      host: new Uint8Array(32),
      nowTicks: () => this.#ticks,
      messageBytesMax: 2_000,
      onClockSet: ({ source }) => source >= 3,
    });
    this.#said = [this.#ts.introduce()];
    this.#expectSame('the beginning');
  }

  /** One thing happens to both; then both say all they have to say, and it is the same. */
  step(): void {
    const dice = this.#random();
    const index = this.#below(2);
    const log = this.#logs[index]!;
    if (dice < 0.35) this.#append(log);
    else if (dice < 0.42) this.#spoil(log);
    else if (dice < 0.44) this.#erase(log);
    else if (dice < 0.46) this.#finish(log);
    else this.#hostSays(log);
    this.#expectSame(`${dice}`);
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #append(log: MemoryLog): void {
    if (log.isFinal) return;
    const long = this.#random() < 0.2;
    for (let count = this.#below(long ? 400 : 20); count > 0; count--) {
      const item = sampleItem(log.head, this.#below(30));
      log.append(encodeItem(item));
      this.#c.append(log.log, item);
    }
  }

  /** Of what the store still has: an unreadable item whose chain is known. */
  #spoil(log: MemoryLog): void {
    if (log.head === log.first) return;
    const seq = log.first + this.#below(log.head - log.first);
    log.spoil(seq);
    this.#c.spoil(log.log, seq);
  }

  #erase(log: MemoryLog): void {
    const epoch = Uint8Array.from({ length: 4 }, () => this.#below(256));
    log.erase(epoch);
    this.#c.erase(log.log, epoch);
  }

  #finish(log: MemoryLog): void {
    log.end();
    this.#c.finish(log.log);
  }

  #hostSays(log: MemoryLog): void {
    const message = this.#hostMessage(log);
    this.#ticks += this.#below(1000);
    this.#c.setTicks(this.#ticks);
    this.#said.push(...this.#ts.take(message));
    expect(this.#c.take(message)).toBe(0);
  }

  #hostMessage(log: MemoryLog): Message {
    const about = {
      log: this.#random() < 0.05 ? 9 : log.log,
      epoch: this.#random() < 0.05 ? Uint8Array.of(9, 9, 9, 9) : log.epoch,
    };
    const dice = this.#random();
    if (dice < 0.35)
      return {
        type: 'pull',
        ...about,
        from: this.#below(log.head + 3),
        credit: 1 + this.#below(this.#random() < 0.5 ? 10 : 1024),
      };
    if (dice < 0.8)
      return { type: 'ack', ...about, upto: this.#below(log.head + 2), level: (1 + this.#below(3)) as 1 | 2 | 3 };
    if (dice < 0.9) return { type: 'time-ping', id: this.#below(2 ** 32) };
    if (dice < 0.95)
      return {
        type: 'clock-set',
        utcUs: 1_700_000_000_000_000,
        source: this.#below(5) as 0 | 1 | 2 | 3 | 4,
        uncertaintyUs: 5,
      };
    return { type: 'want-live', log: about.log, on: this.#random() < 0.5 };
  }

  #expectSame(what: string): void {
    const theirs = this.#said.splice(0);
    for (let one = this.#ts.next(); one !== null; one = this.#ts.next()) theirs.push(one);
    const ours = this.#c.drain().map(({ message }) => message);
    for (const { type } of ours) this.kinds[type] = (this.kinds[type] ?? 0) + 1;
    for (const log of [null, 1, 2])
      expect(flat(ours, log), what).toEqual(
        flat(
          theirs.map(({ message }) => message),
          log,
        ),
      );
  }
}

/** What is said of one log, item by item: how items are put into messages is each device's own. `null`: what is of no log. */
function flat(messages: readonly Message[], log: number | null): string[] {
  return messages.flatMap((message) => {
    const about = 'log' in message ? message.log : null;
    if (about !== log) return [];
    if (message.type === 'items')
      return message.items.map((item, index) => `item ${message.first + index} ${toHex(item)}`);
    if (message.type === 'failure') return [`failure ${message.code}`];
    return [toHex(encodeMessage(message))];
  });
}

describe.skipIf(isSkipped('arm-none-eabi-gcc'))('the sources of the sync on a Cortex-M4', () => {
  it('compile without a warning', SLOW, () => {
    compileOnly('arm-none-eabi-gcc', SOURCES, [...CORTEX_M4, '-Os', ...(isCryptoSkipped() ? [] : cryptoIncludes())]);
  });
});

describe.skipIf(isSkipped('cppcheck'))('the sources of the sync under cppcheck', () => {
  it('have nothing to answer for', SLOW, () => {
    const flags = [
      '--std=c99',
      '--enable=warning,performance,portability',
      '--error-exitcode=1',
      '--quiet',
      `-I${LINK_C}`,
    ];
    expect(run('cppcheck', [...flags, ...SOURCES.map((source) => `${LINK_C}${source}`)]).toString()).toBe('');
  });
});
