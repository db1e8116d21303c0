// The packet layer in C against the one in TypeScript, over a wire that drops, repeats, flips and cuts what it carries.

import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dialogue, isSkipped, removeFolders } from './c.testkit.ts';
import {
  CEnd,
  type End,
  type Happening,
  type Harm,
  Line,
  type LinkOptions,
  startPackets,
  TsEnd,
} from './line.testkit.ts';

const SEED = Number(process.env.MAIBO_FUZZ_SEED ?? Date.now() & 0x7fff_ffff);
const DAY_MS = 86_400_000;

interface Planned {
  readonly channel: number;
  readonly bytes: number;
}

/** Less than a tenth of the frames is lost: every message has to come. */
const harms = harmsUpTo(33);
/** Up to two thirds: eleven time-outs in a row end a link of small windows and packets before all has come. */
const storms = harmsUpTo(300);
const wide = fc.record({
  window: fc.constantFrom(1, 2, 8, 16, 64),
  packetBytes: fc.constantFrom(20, 57, 244, 1024),
  messageBytesMax: fc.constant(3_000),
  keepAliveMs: fc.constantFrom(0, 10_000),
});

afterAll(removeFolders);

describe.skipIf(isSkipped('gcc', 'mkfifo'))(`packets in C and in TypeScript (MAIBO_FUZZ_SEED=${SEED})`, () => {
  let wideProgram: Dialogue;
  let program: Dialogue;
  beforeAll(() => {
    wideProgram = startPackets(true);
    program = startPackets(false);
  }, 300_000);
  afterAll(() => {
    wideProgram?.close();
    program?.close();
  });

  function lineOf(
    seed: number,
    harm: Harm,
    { c, ts }: { c: LinkOptions; ts: LinkOptions },
    of: Dialogue = wideProgram,
  ): Line {
    return new Line({ c: new CEnd(of, c, seed), ts: new TsEnd(ts, seed + 1) }, harm, seed + 2);
  }

  const plan = fc.array(fc.record({ channel: fc.nat(15), bytes: fc.integer({ min: 1, max: 3_000 }) }), {
    minLength: 1,
    maxLength: 10,
  });

  it('gives every message once and in the order of its channel, whatever the wire does', () => {
    fc.assert(
      fc.property(fc.nat(), harms, wide, wide, plan, plan, (seed, harm, c, ts, toTs, toC) => {
        const line = opened(lineOf(seed, harm, { c, ts }));
        exchange(line, { c: toTs, ts: toC });
      }),
      { numRuns: 40, seed: SEED },
    );
  }, 300_000);

  it('gives nothing twice, and nothing out of order, on a wire on which it dies', () => {
    let deaths = 0;
    fc.assert(
      fc.property(fc.nat(), storms, wide, wide, plan, plan, (seed, harm, c, ts, toTs, toC) => {
        const line = opened(lineOf(seed, {}, { c, ts }));
        Object.assign(line.harm, harm);
        if (sendUntilDead(line, { c: toTs, ts: toC })) deaths++;
        expectBeginning(line.ends.ts, toTs);
        expectBeginning(line.ends.c, toC);
      }),
      { numRuns: 20, seed: SEED },
    );
    console.log(`${deaths} of 20 links died`);
  }, 300_000);

  it('does so with the memory of a device', () => {
    const c = { window: 8, packetBytes: 244, messageBytesMax: 512, keepAliveMs: 10_000 };
    const toC = fc.array(fc.record({ channel: fc.constant(0), bytes: fc.integer({ min: 1, max: 512 }) }), {
      maxLength: 40,
    });
    const toTs = fc.array(fc.record({ channel: fc.nat(2), bytes: fc.integer({ min: 1, max: 2_048 }) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(fc.nat(), harms, toTs, toC, (seed, harm, ...[fromC, fromTs]) => {
        const ts = { window: 32, packetBytes: 1_024, messageBytesMax: 16_383, keepAliveMs: 10_000 };
        exchange(opened(lineOf(seed, harm, { c, ts }, program)), { c: fromC, ts: fromTs });
      }),
      { numRuns: 60, seed: SEED },
    );
  }, 300_000);

  it('begins anew when either end restarts in the middle, with nothing of before', () => {
    const restart = fc.record({ who: fc.constantFrom('c', 'ts', 'both' as const), afterMs: fc.nat(600) });
    const options = { window: 16, packetBytes: 57, messageBytesMax: 3_000, keepAliveMs: 0 };
    fc.assert(
      fc.property(fc.nat(), harms, fc.array(restart, { minLength: 1, maxLength: 4 }), (seed, harm, restarts) => {
        const line = opened(lineOf(seed, harm, { c: options, ts: options }));
        for (const [turn, { who, afterMs }] of restarts.entries()) {
          for (const end of ends(line))
            for (let number = 0; number < 3; number++) end.send(number, messageOf(99, 2_000));
          line.run(afterMs);
          if (who !== 'ts') line.ends.c.open(options, line.nowMs);
          if (who !== 'c') line.ends.ts = new TsEnd(options, seed + 10 * turn);
          opened(line);
        }
        exchange(line, { c: planOf(0, 500, 1, 700), ts: planOf(0, 500, 1, 700) });
      }),
      { numRuns: 60, seed: SEED },
    );
  }, 300_000);

  it('goes on through a change of the longest packet in the middle of a message', () => {
    const options = { window: 8, packetBytes: 244, messageBytesMax: 3_000, keepAliveMs: 0 };
    const line = opened(lineOf(SEED, { drop: 0.1 }, { c: options, ts: options }));
    const plan = planOf(2, 3_000, 2, 3_000, 0, 200, 2, 2_999, 1, 1_000);
    let turn = 0;
    exchange(line, { c: plan, ts: plan }, () => {
      line.ends.c.packetBytes = [20, 1_024, 99, 21][turn++ & 3]!;
    });
  });

  it.each([
    [0, 1],
    [0.01, 1.1],
    [0.05, 1.4],
    [0.2, 1.6],
  ])('sends at a loss of %s at most %s times what is needed', (drop, ratioMax) => {
    for (const window of [8, 16, 64]) {
      const options = { window, packetBytes: 20, messageBytesMax: 3_000, keepAliveMs: 0 };
      const line = opened(lineOf(5, { drop }, { c: options, ts: options }));
      exchange(line, { c: Array.from({ length: 20 }, () => ({ channel: 2, bytes: 1_500 })), ts: [] });
      const { sent, repeated } = line.ends.c.counts;
      expect(sent / (sent - repeated)).toBeLessThanOrEqual(ratioMax);
    }
  });

  it.each(['c', 'ts'] as const)('lets %s pause the other for five minutes, and loses nothing', (end) => {
    const options = { window: 8, packetBytes: 244, messageBytesMax: 3_000, keepAliveMs: 10_000 };
    const line = opened(lineOf(SEED, { drop: 0.05 }, { c: options, ts: options }));
    const plan = Array.from({ length: 40 }, () => ({ channel: 2, bytes: 2_900 }));
    const waiting = { c: [...plan.entries()], ts: [...plan.entries()] };
    line.ends[end].isHeld = true;
    const endMs = line.nowMs + 300_000;
    while (line.nowMs < endMs) {
      sendNext(line.ends.c, waiting.c);
      sendNext(line.ends.ts, waiting.ts);
      line.run(5_000);
    }
    const other = end === 'c' ? 'ts' : 'c';
    expect(line.ends[end].happenings).toEqual([]);
    expect(line.ends[other].isIdle).toBe(false);
    line.ends[end].isHeld = false;
    const got = () => ends(line).map((one) => messagesOf(one).length + Number(one.happenings.some(isDeath)) * 1_000);
    line.until(() => {
      sendNext(line.ends.c, waiting.c);
      sendNext(line.ends.ts, waiting.ts);
      return got().every((count) => count >= plan.length);
    }, DAY_MS);
    expectInOrder(line.ends.c, plan);
    expectInOrder(line.ends.ts, plan);
  });

  it('lets a short live message overtake a long one of bulk', () => {
    const options = { window: 4, packetBytes: 20, messageBytesMax: 3_000, keepAliveMs: 0 };
    const line = opened(lineOf(1, {}, { c: options, ts: options }));
    line.ends.c.send(2, messageOf(0, 2_000));
    line.run(100);
    line.ends.c.send(1, messageOf(1, 40));
    line.until(() => messagesOf(line.ends.ts).length === 2, DAY_MS);
    expect(messagesOf(line.ends.ts).map(({ channel }) => channel)).toEqual([1, 2]);
  });
});

/** Each of them up to so many in a thousand. By whole numbers: of doubles most that are drawn are next to nothing. */
function harmsUpTo(perMille: number) {
  const chance = fc.nat(perMille).map((count) => count / 1_000);
  return fc.record({ drop: chance, repeat: chance, flip: chance, cut: chance });
}

function isDeath({ event }: Happening): boolean {
  return event === 'dead';
}

function ends(line: Line): End[] {
  return [line.ends.c, line.ends.ts];
}

/** Until both have opened, or opened anew; forgets what happened before. */
function opened(line: Line): Line {
  const areOpen = () => ends(line).every(({ happenings }) => happenings.some(({ event }) => event === 'open'));
  line.until(areOpen, 600_000);
  for (const { happenings } of ends(line)) happenings.length = 0;
  return line;
}

function messageOf(number: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, index) => (number * 31 + index * 7) & 0xff);
}

function planOf(...numbers: number[]): Planned[] {
  return numbers.flatMap((channel, index) => (index % 2 === 0 ? [{ channel, bytes: numbers[index + 1]! }] : []));
}

function messagesOf({ happenings }: End) {
  return happenings.filter((one) => one.event === 'message');
}

/** Sends from both ends whatever the plan says, lets it arrive, and looks whether that was all and in order. */
function exchange(
  line: Line,
  plan: { readonly c: readonly Planned[]; readonly ts: readonly Planned[] },
  turn = () => {},
): void {
  const waiting = { c: [...plan.c.entries()], ts: [...plan.ts.entries()] };
  const { c, ts } = line.ends;
  const isDone = () => {
    turn();
    sendNext(c, waiting.c);
    sendNext(ts, waiting.ts);
    return messagesOf(ts).length >= plan.c.length && messagesOf(c).length >= plan.ts.length && c.isIdle && ts.isIdle;
  };
  line.until(isDone, DAY_MS);
  expectInOrder(ts, plan.c);
  expectInOrder(c, plan.ts);
}

/** Sends from both ends whatever the plan says, until all has come or an end is dead; is one? */
function sendUntilDead(line: Line, plan: { readonly c: readonly Planned[]; readonly ts: readonly Planned[] }): boolean {
  const waiting = { c: [...plan.c.entries()], ts: [...plan.ts.entries()] };
  const { c, ts } = line.ends;
  const isDead = () => ends(line).some(({ happenings }) => happenings.some(isDeath));
  line.until(() => {
    if (isDead()) return true;
    sendNext(c, waiting.c);
    sendNext(ts, waiting.ts);
    return messagesOf(ts).length >= plan.c.length && messagesOf(c).length >= plan.ts.length;
  }, DAY_MS);
  return isDead();
}

/** The first message of each channel that has room for it. */
function sendNext(end: End, waiting: [number, Planned][]): void {
  const full = new Set<number>();
  for (const one of [...waiting]) {
    const [number, { channel, bytes }] = one;
    if (full.has(channel)) continue;
    if (end.send(channel, messageOf(number, bytes))) waiting.splice(waiting.indexOf(one), 1);
    else full.add(channel);
  }
}

/** What came on each channel is how its plan begins. */
function expectBeginning(end: End, plan: readonly Planned[]): void {
  for (const channel of new Set([...plan, ...messagesOf(end)].map((one) => one.channel))) {
    const found = messagesOf(end).flatMap((one) => (one.channel === channel ? [one.bytes] : []));
    const wanted = plan.flatMap((one, number) => (one.channel === channel ? [messageOf(number, one.bytes)] : []));
    expect(found).toEqual(wanted.slice(0, found.length));
  }
}

function expectInOrder(end: End, plan: readonly Planned[]): void {
  expect(end.happenings.filter(({ event }) => event !== 'message')).toEqual([]);
  expectBeginning(end, plan);
  expect(messagesOf(end)).toHaveLength(plan.length);
}
