// Which stored stream the values of a clinic device go on in, and where that stream stands.
import { decodeItem, type EvidenceRecord, type GattItem, gatt, sameBytes } from '@maibo/protocols';
import type { AboutDevice } from '../clinic/about-device.ts';
import { readRecord } from '../evidence/open-record.ts';
import type { StreamIdentity } from '../evidence/record-types.ts';
import type { Store, StoredStream } from '../store/store.ts';
import { HEART_RATE_MEASUREMENT, readStrap } from '../stream/strap-intervals.ts';
import type { Clock, Entropy } from '../world/world.ts';
import { StreamTail } from './stream-tail.ts';

const EPOCH_BYTES = 4;
/** One in four billion draws is taken already. */
const DRAWS_MAX = 8;
/** A strap may have told nothing for long: what ended further back is over. */
const LOOK_BACK_RECORDS = 512;
/** A strap's first intervals began before anybody listened: a new stream's own time begins this much earlier. */
const LEAD_TICKS = 2_000_000;
/** An absence longer than this counts as this much: a clock that was set wrong must not use up the ticks. */
const ABSENCE_US_MAX = 366 * 24 * 3600 * 1e6;

/** Where the values of this connection go on. Ticks are microseconds of the gateway's own. */
export interface ClinicPlace {
  /** One higher for every connection. */
  readonly boot: number;
  /** Where the stored items end; nothing is placed in front of it. */
  readonly endTicks: number;
  /** When the connection begins. */
  readonly startTicks: number;
  /** Samples that the items before hold. */
  readonly count: number;
}

/**
 * The stream of this device and log that goes on, or the name of a new one. A new one begins where none is stored, and where the device says
 * that it has other firmware or is another model by now: the first record of a stream speaks for all of it. Its epoch is drawn at random,
 * so a gateway whose store was lost never gives the same name twice.
 */
export function findIdentity(
  store: Store,
  { device, log, about }: { readonly device: Uint8Array; readonly log: number; readonly about: AboutDevice },
  entropy: Entropy,
): StreamIdentity {
  const newest = store.streamsOf(device, log).findLast(({ ended }) => !ended);
  if (newest !== undefined && fits(store, newest, about)) return { device, log, epoch: newest.epoch };
  return drawIdentity(store, device, log, entropy);
}

/** The name of a new stream. */
export function drawIdentity(store: Store, device: Uint8Array, log: number, entropy: Entropy): StreamIdentity {
  const own = store.streamsOf(device, log);
  for (let draw = 0; draw < DRAWS_MAX; draw++) {
    const epoch = entropy.bytes(EPOCH_BYTES);
    if (!own.some((stream) => sameBytes(stream.epoch, epoch))) return { device, log, epoch };
  }
  throw new Error('chance gives the same bytes over and over');
}

/** A device that does not say this time what it said before is still the same. */
function fits(store: Store, stream: StoredStream, about: AboutDevice): boolean {
  const [first] = store.records(stream.id, 0, 0);
  const record = first === undefined ? null : readRecord(first.bytes).record;
  if (record?.kind !== 'stream') return record === null;
  const isSame = (told: string | null, stored: string) => told === null || told === stored;
  return isSame(about.sensor, record.source.sensor) && isSame(about.firmware, record.firmware);
}

export function placeIn(store: Store, stream: StoredStream, clock: Clock): ClinicPlace {
  const tail = new StreamTail(store, stream.id, () => []);
  const mark = tail.lastClock(stream.clockSeq, stream.chain.recordCount);
  const { item, endTicks } = lookBack(tail.backwards(stream.chain.recordCount));
  const boot = Math.max(item?.boot ?? 0, mark?.boot ?? 0) + 1;
  const count = item === null ? 0 : item.count + sizeOf(item);
  if (mark === null) return { boot, endTicks, startTicks: Math.max(LEAD_TICKS, endTicks + 1), count };
  const awayUs = Math.min(ABSENCE_US_MAX, Math.max(0, clock.nowUtcUs() - mark.utcUs));
  return { boot, endTicks, startTicks: Math.max(endTicks + 1, mark.ticks + awayUs), count };
}

interface Newest {
  readonly item: GattItem | null;
  /** Where the samples end: those of an item without any lie in front of it. */
  readonly endTicks: number;
}

function lookBack(backwards: Iterable<EvidenceRecord>): Newest {
  let item: GattItem | null = null;
  let endTicks = 0;
  let looked = 0;
  for (const record of backwards) {
    const found = itemOf(record);
    if (found !== null) {
      item ??= found;
      endTicks = Math.max(endTicks, found.ticks + lengthTicks(found));
    }
    looked++;
    if (item !== null && (looked >= LOOK_BACK_RECORDS || (found !== null && isWhole(found)))) break;
  }
  return { item, endTicks };
}

function itemOf(record: EvidenceRecord): GattItem | null {
  const item = record.kind === 'item' ? decodeItem(record.item) : null;
  return item?.ok && item.value.type === 'gatt-item' ? item.value : null;
}

/** Nothing in front of it can end behind it. */
function isWhole(item: GattItem): boolean {
  return item.characteristic !== HEART_RATE_MEASUREMENT || lengthTicks(item) > 0;
}

/** What `count` of the next item is higher by: intervals of a strap, or one for a measurement. */
export function sizeOf({ characteristic, value }: Pick<GattItem, 'characteristic' | 'value'>): number {
  if (characteristic === HEART_RATE_MEASUREMENT) return readStrap(value).intervalsUs.length;
  return characteristic === gatt.glucoseMeasurementContext.uuid ? 0 : 1;
}

function lengthTicks({ characteristic, value }: GattItem): number {
  return characteristic === HEART_RATE_MEASUREMENT ? lengthUs(readStrap(value).intervalsUs) : 0;
}

/** Of all intervals; one without length has none. */
export function lengthUs(intervalsUs: readonly number[]): number {
  return intervalsUs.reduce((sum, us) => sum + (Number.isNaN(us) ? 0 : us), 0);
}
