// Fetches from a glucose meter what is not stored yet, sans IO: told what arrives, it says what to write and what to keep.
//
//   nothing stored ──────────────────────────────────────────▶ all ─▶ done
//   last stored is n ─▶ from n on ── n came again as stored ─────────▶ done
//                           └── none, or another n: numbered anew ─▶ all
//
// To ask for the last stored record again costs one record, and is the only way to see that the numbers still mean the same. (A meter that
// went once through all 65,536 numbers, some 18 years of ten a day, is not seen.)
import { gatt, sameBytes } from '@maibo/protocols';
import { MaiboError } from '../errors.ts';
import type { GlucoseMemory } from './glucose-memory.ts';

/** One value as it came. */
export interface FetchedValue {
  readonly characteristic: number;
  readonly value: Uint8Array;
  readonly atMs: number;
}

/** New records of one connection at most; the next connection goes on behind them. */
export const FETCH_VALUES_MAX = 4_000;
/**
 * Radios keep the order of one characteristic, not that between several: an answer counts once nothing has come for this long, and a context
 * waits for its measurement.
 */
export const FETCH_QUIET_MS = 50;
const HELD_CONTEXTS_MAX = 1_024;

/** Meters that cannot filter say so in one of these ways. */
const NO_FILTER: ReadonlySet<string | null> = new Set([
  'invalid-operator',
  'operator-not-supported',
  'invalid-operand',
  'operand-not-supported',
]);

export class GlucoseFetch {
  readonly #memory: GlucoseMemory;
  readonly #transfer: gatt.RecordTransfer;
  /** What was stored last when the request began. */
  #expected: Uint8Array | null = null;
  #asksAll = false;
  #sawLast = false;
  #newCount = 0;
  #isDone = false;
  #answers: Uint8Array[] = [];
  #lastMs = 0;
  /** Numbers of the measurements that came since the request, and contexts whose measurement did not. */
  readonly #seen = new Set<number>();
  #held: (FetchedValue & { readonly sequence: number })[] = [];

  constructor(memory: GlucoseMemory, transfer: gatt.RecordTransfer = new gatt.RecordTransfer()) {
    this.#memory = memory;
    this.#transfer = transfer;
  }

  /** Nothing more will be asked for. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** An answer waits for what is still on its way. */
  get isSettling(): boolean {
    return this.#answers.length > 0;
  }

  /** The first request, to be written to the control point once all three characteristics are heard. */
  begin(nowMs: number): Uint8Array {
    const { last } = this.#memory;
    if (last === null) return this.#askAll(nowMs);
    this.#expected = last.value;
    return this.#transfer.begin(gatt.racpRequestFrom('report-records', last.sequence), nowMs);
  }

  /** A measurement or a context came. What is to be kept now, in this order. */
  take(come: FetchedValue): readonly FetchedValue[] {
    this.#lastMs = come.atMs;
    return come.characteristic === gatt.glucoseMeasurement.uuid ? this.#takeMeasurement(come) : this.#takeContext(come);
  }

  /** The control point indicated something. */
  answer(bytes: Uint8Array, atMs: number): void {
    this.#lastMs = atMs;
    this.#answers.push(bytes);
  }

  /** Time went by. What to write, if anything. Errors: `device-refused`; `link-timeout`, after which the profile wants the link closed. */
  poll(nowMs: number): Uint8Array | null {
    if (!this.isSettling) return this.#after(this.#transfer.poll(nowMs), nowMs);
    if (nowMs - this.#lastMs < FETCH_QUIET_MS) return null;
    const bytes = this.#answers.shift() as Uint8Array;
    return this.#after(this.#transfer.push(bytes, nowMs), nowMs);
  }

  /** The request to stop, once enough has come; null while the meter may go on. */
  limit(nowMs: number): Uint8Array | null {
    return this.#newCount < FETCH_VALUES_MAX ? null : this.abort(nowMs);
  }

  /** Null when nothing is under way. */
  abort(nowMs: number): Uint8Array | null {
    return this.#transfer.abort(nowMs);
  }

  /** Contexts whose measurement never came; to be kept when all is over. */
  leftOver(): readonly FetchedValue[] {
    return this.#held.splice(0).flatMap((context) => this.#ifNew(context));
  }

  #takeMeasurement(come: FetchedValue): readonly FetchedValue[] {
    this.#transfer.record(come.atMs);
    this.#sawLast ||= this.#expected !== null && sameBytes(come.value, this.#expected);
    const kept = this.#ifNew(come);
    const decoded = gatt.glucoseMeasurement.decode(come.value);
    if (!decoded.ok) return kept;
    const { sequence } = decoded.value;
    this.#seen.add(sequence);
    const waiting = this.#held.filter((context) => context.sequence === sequence);
    if (waiting.length > 0) this.#held = this.#held.filter((context) => context.sequence !== sequence);
    return [...kept, ...waiting.flatMap((context) => this.#ifNew(context))];
  }

  #takeContext(come: FetchedValue): readonly FetchedValue[] {
    const decoded = gatt.glucoseMeasurementContext.decode(come.value);
    if (!decoded.ok || this.#seen.has(decoded.value.sequence) || this.#held.length >= HELD_CONTEXTS_MAX)
      return this.#ifNew(come);
    this.#held.push({ ...come, sequence: decoded.value.sequence });
    return [];
  }

  #ifNew({ characteristic, value, atMs }: FetchedValue): readonly FetchedValue[] {
    if (!this.#memory.learn(characteristic, value)) return [];
    this.#newCount++;
    return [{ characteristic, value, atMs }];
  }

  #after(end: gatt.TransferEnd | null, nowMs: number): Uint8Array | null {
    if (end === null) return null;
    if (end.type === 'timed-out')
      throw new MaiboError('link-timeout', 'the meter stopped in the middle of its records');
    if (end.type === 'broken')
      throw new MaiboError('device-refused', `the meter's answer is none: ${end.fault.detail}`);
    const isUnfiltered = end.type === 'refused' && NO_FILTER.has(end.result.name);
    if (end.type === 'refused' && (!isUnfiltered || this.#asksAll)) {
      const hint = 'wake the meter and bring it near again; if it stays so, pair it anew';
      throw new MaiboError('device-refused', `the meter gives no records: ${end.result.name ?? end.result.code}`, {
        hint,
      });
    }
    if (end.type !== 'aborted' && !this.#asksAll && !this.#sawLast) return this.#askAll(nowMs);
    this.#isDone = true;
    return null;
  }

  #askAll(nowMs: number): Uint8Array {
    this.#asksAll = true;
    this.#seen.clear();
    return this.#transfer.begin(gatt.racpRequest('report-records'), nowMs);
  }
}
