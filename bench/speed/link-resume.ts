// How long a host that knows the device waits for the first new record, in round trips: the two peers alone, and the gateway's whole way
// through `DeviceSession` and `collectLog`. Made time, a fixed delay, as many packets at once as the window allows.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  collectLog,
  createLabKey,
  createMemoryLinks,
  DeviceSession,
  type Link,
  openStoreFile,
  PeerDriver,
} from '@maibo/sdk';
import { Random } from '../fuzz/random.ts';
import { MadeClock } from './link-made-clock.ts';
import { HOST_SESSION, LinkPair, newDevice, newLog, numberItem } from './link-pair.ts';

const DELAY_MS = 50;
const ROUND_TRIP_MS = 2 * DELAY_MS;
const ITEMS = 500;
const KNOWN_ITEMS = 400;
const PACKET_BYTES = [20, 244];
const AFTER_HANDSHAKE_MAX = 2;
/** What is reached; the gateway pairs the clocks before it asks for records. */
const FROM_OPEN_MAX = 5;
const GATEWAY_MAX = 9;

export interface Resume {
  readonly packetBytes: number;
  readonly handshakeEnd: number;
  readonly firstRecord: number;
  readonly afterHandshake: number;
}

export interface ResumeResult {
  readonly lines: string[];
  readonly numbers: { readonly peers: readonly Resume[]; readonly gatewayFirstCommit: number };
  readonly overBudget: string[];
}

export async function measureResume(): Promise<ResumeResult> {
  const peers = PACKET_BYTES.map(resumeOfPeers);
  const gatewayFirstCommit = await resumeOfGateway();
  const overBudget = peers.flatMap(({ packetBytes, afterHandshake, firstRecord }) => [
    ...beyond(`packets of ${packetBytes}: from the handshake to a record`, afterHandshake, AFTER_HANDSHAKE_MAX),
    ...beyond(`packets of ${packetBytes}: from the link to a record`, firstRecord, FROM_OPEN_MAX),
  ]);
  return {
    lines: [
      `round trips of ${ROUND_TRIP_MS} ms, KK, ${KNOWN_ITEMS} of ${ITEMS} records are known to the host`,
      ...peers.map(
        ({ packetBytes, handshakeEnd, afterHandshake, firstRecord }) =>
          `packets of ${packetBytes}: handshake done at ${trips(handshakeEnd)}, first new record ${trips(afterHandshake)} later, ${trips(firstRecord)} from the link`,
      ),
      `gateway (collectLog, none taken before the clocks are paired): first durable commit at ${trips(gatewayFirstCommit)} from the link`,
    ],
    numbers: { peers, gatewayFirstCommit },
    overBudget: [...overBudget, ...beyond('gateway: from the link to a commit', gatewayFirstCommit, GATEWAY_MAX)],
  };
}

function filledLog() {
  return newLog(
    'rr',
    Array.from({ length: ITEMS }, (_, seq) => numberItem(seq)),
  );
}

function resumeOfPeers(packetBytes: number): Resume {
  const pair = new LinkPair(filledLog(), { packetBytesMax: packetBytes }, { delayMs: DELAY_MS, packetMs: 0, drop: 0 });
  pair.until(() => pair.has('handshake'));
  const handshakeEnd = pair.wire.nowMs / ROUND_TRIP_MS;
  pair.until(() => pair.has('info'));
  pair.host.pull(pair.firstLog, { next: KNOWN_ITEMS, chain: null }, 1024);
  pair.until(() => pair.has('items'));
  const firstRecord = pair.wire.nowMs / ROUND_TRIP_MS;
  return { packetBytes, handshakeEnd, firstRecord, afterHandshake: firstRecord - handshakeEnd };
}

async function resumeOfGateway(): Promise<number> {
  const clock = new MadeClock();
  const folder = mkdtempSync(join(tmpdir(), 'maibo-bench-'));
  try {
    return await clock.play(collectOver(clock, join(folder, 'store.sqlite')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function collectOver(clock: MadeClock, path: string): Promise<number> {
  const [hostEnd, deviceEnd] = createMemoryLinks();
  const random = new Random(1, 3);
  const log = filledLog();
  log.end();
  const device = new PeerDriver(
    newDevice(log, random, { packetBytesMax: 244 }),
    delayed(deviceEnd, clock),
    clock,
    () => undefined,
  );
  const running = device.run().catch(() => undefined);
  const world = { clock, entropy: { bytes: (count: number) => random.bytes(count) } };
  const session = await DeviceSession.open(delayed(hostEnd, clock), world, { ...HOST_SESSION, packetBytesMax: 244 });
  const { store, close } = openStoreFile(path);
  const commits: number[] = [];
  const onCommit = () => commits.push(clock.nowMonotonicMs() / ROUND_TRIP_MS);
  await collectLog({ session, log: session.info.logs[0]!, store, clock, signer: createLabKey('gateway', 1), onCommit });
  close();
  await session.close();
  device.stop();
  await running;
  return commits[0]!;
}

/** What is read of the link has been on the way for so long. */
function delayed(link: Link, clock: MadeClock): Link {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of link.chunks) {
      await clock.sleep(DELAY_MS);
      yield chunk;
    }
  }
  const { name, carries, packetBytesMax } = link;
  return {
    name,
    carries,
    packetBytesMax,
    chunks: chunks(),
    write: (bytes) => link.write(bytes),
    close: () => link.close(),
  };
}

function trips(count: number): string {
  return count.toFixed(2);
}

function beyond(name: string, count: number, max: number): string[] {
  return count <= max ? [] : [`${name} ${trips(count)} round trips, at most ${max}`];
}
