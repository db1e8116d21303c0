// The production session against the virtual wearable over a line that loses, damages, doubles and tears. A failure names its seed.

import { LOG_START } from '@maibo/protocols';
import {
  type Clock,
  createLabLinkKey,
  createMemoryLinks,
  DeviceSession,
  encodeSamples,
  type LogItem,
  systemClock,
  systemEntropy,
} from '@maibo/sdk';
import { describe, expect, it } from 'vitest';
import { createFaultyLink, type Harm } from '../world/faulty-link.ts';
import type { BlockSource } from './block-source.ts';
import { identityOf } from './identity.ts';
import { Wearable, wearableKeys } from './wearable.ts';

const BLOCKS = 400;
const BLOCK_SAMPLES = 50;

/** Waits are fifty times sooner: what is lost at the end of a burst is found by silence. */
const hurried: Clock = {
  ...systemClock,
  nowMonotonicMs: () => systemClock.nowMonotonicMs() * 50,
  sleep: (ms, signal) => systemClock.sleep(ms / 50, signal),
};

const source: BlockSource = {
  identity: identityOf('faulty link test'),
  stream: { signal: 'ecg', sensor: 'test', rateHz: 250, unit: 'mV', gain: 1000, offset: 0, bits: 16 },
  blockCount: BLOCKS,
  read: async (seq) => {
    if (seq >= BLOCKS) return null;
    const firstSample = seq * BLOCK_SAMPLES;
    const samples = encodeSamples(
      1,
      Array.from({ length: BLOCK_SAMPLES }, (_, index) => (seq * 7 + index) % 1000),
    );
    const ticks = firstSample * 4_000;
    return { seq, firstSample, ticks, completeTicks: ticks + BLOCK_SAMPLES * 4_000, format: 1, samples };
  },
};

interface Run {
  readonly items: readonly LogItem[];
  readonly session: DeviceSession;
  readonly freed: number;
}

const keys = createLabLinkKey('gateway', 1);
const trust = { devices: [wearableKeys(source).link.publicKey], label: null, isPairing: false };

/** Reads the whole log over a faulty line, acknowledging as a collector does. */
async function readOver(seed: number, harm: Harm, pieceBytesMax = 300, clock = hurried): Promise<Run> {
  const [near, far] = createMemoryLinks();
  let freed = 0;
  const wearable = new Wearable({
    link: far,
    source,
    clock,
    entropy: systemEntropy,
    hosts: [keys.publicKey],
    speed: Number.POSITIVE_INFINITY,
    onFreed: ({ firstBlock }) => {
      freed = firstBlock;
    },
  });
  const running = wearable.run();
  const link = createFaultyLink(near, { seed, incoming: harm, outgoing: harm, pieceBytesMax });
  const session = await DeviceSession.open(link, { clock, entropy: systemEntropy }, { keys, trust });
  const log = session.info.logs[0]!;
  const items: LogItem[] = [];
  let newest = -1;
  let waiting = 0;
  for await (const item of session.read(log, LOG_START)) {
    if (item.kind !== 'quiet') items.push(item);
    if (item.kind === 'item') {
      newest = item.seq;
      waiting++;
    }
    if (waiting === 0 || (waiting < 64 && item.kind !== 'quiet')) continue;
    waiting = 0;
    await session.ack(log, newest, 1);
  }
  await session.close();
  await far.close();
  await running;
  return { items, session, freed };
}

async function expectWhole(seed: number, run: Run): Promise<void> {
  const numbers = run.items.flatMap((item) => (item.kind === 'item' ? [item.seq] : []));
  expect(numbers, `seed ${seed}: every item once, in order`).toEqual(Array.from({ length: BLOCKS }, (_, seq) => seq));
  expect(run.items.at(-1), `seed ${seed}: the end`).toEqual({ kind: 'end', head: BLOCKS, final: true });
  for (const item of run.items) {
    if (item.kind !== 'item') continue;
    const sent = await source.read(item.seq);
    expect(Buffer.compare(item.block!.bytes, sent!.samples), `seed ${seed}: item ${item.seq}`).toBe(0);
  }
}

describe('a session over a faulty line', () => {
  for (const [index, chance] of [0, 0.01, 0.02, 0.03, 0.05].entries()) {
    it(`gets every item once, in order, when ${chance * 100} % of the pieces are lost, damaged or doubled`, async () => {
      for (const seed of [11, 22, 33].map((base) => base * 10 + index)) {
        const run = await readOver(seed, { drop: chance / 3, flip: chance / 3, duplicate: chance / 3 });
        await expectWhole(seed, run);
        if (chance === 0) expect(run.session.stats.badFrames, `seed ${seed}`).toBe(0);
        else expect(run.session.stats.badFrames, `seed ${seed}: the line did harm`).toBeGreaterThan(0);
      }
    }, 60_000);
  }

  it('gets every block when single bytes arrive one by one', async () => {
    await expectWhole(7, await readOver(7, {}, 1, systemClock));
  });
});
