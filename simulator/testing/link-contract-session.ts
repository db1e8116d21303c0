// The link contract over time: hundreds of reconnects leave nothing behind, and a session of Maibo Link reads a log whole.
import assert from 'node:assert/strict';
import { LOG_START, type LogPosition } from '@maibo/protocols';
import {
  createLabLinkKey,
  DeviceSession,
  encodeSamples,
  type Link,
  type LogItem,
  systemClock,
  systemEntropy,
} from '@maibo/sdk';
import type { BlockSource } from '../device/block-source.ts';
import { type Freed, NOTHING_FREED } from '../device/freed-state.ts';
import { identityOf } from '../device/identity.ts';
import { Wearable, wearableKeys } from '../device/wearable.ts';
import { echo } from './link-contract-transfer.ts';
import { inTime, limitsOf, Reader, until, withEnds } from './link-ends.ts';
import { canRun, type LinkContractCase, type LinkRig } from './link-rig.ts';

export const SESSION_CASES: readonly LinkContractCase[] = [
  { name: 'reconnects hundreds of times and leaves nothing behind', run: reconnects },
  { name: 'carries a session that reads a log whole', run: readsLog },
  { name: 'carries a log over a reconnect, each item once', needs: ['unplug'], run: readsLogOverReconnect },
];

/** Whatever is made once is made by then. */
const WARM_UP = 10;
const UNPLUG_EVERY = 5;

async function reconnects(rig: LinkRig): Promise<void> {
  const { reconnects: cycles } = limitsOf(rig);
  const startMs = systemClock.nowMonotonicMs();
  for (let cycle = 0; cycle < WARM_UP; cycle++) await reconnect(rig, cycle);
  const before = await rig.counts();
  for (let cycle = 0; cycle < cycles; cycle++) await reconnect(rig, cycle);
  let after = await rig.counts();
  const grown = () => Object.keys(after).filter((name) => after[name]! > (before[name] ?? 0));
  // The last ones may still be on their way out.
  for (let look = 0; look < 50 && grown().length > 0; look++) {
    await systemClock.sleep(20);
    after = await rig.counts();
  }
  rig.measured?.(`a reconnect, of ${cycles}`, (systemClock.nowMonotonicMs() - startMs) / (cycles + WARM_UP));
  const complaint = grown().map((name) => `${name} ${before[name] ?? 0} -> ${after[name]}`);
  assert.deepEqual(complaint, [], `nothing grows over ${cycles} reconnects`);
}

async function reconnect(rig: LinkRig, cycle: number): Promise<void> {
  const pulls = canRun(rig, ['unplug']) && cycle % UNPLUG_EVERY === UNPLUG_EVERY - 1;
  await withEnds(rig, async (host, device) => {
    await echo(rig, host, device);
    if (!pulls) return;
    const reader = new Reader(host);
    await inTime(rig, 'unplug', rig.unplug());
    await until(rig, 'the reader ends', () => reader.end !== null);
  });
  if (pulls) await inTime(rig, 'plug', rig.plug());
}

const BLOCK_SAMPLES = 50;
const BLOCK_TICKS = 200_000;

/** A log whose blocks follow from their number. */
function sourceOf(blockCount: number): BlockSource {
  const samplesOf = (seq: number) => Array.from({ length: BLOCK_SAMPLES }, (_, index) => (seq * 7 + index) % 1000);
  return {
    identity: identityOf('link contract'),
    stream: { signal: 'ecg', sensor: 'contract', rateHz: 250, unit: 'mV', gain: 1000, offset: 0, bits: 16 },
    blockCount,
    read: async (seq) => {
      if (seq >= blockCount) return null;
      const ticks = seq * BLOCK_TICKS;
      const samples = encodeSamples(1, samplesOf(seq));
      const firstSample = seq * BLOCK_SAMPLES;
      return { seq, firstSample, ticks, completeTicks: ticks + BLOCK_TICKS, format: 1, samples };
    },
  };
}

const keys = createLabLinkKey('gateway', 1);

class LogCase {
  readonly items: LogItem[] = [];
  readonly source: BlockSource;
  #freed: Freed = NOTHING_FREED;

  constructor(blockCount: number) {
    this.source = sourceOf(blockCount);
  }

  /** Where reading goes on: behind the last item that was acknowledged. */
  get position(): LogPosition {
    return this.items.length === 0 ? LOG_START : { next: this.items.length, chain: null };
  }

  /** The device serves its log on this end until the line goes or the host says bye. */
  serve(device: Link): Promise<void> {
    const wearable = new Wearable({
      link: device,
      source: this.source,
      clock: systemClock,
      entropy: systemEntropy,
      hosts: [keys.publicKey],
      speed: Number.POSITIVE_INFINITY,
      freed: this.#freed,
      onFreed: (freed) => {
        this.#freed = freed;
      },
    });
    return wearable.run();
  }

  open(host: Link): Promise<DeviceSession> {
    const trust = { devices: [wearableKeys(this.source).link.publicKey], label: null, isPairing: false };
    return DeviceSession.open(host, { clock: systemClock, entropy: systemEntropy }, { keys, trust });
  }

  /** Reads and acknowledges up to the end, or up to so many items. */
  async read(session: DeviceSession, upto: number): Promise<void> {
    const log = session.info.logs[0]!;
    for await (const item of session.read(log, this.position)) {
      if (item.kind === 'gap') assert.fail(`items ${item.from} to ${item.to} are gone`);
      if (item.kind !== 'item') continue;
      assert.equal(item.seq, this.items.length, 'items come in order, each once');
      this.items.push(item);
      if (this.items.length % 16 === 0 || this.items.length === upto) await session.ack(log, item.seq, 1);
      if (this.items.length === upto) return;
    }
  }

  async assertWhole(): Promise<void> {
    assert.equal(this.items.length, this.source.blockCount);
    for (const item of this.items) {
      assert.ok(item.kind === 'item' && item.block !== null);
      const sent = await this.source.read(item.seq);
      assert.equal(Buffer.compare(item.block.bytes, sent!.samples), 0, `item ${item.seq} is what was measured`);
    }
  }
}

async function readsLog(rig: LinkRig): Promise<void> {
  const { blocks } = limitsOf(rig);
  const run = new LogCase(blocks);
  const startMs = systemClock.nowMonotonicMs();
  await withEnds(rig, async (host, device) => {
    const serving = run.serve(device);
    const session = await inTime(rig, 'the handshake', run.open(host));
    await inTime(rig, 'the log', run.read(session, blocks));
    await inTime(rig, 'bye', session.close());
    await inTime(rig, 'the device hears the bye', serving);
  });
  rig.measured?.(`a log of ${blocks} blocks`, systemClock.nowMonotonicMs() - startMs);
  await run.assertWhole();
}

async function readsLogOverReconnect(rig: LinkRig): Promise<void> {
  const { blocks } = limitsOf(rig);
  const run = new LogCase(blocks);
  await withEnds(rig, async (host, device) => {
    const serving = run.serve(device);
    const session = await inTime(rig, 'the handshake', run.open(host));
    await inTime(rig, 'half of the log', run.read(session, Math.floor(blocks / 2)));
    await rig.unplug();
    await inTime(rig, 'the session ends', session.close());
    await device.close();
    await inTime(rig, 'the device ends', serving);
  }).finally(() => rig.plug());
  await withEnds(rig, async (host, device) => {
    const serving = run.serve(device);
    const session = await inTime(rig, 'the second handshake', run.open(host));
    await inTime(rig, 'the rest of the log', run.read(session, blocks));
    await inTime(rig, 'bye', session.close());
    await inTime(rig, 'the device hears the bye', serving);
  });
  await run.assertWhole();
}
