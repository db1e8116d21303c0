// The sensor's side of a Record Access Control Point: a store of records that answers reports, counts and aborts, and deletes nothing.
//
//   idle ── report ──▶ reporting ── all sent ──▶ response, idle
//    │                     └── abort ──▶ response to the abort, idle
//    └── count, or what cannot be done ──▶ answer, idle
import { gatt } from '@maibo/protocols';
import { AttRefusal } from '../gatt-device.ts';

/** "Procedure Already In Progress" (Core Specification Supplement, Part B, 1.2). */
const IN_PROGRESS = 0xfe;

export interface StoredRecord {
  readonly sequence: number;
  /** What the device showed when it was made, "2024-02-29T23:59:59"; null without a clock. */
  readonly localIso: string | null;
}

export interface RecordServerOptions<Kept extends StoredRecord> {
  readonly records: readonly Kept[];
  /** Notifies one record. */
  readonly report: (record: Kept) => Promise<void>;
  readonly indicate: (bytes: Uint8Array) => Promise<void>;
}

export class RecordServer<Kept extends StoredRecord> {
  readonly #options: RecordServerOptions<Kept>;
  /** Aborts the report under way; null when there is none. */
  #report: AbortController | null = null;

  constructor(options: RecordServerOptions<Kept>) {
    this.#options = options;
  }

  /** A write to the control point. Throws an AttRefusal while another request is under way. */
  write(bytes: Uint8Array): void {
    const request = gatt.recordAccessControlPoint.decode(bytes);
    if (!request.ok) {
      void this.#respond(gatt.racpOpCodes.of(bytes[0] ?? 0), 'invalid-operand');
      return;
    }
    const { opCode } = request.value;
    if (opCode.name === 'abort') this.#abort(request.value);
    else if (this.#report) throw new AttRefusal(IN_PROGRESS);
    else void this.#answer(request.value);
  }

  /** The link is gone, and with it whatever was asked for. */
  forget(): void {
    this.#report?.abort();
    this.#report = null;
  }

  #abort({ opCode, operator }: gatt.RecordAccess): void {
    if (operator.name !== 'null') return void this.#respond(opCode, 'invalid-operator');
    // An abort that finds nothing to end has nothing to fail at (Glucose Service 1.0, 3.4.1.3).
    this.forget();
    void this.#respond(opCode, 'success');
  }

  async #answer(request: gatt.RecordAccess): Promise<void> {
    const { opCode } = request;
    if (opCode.name !== 'report-records' && opCode.name !== 'report-count')
      return this.#respond(opCode, 'op-code-not-supported');
    const chosen = chooseRecords(this.#options.records, request);
    if (typeof chosen === 'string') return this.#respond(opCode, chosen);
    if (opCode.name === 'report-count') return this.#count(chosen.length);
    if (chosen.length === 0) return this.#respond(opCode, 'no-records-found');
    await this.#send(opCode, chosen);
  }

  async #send(opCode: gatt.RecordAccess['opCode'], chosen: readonly Kept[]): Promise<void> {
    const report = new AbortController();
    this.#report = report;
    for (const record of chosen) {
      if (report.signal.aborted) return;
      await this.#options.report(record);
    }
    if (report.signal.aborted) return;
    this.#report = null;
    await this.#respond(opCode, 'success');
  }

  #count(recordCount: number): Promise<void> {
    const opCode = gatt.racpOpCodes.named('count-response');
    const operator = gatt.racpOperators.named('null');
    const operand = { kind: 'count', recordCount, bytes: 2 } as const;
    return this.#options.indicate(gatt.recordAccessControlPoint.encode({ opCode, operator, operand }));
  }

  #respond(request: gatt.RecordAccess['opCode'], result: gatt.RacpResult): Promise<void> {
    return this.#options.indicate(gatt.recordAccessControlPoint.encode(gatt.racpResponse(request, result)));
  }
}

/** The records a request is about, or why there is no saying. */
function chooseRecords<Kept extends StoredRecord>(
  records: readonly Kept[],
  { operator, operand }: gatt.RecordAccess,
): readonly Kept[] | gatt.RacpResult {
  const { name } = operator;
  if (name === 'null') return 'invalid-operator';
  if (name === null) return 'operator-not-supported';
  if (name === 'all' || name === 'first' || name === 'last') {
    if (operand.kind !== 'none') return 'invalid-operand';
    return name === 'all' ? records : name === 'first' ? records.slice(0, 1) : records.slice(-1);
  }
  if (operand.kind === 'sequence') {
    const { atLeast, atMost } = operand;
    if (atLeast !== null && atMost !== null && atLeast > atMost) return 'invalid-operand';
    return records.filter(({ sequence }) => sequence >= (atLeast ?? 0) && sequence <= (atMost ?? 0xffff));
  }
  return operand.kind === 'time' ? withinTime(records, operand) : 'invalid-operand';
}

function withinTime<Kept extends StoredRecord>(
  records: readonly Kept[],
  { atLeast, atMost }: gatt.RacpRange<gatt.DateTimeFields>,
): readonly Kept[] | gatt.RacpResult {
  const from = atLeast && isoOf(atLeast);
  const to = atMost && isoOf(atMost);
  if ((atLeast && !from) || (atMost && !to) || (from && to && from > to)) return 'invalid-operand';
  return records.filter(({ localIso }) => localIso !== null && localIso >= (from ?? '') && localIso <= (to ?? '~'));
}

function isoOf({ year, month, day, hours, minutes, seconds }: gatt.DateTimeFields): string | null {
  return gatt.dateTimeOf(year ?? 0, month ?? 0, day ?? 0, hours, minutes, seconds).localIso;
}
