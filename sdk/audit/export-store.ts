// A store as files that prove themselves without it:
//
//   segments/<sha256>.segment   whole segments, as a platform gets them
//   records/<stream>.<seq>.record   sealed records that are in no segment here: the description of a stream whose beginning is not here, and
//                                   what was written since the last segment closed (a segment of its own would claim a place in the chain)
//   modules/<name>@<version>@<sha256>.wasm   the modules that the results name
//   keys.json                   public keys of the gateway and of the platform; `maibo verify` wants to be told which of them to trust

import { readRecord } from '../evidence/open-record.ts';
import { toHex } from '../evidence/record-types.ts';
import { ticksOfInput } from '../evidence/warm-up.ts';
import type { Store, StoredSegment, StoredStream } from '../store/store.ts';

export interface ExportWish {
  /** Only this device (its id as hex, or how it begins). */
  readonly deviceHex?: string;
  /** Only segments with input of this time, microseconds since 1970; a stream without a clock mark is exported whole. */
  readonly fromUtcUs?: number;
  readonly toUtcUs?: number;
}

export interface ExportedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The files one by one, so that a large store needs no more memory than a small one. */
export function* exportStore(store: Store, wish: ExportWish = {}): Generator<ExportedFile> {
  for (const stream of store.streams()) {
    if (wish.deviceHex !== undefined && !toHex(stream.device).startsWith(wish.deviceHex.toLowerCase())) continue;
    yield* exportStream(store, stream, wish);
  }
  for (const { hash, name, version, bytes } of store.modules())
    yield { path: `modules/${plain(name)}@${plain(version)}@${toHex(hash)}.wasm`, bytes };
  const keys = store.keys().map(({ keyId, publicKey, role }) => {
    return { keyId: toHex(keyId), publicKey: toHex(publicKey), role };
  });
  yield { path: 'keys.json', bytes: new TextEncoder().encode(`${JSON.stringify(keys, null, 2)}\n`) };
}

/** A store may come from anywhere: what it says becomes no path of its own. */
function plain(text: string): string {
  return text.replace(/[^\w.-]/g, '_').slice(0, 64);
}

function* exportStream(store: Store, stream: StoredStream, wish: ExportWish): Generator<ExportedFile> {
  const span = new TimeSpan(store, stream, wish);
  const segments = store.segments(stream.id);
  const chosen = segments.map((segment) => span.holds(segment.first, segment.last));
  const [from, to] = [chosen.indexOf(true), chosen.lastIndexOf(true)];
  const isTailWanted = span.holds(stream.segments.openFrom, stream.chain.recordCount - 1);
  const first = from < 0 ? null : (segments[from] as StoredSegment);
  if (first === null && !isTailWanted) return;
  if ((first?.first ?? stream.segments.openFrom) > 0) yield* recordFiles(store, stream, 0, 0);
  // Everything in between goes with it, so that the chain holds.
  for (const segment of from < 0 ? [] : segments.slice(from, isTailWanted ? undefined : to + 1))
    yield { path: `segments/${toHex(segment.hash)}.segment`, bytes: store.segmentBytes(segment) };
  if (isTailWanted) yield* recordFiles(store, stream, stream.segments.openFrom, stream.chain.recordCount - 1);
}

function* recordFiles(store: Store, stream: StoredStream, from: number, to: number): Generator<ExportedFile> {
  const name = `${toHex(stream.device).slice(0, 16)}-${stream.log}-${toHex(stream.epoch)}`;
  for (const { seq, bytes } of store.records(stream.id, from, to))
    yield { path: `records/${name}.${String(seq).padStart(10, '0')}.record`, bytes };
}

/** When the input of a stretch of records was measured. Stretches are asked for in order: the clock marks are followed as they come. */
class TimeSpan {
  readonly #store: Store;
  readonly #stream: StoredStream;
  readonly #wish: ExportWish;
  #tickRateHz = 1;
  #mark: { ticks: number; utcUs: number } | null = null;

  constructor(store: Store, stream: StoredStream, wish: ExportWish) {
    this.#store = store;
    this.#stream = stream;
    this.#wish = wish;
    for (const { bytes } of store.records(stream.id, 0, 0)) {
      const { record } = readRecord(bytes);
      if (record.kind === 'stream') this.#tickRateHz = record.tickRateHz;
    }
  }

  holds(first: number, last: number): boolean {
    const { fromUtcUs, toUtcUs } = this.#wish;
    if (first > last) return false;
    if (fromUtcUs === undefined && toUtcUs === undefined) return true;
    let isWanted = false;
    for (const { bytes } of this.#store.records(this.#stream.id, first, last)) {
      const { record } = readRecord(bytes);
      if (record.kind === 'clock') this.#mark = record;
      const ticks = ticksOfInput(record);
      if (ticks === null) continue;
      if (this.#mark === null) return true;
      const utcUs = this.#mark.utcUs + ((ticks - this.#mark.ticks) * 1e6) / this.#tickRateHz;
      isWanted ||= utcUs >= (fromUtcUs ?? 0) && utcUs < (toUtcUs ?? Number.POSITIVE_INFINITY);
    }
    return isWanted;
  }
}
