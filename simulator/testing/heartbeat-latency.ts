// How long a heartbeat takes from the skin to the disk: a virtual wearable in real time at one end of a link, the production session, pipeline
// and store at the other, on one clock. Each beat's way is cut where it changes hands.
//
//   R peak ──fill──▶ its block is complete ──settle──▶ the block that settles its span ──travel──▶ at the gateway ──store──▶ durable
import {
  collectLog,
  createLabKey,
  createLabLinkKey,
  DeviceSession,
  type Link,
  type Store,
  systemClock,
  systemEntropy,
} from '@maibo/sdk';
import { codeSource } from '../device/coded-source.ts';
import { Wearable, wearableKeys } from '../device/wearable.ts';
import { createWearerSource } from '../device/wearer-source.ts';
import { createWearer } from '../wearer/wearer.ts';

const RATE_HZ = 250;

/** Milliseconds of one beat. */
export interface BeatWay {
  readonly fillMs: number;
  readonly settleMs: number;
  readonly travelMs: number;
  readonly storeMs: number;
  readonly totalMs: number;
}

export interface LatencyOptions {
  readonly host: Promise<Link> | (() => Promise<Link>);
  readonly device: () => Promise<Link>;
  readonly store: Store;
  readonly durationS: number;
  /** Samples in a block: 50 is a fifth of a second. */
  readonly blockSampleCount: number;
}

/** The way of every beat that came out, and how many were on the skin. */
export async function measureHeartbeatLatency(
  options: LatencyOptions,
): Promise<{ ways: BeatWay[]; beatCount: number }> {
  const { durationS, blockSampleCount, store } = options;
  const wearer = createWearer({ seed: 11, durationS, rateHz: RATE_HZ, blockSampleCount });
  const source = codeSource(createWearerSource(wearer, `latency ${durationS} ${blockSampleCount}`));
  const keys = createLabLinkKey('gateway', 1);
  const signer = createLabKey('gateway', 1);
  store.addKey(signer.keyId, signer.publicKey, 'gateway-lab');
  const open = typeof options.host === 'function' ? options.host() : options.host;
  const link = await options.device();
  const base = { link, source, clock: systemClock, entropy: systemEntropy };
  const startMs = systemClock.nowMonotonicMs();
  const wearable = new Wearable({ ...base, hosts: [keys.publicKey], speed: 1 });
  const running = wearable.run();
  const arrivals = new Arrivals(await open);
  const trust = { devices: [wearableKeys(source).link.publicKey], label: null, isPairing: false };
  const world = { clock: systemClock, entropy: systemEntropy };
  const session = await DeviceSession.open(arrivals.link, world, { keys, trust });
  const ways: BeatWay[] = [];
  const blockS = blockSampleCount / RATE_HZ;
  await collectLog({
    ...{ session, log: session.info.logs[0]!, store, signer, clock: systemClock },
    onCommit: ({ results, blocksDone }) => {
      const durableMs = systemClock.nowMonotonicMs() - startMs;
      const arrivedMs = arrivals.lastMs - startMs;
      const sentMs = Math.min(blocksDone * blockS, durationS) * 1_000;
      for (const beatS of results.flatMap(({ values }) => (Array.isArray(values.beatS) ? values.beatS : [])))
        ways.push(wayOf(beatS * 1_000, blockS * 1_000, { sentMs, arrivedMs, durableMs }));
    },
  });
  await session.close();
  await link.close();
  await running;
  return { ways, beatCount: wearer.truth.beatTimesS.length };
}

function wayOf(beatMs: number, blockMs: number, at: { sentMs: number; arrivedMs: number; durableMs: number }): BeatWay {
  const filledMs = (Math.floor(beatMs / blockMs) + 1) * blockMs;
  return {
    fillMs: filledMs - beatMs,
    settleMs: Math.max(0, at.sentMs - filledMs),
    travelMs: at.arrivedMs - Math.max(at.sentMs, filledMs),
    storeMs: at.durableMs - at.arrivedMs,
    totalMs: at.durableMs - beatMs,
  };
}

/** A link that remembers when something came last. */
class Arrivals {
  lastMs = 0;
  readonly link: Link;

  constructor(link: Link) {
    const chunks = this.#watch(link.chunks);
    this.link = {
      name: link.name,
      carries: link.carries,
      get packetBytesMax() {
        return link.packetBytesMax;
      },
      chunks,
      write: (bytes) => link.write(bytes),
      close: () => link.close(),
    };
  }

  async *#watch(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.lastMs = systemClock.nowMonotonicMs();
      yield chunk;
    }
  }
}
