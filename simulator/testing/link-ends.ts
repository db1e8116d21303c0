// Both ends of a rig, and what the cases of the link contract do with them: read along, wait, and make pieces that can be told apart.
import assert from 'node:assert/strict';
import { isMaiboError, type Link, MaiboError, systemClock } from '@maibo/sdk';
import { LINK_LIMITS, type LinkLimits, type LinkRig } from './link-rig.ts';

const LOOK_MS = 2;
/** A piece says its number first. */
const NUMBER_BYTES = 4;
/** On a wire, where nothing else limits it. */
const PIECE_BYTES_MAX = 1_024;

export function limitsOf(rig: LinkRig): LinkLimits {
  return { ...LINK_LIMITS, ...rig.limits };
}

/** Opens both ends, and closes them whatever happens. */
export async function withEnds<T>(rig: LinkRig, use: (host: Link, device: Link) => Promise<T>): Promise<T> {
  const host = await rig.open();
  let device: Link | null = null;
  try {
    device = await rig.device();
    return await use(host, device);
  } finally {
    await host.close();
    await device?.close();
  }
}

/** Waits until it is so; throws after the rig's patience. */
export async function until(rig: LinkRig, what: string, isSo: () => boolean): Promise<void> {
  const startMs = systemClock.nowMonotonicMs();
  const { patienceMs } = limitsOf(rig);
  while (!isSo()) {
    if (systemClock.nowMonotonicMs() - startMs > patienceMs) assert.fail(`${what}: not within ${patienceMs} ms`);
    await systemClock.sleep(LOOK_MS);
  }
}

/** Waits for it, no longer than the rig's patience. */
export async function inTime<T>(rig: LinkRig, what: string, work: Promise<T>): Promise<T> {
  const { patienceMs } = limitsOf(rig);
  const stop = new AbortController();
  const late = systemClock.sleep(patienceMs, stop.signal).then(() => {
    if (!stop.signal.aborted) assert.fail(`${what}: not within ${patienceMs} ms`);
    return work;
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
  }
}

/** What was thrown, or null. */
export function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (failure: unknown) => failure,
  );
}

export function assertLost(failure: unknown, what: string): void {
  assert.ok(isMaiboError(failure, 'link-lost'), `${what}: link-lost, not ${describeFailure(failure)}`);
}

export function describeFailure(failure: unknown): string {
  return failure instanceof MaiboError ? `${failure.code} (${failure.toLine()})` : String(failure);
}

/** Reads a link along until it ends. */
export class Reader {
  readonly chunks: Uint8Array[] = [];
  sizeBytes = 0;
  /** How it ended: null while it goes on, 'closed', or what was thrown. */
  end: unknown = null;

  constructor(link: Link) {
    this.#read(link).then(
      () => {
        this.end = 'closed';
      },
      (failure: unknown) => {
        this.end = failure;
      },
    );
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  async #read(link: Link): Promise<void> {
    for await (const chunk of link.chunks) {
      this.chunks.push(chunk);
      this.sizeBytes += chunk.length;
    }
  }
}

/** The longest piece this end may send. */
export function pieceBytesMax(link: Link): number {
  return Math.min(link.packetBytesMax ?? PIECE_BYTES_MAX, PIECE_BYTES_MAX);
}

/** The piece of this number: its sizes go up and down, its bytes follow from the number. */
export function pieceOf(number: number, bytesMax: number): Uint8Array {
  const size = NUMBER_BYTES + ((number * 37) % (bytesMax - NUMBER_BYTES + 1));
  const piece = Uint8Array.from({ length: size }, (_, index) => number * 31 + index * 7);
  new DataView(piece.buffer).setUint32(0, number, true);
  return piece;
}

export function piecesOf(count: number, link: Link): Uint8Array[] {
  return Array.from({ length: count }, (_, number) => pieceOf(number, pieceBytesMax(link)));
}

/** Everything arrived, whole and once: in order on a wire, in any order from a radio. */
export function assertWhole(reader: Reader, sent: readonly Uint8Array[], carries: Link['carries']): void {
  if (carries === 'bytes') {
    assert.equal(
      Buffer.compare(reader.bytes, Buffer.concat(sent)),
      0,
      'the bytes that arrived are those that were sent',
    );
    return;
  }
  assert.deepEqual(reader.chunks.map(hexOf).sort(), sent.map(hexOf).sort(), 'each packet arrived once, whole');
}

/** Nothing arrived that was not sent, and nothing twice: on a wire what arrived is the beginning. */
export function assertNothingElse(reader: Reader, sent: readonly Uint8Array[], carries: Link['carries']): void {
  if (carries === 'bytes') {
    const expected = Buffer.concat(sent).subarray(0, reader.sizeBytes);
    assert.equal(Buffer.compare(reader.bytes, expected), 0, 'what arrived is the beginning of what was sent');
    return;
  }
  const known = new Set(sent.map(hexOf));
  const arrived = reader.chunks.map(hexOf);
  assert.deepEqual(
    arrived.filter((packet) => !known.has(packet)),
    [],
    'every packet that arrived was sent',
  );
  assert.equal(new Set(arrived).size, arrived.length, 'no packet arrived twice');
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
