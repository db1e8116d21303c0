// The link contract while nothing goes wrong: what arrives, what is kept, what it costs, how it ends.
import assert from 'node:assert/strict';
import { type Link, systemClock } from '@maibo/sdk';
import {
  assertLost,
  assertWhole,
  failureOf,
  inTime,
  limitsOf,
  pieceBytesMax,
  piecesOf,
  Reader,
  sizeOf,
  until,
  withEnds,
} from './link-ends.ts';
import type { LinkContractCase, LinkRig } from './link-rig.ts';

/** What a link and the system beneath it may hold for a reader who does not come. */
const HELD_BYTES_MAX = 16 * 1024 * 1024;
/** A writer that gets nowhere for so long is waiting. */
const STUCK_MS = 500;

export const TRANSFER_CASES: readonly LinkContractCase[] = [
  { name: 'opens, says what it is, closes, and opens again', run: reopens },
  { name: 'opens nothing when told to stop', run: obeysSignal },
  { name: 'carries every value of a byte, both ways', run: carriesEveryByte },
  { name: 'delivers a burst whole, both ways at once', run: deliversBurst },
  { name: 'gives each chunk memory of its own, and keeps none of what it was given', run: sharesNoMemory },
  { name: 'lets the device wait while the host does not read', needs: ['back-pressure'], run: holdsDevice },
  { name: 'lets the host wait while the device does not read', needs: ['back-pressure'], run: holdsHost },
  { name: 'ends a reader that waits when it is closed, and takes no more', run: endsReader },
  { name: 'may be closed twice, also at once', run: closesTwice },
];

async function reopens(rig: LinkRig): Promise<void> {
  for (let time = 0; time < 2; time++) {
    await withEnds(rig, async (host, device) => {
      assert.equal(host.carries, rig.carries);
      assert.equal(host.packetBytesMax === null, rig.carries === 'bytes', 'a limit of packets, and none of bytes');
      assert.ok(host.name.length > 0);
      await echo(rig, host, device);
    });
  }
}

/** A piece each way. */
export async function echo(rig: LinkRig, host: Link, device: Link): Promise<void> {
  await transfer(rig, device, host, piecesOf(1, device));
  await transfer(rig, host, device, piecesOf(1, host));
}

async function transfer(rig: LinkRig, from: Link, to: Link, pieces: readonly Uint8Array[]): Promise<Reader> {
  const reader = new Reader(to);
  for (const piece of pieces) await inTime(rig, 'a write', from.write(piece));
  await until(rig, 'everything arrives', () => reader.sizeBytes >= sizeOf(pieces));
  assertWhole(reader, pieces, rig.carries);
  return reader;
}

async function obeysSignal(rig: LinkRig): Promise<void> {
  const failure = await failureOf(
    inTime(rig, 'an aborted open', rig.open(AbortSignal.abort(new Error('told to stop')))),
  );
  assert.ok(failure instanceof Error, 'it throws');
  await withEnds(rig, (host, device) => echo(rig, host, device));
}

async function carriesEveryByte(rig: LinkRig): Promise<void> {
  await withEnds(rig, async (host, device) => {
    const all = Uint8Array.from({ length: 256 }, (_, value) => value);
    const size = Math.min(pieceBytesMax(host), pieceBytesMax(device));
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < all.length; at += size) pieces.push(all.subarray(at, at + size));
    await transfer(rig, device, host, pieces);
    await transfer(rig, host, device, pieces);
  });
}

async function deliversBurst(rig: LinkRig): Promise<void> {
  await withEnds(rig, async (host, device) => {
    const { burst } = limitsOf(rig);
    const startMs = systemClock.nowMonotonicMs();
    await Promise.all([
      transfer(rig, device, host, piecesOf(burst, device)),
      transfer(rig, host, device, piecesOf(burst, host)),
    ]);
    rig.measured?.(`burst of ${burst} both ways`, systemClock.nowMonotonicMs() - startMs);
  });
}

async function sharesNoMemory(rig: LinkRig): Promise<void> {
  await withEnds(rig, async (host, device) => {
    const sent = piecesOf(50, device);
    const reader = new Reader(host);
    const scratch = new Uint8Array(pieceBytesMax(device));
    for (const piece of sent) {
      scratch.set(piece);
      await inTime(rig, 'a write', device.write(scratch.subarray(0, piece.length)));
      scratch.fill(0xee);
    }
    await until(rig, 'everything arrives', () => reader.sizeBytes >= sizeOf(sent));
    assertWhole(reader, sent, rig.carries);
    const memories = new Set(reader.chunks.map((chunk) => chunk.buffer));
    assert.equal(memories.size, reader.chunks.length, 'no two chunks share their memory');
    assert.ok(
      reader.chunks.every((chunk) => chunk.byteLength === chunk.buffer.byteLength),
      'a chunk keeps no memory but its own',
    );
  });
}

async function holdsDevice(rig: LinkRig): Promise<void> {
  await withEnds(rig, (host, device) => holds(rig, device, host));
}

async function holdsHost(rig: LinkRig): Promise<void> {
  await withEnds(rig, (host, device) => holds(rig, host, device));
}

async function holds(rig: LinkRig, from: Link, to: Link): Promise<void> {
  const flood = startFlood(from);
  await until(rig, 'the writer waits', () => flood.sentBytes > HELD_BYTES_MAX || flood.idleMs() > STUCK_MS);
  assert.ok(flood.sentBytes <= HELD_BYTES_MAX, `no more than ${HELD_BYTES_MAX} bytes wait, not ${flood.sentBytes}`);
  const before = flood.sentBytes;
  const reader = new Reader(to);
  await until(rig, 'the writer goes on', () => flood.sentBytes > before);
  flood.stop();
  await inTime(rig, 'the last write', flood.ended);
  await until(rig, 'everything arrives', () => reader.sizeBytes >= flood.sentBytes);
  assertWhole(reader, flood.sent, rig.carries);
}

export interface Flood {
  /** Pieces whose write resolved, and the one that was being written when it stopped. */
  readonly sent: readonly Uint8Array[];
  readonly sentBytes: number;
  /** Since a write resolved last. */
  idleMs(): number;
  stop(): void;
  /** What stopped it: null, or what a write threw. */
  readonly ended: Promise<unknown>;
}

/** Writes piece after piece until stopped. */
export function startFlood(link: Link, bytesMax = pieceBytesMax(link)): Flood {
  const sent: Uint8Array[] = [];
  const pieces = piecesOf(256, link).map((piece) => piece.subarray(0, bytesMax));
  const state = { sentBytes: 0, isStopped: false, lastMs: systemClock.nowMonotonicMs() };
  const run = async () => {
    for (let number = 0; !state.isStopped; number++) {
      const piece = pieces[number % pieces.length]!.slice();
      new DataView(piece.buffer).setUint32(0, number, true);
      sent.push(piece);
      await link.write(piece);
      state.sentBytes += piece.length;
      state.lastMs = systemClock.nowMonotonicMs();
      // Whoever shares this process has a turn.
      if (number % 16 === 0) await systemClock.sleep(0);
    }
  };
  return {
    sent,
    get sentBytes() {
      return state.sentBytes;
    },
    idleMs: () => systemClock.nowMonotonicMs() - state.lastMs,
    stop: () => {
      state.isStopped = true;
    },
    ended: failureOf(run()),
  };
}

async function endsReader(rig: LinkRig): Promise<void> {
  await withEnds(rig, async (host) => {
    const reader = new Reader(host);
    await systemClock.sleep(10);
    await inTime(rig, 'close', host.close());
    await until(rig, 'the reader ends', () => reader.end !== null);
    assert.equal(reader.end, 'closed');
    assertLost(await failureOf(inTime(rig, 'a write', host.write(Uint8Array.of(1)))), 'a write after close');
  });
}

async function closesTwice(rig: LinkRig): Promise<void> {
  await withEnds(rig, async (host) => {
    await inTime(rig, 'close', Promise.all([host.close(), host.close()]));
    await inTime(rig, 'close again', host.close());
  });
}
