// The production session against the virtual wearable over a line that loses, damages, doubles and tears. A failure names its seed.

import { decodeMessage, encodeCbor, encodeFrame, encodeMessage, type Message, SerialFramer } from '@maibo/protocols';
import {
  type Clock,
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
import { Wearable } from './wearable.ts';

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
  readonly pulls: readonly number[];
  readonly session: DeviceSession;
  readonly freed: number;
}

/** Reads the whole log over a faulty line, acknowledging as a collector does. */
async function readOver(seed: number, harm: Harm, pieceBytesMax = 300): Promise<Run> {
  const [near, far] = createMemoryLinks();
  const pulls: number[] = [];
  let freed = 0;
  const spied = {
    ...far,
    name: far.name,
    chunks: spyOn(far.chunks, (pull) => pulls.push(pull)),
    write: far.write.bind(far),
    close: far.close.bind(far),
  };
  const wearable = new Wearable({
    link: spied,
    source,
    clock: hurried,
    speed: Number.POSITIVE_INFINITY,
    firstBlock: 0,
    onFreed: (first) => (freed = first),
  });
  const running = wearable.run();
  const link = createFaultyLink(near, { seed, incoming: harm, outgoing: harm, pieceBytesMax });
  const session = await DeviceSession.open(link, { clock: hurried, entropy: systemEntropy });
  const log = session.info.logs[0]!;
  const items: LogItem[] = [];
  let waiting = 0;
  for await (const item of session.read(log, 0)) {
    if (item.kind !== 'quiet') items.push(item);
    if (item.kind === 'block') waiting++;
    const newest = items.findLast((candidate) => candidate.kind === 'block');
    if (waiting === 0 || newest === undefined || (waiting < 64 && item.kind !== 'quiet')) continue;
    waiting = 0;
    await session.ack(log, newest.block.seq, 1);
  }
  await session.close();
  await running;
  return { items, pulls, session, freed };
}

/** Numbers of the pulls that reach the device. */
async function* spyOn(chunks: AsyncIterable<Uint8Array>, onPull: (from: number) => void): AsyncGenerator<Uint8Array> {
  const framer = new SerialFramer();
  for await (const chunk of chunks) {
    for (const frame of framer.push(chunk)) {
      const message = frame.ok ? decodeMessage(frame.value) : frame;
      if (message.ok && message.value.type === 'pull') onPull(message.value.from);
    }
    yield chunk;
  }
}

async function expectWhole(seed: number, run: Run): Promise<void> {
  const numbers = run.items.flatMap((item) => (item.kind === 'block' ? [item.block.seq] : []));
  expect(numbers, `seed ${seed}: every block once, in order`).toEqual(Array.from({ length: BLOCKS }, (_, seq) => seq));
  expect(run.items.at(-1), `seed ${seed}: the end`).toEqual({ kind: 'end', head: BLOCKS, final: true });
  for (const item of run.items) {
    if (item.kind !== 'block') continue;
    const sent = await source.read(item.block.seq);
    expect(Buffer.compare(item.block.bytes, sent!.samples), `seed ${seed}: block ${item.block.seq}`).toBe(0);
  }
}

describe('a session over a faulty line', () => {
  for (const [index, chance] of [0, 0.01, 0.02, 0.03, 0.05].entries()) {
    it(`gets every block once, in order, when ${chance * 100} % of the pieces are lost, damaged or doubled`, async () => {
      for (const seed of [11, 22, 33].map((base) => base * 10 + index)) {
        const run = await readOver(seed, { drop: chance / 3, flip: chance / 3, duplicate: chance / 3 });
        await expectWhole(seed, run);
        const again = run.session.stats.repulls;
        if (chance === 0) expect(again, `seed ${seed}`).toBe(0);
        // A repeated pull is the answer to one loss: never one for each block that came behind it.
        const losses = [...run.session.stats.faults.values()].reduce((sum, count) => sum + count, 0);
        expect(again, `seed ${seed}: ${losses} damaged frames`).toBeLessThanOrEqual(losses + 20);
      }
    });
  }

  it('gets every block when single bytes arrive one by one', async () => {
    await expectWhole(7, await readOver(7, {}, 1));
  });

  it('asks once for each block that is missing, not for every one that comes behind it', async () => {
    const run = await readOver(41, { drop: 0.004 }, 300);
    await expectWhole(41, run);
    const counts = new Map<number, number>();
    for (const from of run.pulls) counts.set(from, (counts.get(from) ?? 0) + 1);
    expect(run.pulls.length, 'the line did lose something').toBeGreaterThan(1);
    // Asked for twice only when what was sent again was lost as well.
    expect(Math.max(...counts.values()), `pulls ${run.pulls.join(' ')}`).toBeLessThanOrEqual(2);
  });
});

describe('the virtual wearable', () => {
  async function ask(...messages: readonly (Message | Uint8Array)[]): Promise<Message[]> {
    const [host, device] = createMemoryLinks();
    const wearable = new Wearable({
      link: device,
      source,
      clock: hurried,
      speed: Number.POSITIVE_INFINITY,
      firstBlock: 0,
    });
    const running = wearable.run();
    for (const message of messages)
      await host.write(encodeFrame(message instanceof Uint8Array ? message : encodeMessage(message)));
    await host.write(encodeFrame(encodeMessage({ type: 'bye', code: 0 })));
    await running;
    await device.close();
    const heard: Message[] = [];
    const framer = new SerialFramer();
    for await (const chunk of host.chunks) {
      for (const frame of framer.push(chunk)) {
        const message = frame.ok ? decodeMessage(frame.value) : frame;
        if (message.ok) heard.push(message.value);
      }
    }
    return heard;
  }

  const epoch = source.identity.slice(16, 20);

  it('answers an unknown message number with a failure and goes on', async () => {
    const heard = await ask(encodeCbor([77]), { type: 'time-ping', id: 5 });
    expect(heard).toMatchObject([
      { type: 'failure', code: 2 },
      { type: 'time-pong', id: 5 },
    ]);
  });

  it('refuses a version it does not speak', async () => {
    const heard = await ask({ type: 'hello', versions: [9], nonce: new Uint8Array(8) });
    expect(heard).toMatchObject([{ type: 'failure', code: 1 }]);
  });

  it('refuses a pull of another log and of an erased one', async () => {
    const heard = await ask(
      { type: 'pull', log: 9, epoch, from: 0, credit: 1 },
      { type: 'pull', log: 1, epoch: new Uint8Array(4), from: 0, credit: 1 },
    );
    expect(heard).toMatchObject([
      { type: 'failure', code: 3 },
      { type: 'failure', code: 4 },
    ]);
  });
});
