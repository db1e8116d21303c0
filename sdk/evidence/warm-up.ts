// Where a stream may be taken up in its middle, and what has to be fed to a new processor before. Writing and verifying hold to the same rule.
//
//   ... item item item ... item | restart | clock (the mark in force, again) | item, results ...
//       ^fromSeq   fed, results dropped     the results of the new processor ─▶
import { decodeItem, type EvidenceRecord, type StreamRecord } from '@maibo/protocols';
import { HRV_WINDOW_S } from '../pipeline/result.ts';
import type { Given } from '../pipeline/stream-processor.ts';

/** The longest window, and two minutes in which the cores get to know the signal. */
export const WARM_UP_S: number = HRV_WINDOW_S + 120;
/** Tiny blocks fill the records before they fill the time: more than this is not read again. */
export const WARM_UP_RECORDS_MAX = 8_192;
/** Restart records stand at least this far apart, so that a re-check never has many warm-ups at once. */
export const RESTART_RECORDS_MIN = 64;

/** Where a record of input lies, on the device's clock and in its samples. */
interface InputPlace {
  readonly ticksS: number;
  readonly signalS: number;
}

/** Null for a record that is no input, or has no samples in a sampled stream. */
function placeOfInput(record: EvidenceRecord, { rateHz, tickRateHz }: StreamRecord): InputPlace | null {
  const at = inputOf(record);
  if (at === null || (rateHz !== null && at.firstSample === null)) return null;
  const ticksS = at.ticks / tickRateHz;
  return { ticksS, signalS: rateHz === null || at.firstSample === null ? ticksS : at.firstSample / rateHz };
}

function inputOf(record: EvidenceRecord): { ticks: number; firstSample: number | null } | null {
  if (record.kind === 'block') return record;
  if (record.kind !== 'item') return null;
  const item = decodeItem(record.item);
  if (!item.ok || !('ticks' in item.value)) return null;
  return { ticks: item.value.ticks, firstSample: item.value.type === 'sample-item' ? item.value.firstSample : null };
}

/** Device ticks of a record of input; null for another record. */
export function ticksOfInput(record: EvidenceRecord): number | null {
  return inputOf(record)?.ticks ?? null;
}

function isWarm(first: InputPlace | null, last: InputPlace | null): boolean {
  if (first === null || last === null) return false;
  return last.ticksS - first.ticksS >= WARM_UP_S && last.signalS - first.signalS >= WARM_UP_S;
}

/** From which record on the input has to be read again for a restart record at `endSeq`; `backwards` gives the records before it, the last first. */
export function warmUpFrom(backwards: Iterable<EvidenceRecord>, endSeq: number, stream: StreamRecord): number {
  const lowest = Math.max(1, endSeq - WARM_UP_RECORDS_MAX);
  let last: InputPlace | null = null;
  for (const record of backwards) {
    if (record.place.seq <= lowest) break;
    const place = placeOfInput(record, stream);
    last ??= place;
    if (isWarm(place, last)) return record.place.seq;
  }
  return lowest;
}

/** Follows the records from `fromSeq` on, up to a restart record. */
export class WarmUp {
  readonly fromSeq: number;
  readonly #stream: StreamRecord;
  #first: InputPlace | null = null;
  #last: InputPlace | null = null;
  #given: Given = { spanEndTicks: null, stepEndTicks: null };

  constructor(fromSeq: number, stream: StreamRecord) {
    this.fromSeq = fromSeq;
    this.#stream = stream;
  }

  /** How far results had been given when the restart record was sealed. */
  get given(): Given {
    return this.#given;
  }

  follow(record: EvidenceRecord): void {
    if (record.kind === 'result') {
      if (record.result === 'beats') this.#given = { ...this.#given, spanEndTicks: record.time.toTicks };
      if (record.result === 'rr') this.#given = { ...this.#given, stepEndTicks: record.time.toTicks };
      return;
    }
    const place = placeOfInput(record, this.#stream);
    this.#first ??= place;
    this.#last = place ?? this.#last;
  }

  /** Whether it was long enough for a restart record here: the time is full, or the records are, or there is nothing before. */
  isEnough(restartSeq: number): boolean {
    const isAll = this.fromSeq === 1 || restartSeq - this.fromSeq === WARM_UP_RECORDS_MAX;
    return isAll || isWarm(this.#first, this.#last);
  }
}

/** Why no restart record of ours says this, or null. `before` is the restart record in front of it. */
export function restartFault(
  restart: { readonly seq: number; readonly fromSeq: number },
  before: { readonly seq: number; readonly fromSeq: number } | null,
): string | null {
  const { seq, fromSeq } = restart;
  if (fromSeq < 1 || fromSeq >= seq) return `it names record ${fromSeq}, which is not one before it`;
  if (seq - fromSeq > WARM_UP_RECORDS_MAX) return `it goes back over ${seq - fromSeq} records`;
  if (before === null) return seq < RESTART_RECORDS_MIN ? 'it stands too near to the beginning' : null;
  if (seq - before.seq < RESTART_RECORDS_MIN) return `it stands too near to the restart record ${before.seq}`;
  return fromSeq < before.fromSeq ? `it goes back behind the restart record ${before.seq}` : null;
}
