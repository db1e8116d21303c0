// The link contract when the plug is pulled: everybody who waits is told, nothing is sent later, and it works again afterwards.
import assert from 'node:assert/strict';
import { createLabLinkKey, DeviceSession, isMaiboError, type Link, systemClock, systemEntropy } from '@maibo/sdk';
import { echo, startFlood } from './link-contract-transfer.ts';
import {
  assertLost,
  assertNothingElse,
  describeFailure,
  failureOf,
  inTime,
  limitsOf,
  pieceOf,
  piecesOf,
  Reader,
  until,
  withEnds,
} from './link-ends.ts';
import type { LinkContractCase, LinkRig } from './link-rig.ts';

const STUCK_MS = 500;
/** Enough to be in the middle of it. */
const UNDER_WAY_BYTES = 20_000;

export const UNPLUG_CASES: readonly LinkContractCase[] = [
  { name: 'tells the reader that the line is gone, when idle', needs: ['unplug'], run: unpluggedIdle },
  { name: 'does not open while unplugged, and opens again afterwards', needs: ['unplug'], run: opensAfterPlug },
  {
    name: 'tells the reader that the line is gone, in the middle of a flood',
    needs: ['unplug'],
    run: unpluggedReceiving,
  },
  { name: 'settles every write when the line goes, and takes no more', needs: ['unplug'], run: unpluggedWriting },
  {
    name: 'tells a writer that waits for room that the line is gone',
    needs: ['unplug', 'back-pressure'],
    run: unpluggedStuck,
  },
  {
    name: 'notices while nobody reads, and still hands out what had come',
    needs: ['unplug', 'back-pressure'],
    run: unpluggedUnread,
  },
  { name: 'fails a handshake under way', needs: ['unplug'], run: unpluggedInHandshake },
  { name: 'never delivers after replugging what was written before', needs: ['unplug'], run: sendsNothingStale },
];

/** Pulls the plug and says when it knew. */
async function unplugAndKnow(rig: LinkRig, what: string, knows: () => boolean): Promise<void> {
  const { unplugMs } = limitsOf(rig);
  const unplugging = rig.unplug();
  const startMs = systemClock.nowMonotonicMs();
  await until(rig, what, knows);
  const tookMs = systemClock.nowMonotonicMs() - startMs;
  await unplugging;
  rig.measured?.(what, tookMs);
  assert.ok(tookMs <= unplugMs, `${what}: ${Math.round(tookMs)} ms, at most ${unplugMs}`);
}

/** Pulls the plug in the course of `use`, and puts it in again whatever happens. */
async function withUnplug(rig: LinkRig, use: (host: Link, device: Link) => Promise<void>): Promise<void> {
  try {
    await withEnds(rig, use);
  } finally {
    await rig.plug();
  }
  await withEnds(rig, (host, device) => echo(rig, host, device));
}

async function unpluggedIdle(rig: LinkRig): Promise<void> {
  await withUnplug(rig, async (host, device) => {
    await echo(rig, host, device);
    const reader = new Reader(host);
    await unplugAndKnow(rig, 'unplugged idle', () => reader.end !== null);
    assertLost(reader.end, 'the reader');
    await inTime(rig, 'close', host.close());
  });
}

async function opensAfterPlug(rig: LinkRig): Promise<void> {
  await withUnplug(rig, async (host) => {
    const reader = new Reader(host);
    await unplugAndKnow(rig, 'unplugged before open', () => reader.end !== null);
    await host.close();
    const failure = await failureOf(inTime(rig, 'open while unplugged', rig.open()));
    assert.ok(isMaiboError(failure), `open while unplugged fails, not ${describeFailure(failure)}`);
  });
}

async function unpluggedReceiving(rig: LinkRig): Promise<void> {
  await withUnplug(rig, async (host, device) => {
    const reader = new Reader(host);
    const flood = startFlood(device);
    await until(rig, 'bytes flow', () => reader.sizeBytes > UNDER_WAY_BYTES);
    await unplugAndKnow(rig, 'unplugged while receiving', () => reader.end !== null);
    flood.stop();
    assertLost(reader.end, 'the reader');
    assertNothingElse(reader, flood.sent, rig.carries);
    await device.close();
    await inTime(rig, 'the last write of the device', flood.ended);
  });
}

async function unpluggedWriting(rig: LinkRig): Promise<void> {
  await withUnplug(rig, async (host, device) => {
    const reader = new Reader(device);
    const flood = startFlood(host);
    let failure: unknown = null;
    void flood.ended.then((thrown) => {
      failure = thrown;
    });
    await until(rig, 'bytes flow', () => reader.sizeBytes > UNDER_WAY_BYTES);
    await unplugAndKnow(rig, 'unplugged while writing', () => failure !== null);
    assertLost(failure, 'the write');
    assertLost(await failureOf(inTime(rig, 'a write', host.write(Uint8Array.of(1)))), 'the next write');
    assertNothingElse(reader, flood.sent, rig.carries);
  });
}

async function unpluggedStuck(rig: LinkRig): Promise<void> {
  await withUnplug(rig, async (host) => {
    const flood = startFlood(host);
    let failure: unknown = null;
    void flood.ended.then((thrown) => {
      failure = thrown;
    });
    await until(rig, 'the writer waits', () => flood.idleMs() > STUCK_MS);
    await unplugAndKnow(rig, 'unplugged while a write waits', () => failure !== null);
    assertLost(failure, 'the write');
  });
}

async function unpluggedUnread(rig: LinkRig): Promise<void> {
  await withUnplug(rig, async (host, device) => {
    const flood = startFlood(device);
    await until(rig, 'the device waits', () => flood.idleMs() > STUCK_MS);
    let failure: unknown = null;
    await unplugAndKnow(rig, 'unplugged while nobody reads', () => {
      void failureOf(host.write(Uint8Array.of(1))).then((thrown) => {
        failure ??= thrown;
      });
      return failure !== null;
    });
    flood.stop();
    assertLost(failure, 'the write');
    await device.close();
    await inTime(rig, 'the last write of the device', flood.ended);
    const reader = new Reader(host);
    await until(rig, 'the reader ends', () => reader.end !== null);
    assertLost(reader.end, 'the reader, behind what had come');
    assert.ok(reader.sizeBytes > 0, 'what had come is handed out');
    assertNothingElse(reader, flood.sent, rig.carries);
  });
}

async function unpluggedInHandshake(rig: LinkRig): Promise<void> {
  await withUnplug(rig, async (host, device) => {
    const reader = new Reader(device);
    const keys = createLabLinkKey('gateway', 1);
    const trust = { devices: [createLabLinkKey('wearable', 'nobody').publicKey], label: null, isPairing: false };
    const world = { clock: systemClock, entropy: systemEntropy };
    let failure: unknown = null;
    const opening = DeviceSession.open(host, world, { keys, trust });
    opening.catch((thrown: unknown) => {
      failure = thrown;
    });
    await until(rig, 'the host speaks first', () => reader.sizeBytes > 0);
    await unplugAndKnow(rig, 'unplugged in a handshake', () => failure !== null);
    assert.ok(isMaiboError(failure, 'link-lost', 'link-timeout'), `it ends: ${describeFailure(failure)}`);
  });
}

async function sendsNothingStale(rig: LinkRig): Promise<void> {
  const host = await rig.open();
  try {
    const device = await rig.device();
    await echo(rig, host, device);
    const reader = new Reader(host);
    await unplugAndKnow(rig, 'unplugged before a write', () => reader.end !== null);
    const stale = pieceOf(0xdead, 64);
    const writes = await Promise.all([failureOf(host.write(stale)), failureOf(host.write(stale))]);
    for (const failure of writes) assertLost(failure, 'a write while unplugged');
    await device.close();
    await rig.plug();
    await withEnds(rig, async (fresh, freshDevice) => {
      const heard = new Reader(freshDevice);
      assertLost(await failureOf(inTime(rig, 'a write', host.write(stale))), 'a write on what was lost');
      const sent = piecesOf(3, fresh);
      for (const piece of sent) await inTime(rig, 'a write', fresh.write(piece));
      await until(
        rig,
        'the new pieces arrive',
        () => heard.sizeBytes >= sent.reduce((sum, one) => sum + one.length, 0),
      );
      assertNothingElse(heard, sent, rig.carries);
    });
  } finally {
    await host.close();
    await rig.plug();
  }
}
