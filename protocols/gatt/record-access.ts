// Record Access Control Point: the remote control of a store of records. Requests are written, answers indicated.
// The meaning of an operand depends on op code and operator, and a server must be able to answer "invalid operand":
// so an operand that makes no sense is decoded as opaque bytes, not refused.

import { characteristic } from './characteristic.ts';
import { type Coded, codes } from './coded.ts';
import type { DateTimeFields } from './date-time.ts';
import { GLUCOSE_SERVICE } from './glucose.ts';
import { ValueReader } from './value-reader.ts';
import type { ValueWriter } from './value-writer.ts';

/** Op code, operator and up to 18 bytes of operand. */
const RACP_BYTES_MAX = 20;
const FILTER_SEQUENCE = 1;
const FILTER_TIME = 2;

export const racpOpCodes = codes({
  1: 'report-records',
  2: 'delete-records',
  3: 'abort',
  4: 'report-count',
  5: 'count-response',
  6: 'response',
  7: 'combined-report',
  8: 'combined-report-response',
});
export type RacpOpCode = NonNullable<ReturnType<typeof racpOpCodes.of>['name']>;

export const racpOperators = codes({
  0: 'null',
  1: 'all',
  2: 'at-most',
  3: 'at-least',
  4: 'within',
  5: 'first',
  6: 'last',
});
export type RacpOperator = NonNullable<ReturnType<typeof racpOperators.of>['name']>;

export const racpResults = codes({
  1: 'success',
  2: 'op-code-not-supported',
  3: 'invalid-operator',
  4: 'operator-not-supported',
  5: 'invalid-operand',
  6: 'no-records-found',
  7: 'abort-unsuccessful',
  8: 'procedure-not-completed',
  9: 'operand-not-supported',
  10: 'server-busy',
});
export type RacpResult = NonNullable<ReturnType<typeof racpResults.of>['name']>;

/** `atLeast` stands with the operators at-least and within, `atMost` with at-most and within; both inclusive. */
export interface RacpRange<Bound> {
  readonly atLeast: Bound | null;
  readonly atMost: Bound | null;
}

export type RacpOperand =
  | { readonly kind: 'none' }
  /** Records by sequence number. */
  | ({ readonly kind: 'sequence' } & RacpRange<number>)
  /** Records by the time the device shows (glucose: base time plus offset). */
  | ({ readonly kind: 'time' } & RacpRange<DateTimeFields>)
  /** Glucose sends two bytes; the size is the service's choice. */
  | { readonly kind: 'count'; readonly recordCount: number; readonly bytes: 1 | 2 | 4 }
  | { readonly kind: 'response'; readonly request: Coded<RacpOpCode>; readonly result: Coded<RacpResult> }
  | { readonly kind: 'opaque'; readonly bytes: Uint8Array };

export interface RecordAccess {
  readonly opCode: Coded<RacpOpCode>;
  readonly operator: Coded<RacpOperator>;
  readonly operand: RacpOperand;
}

export const recordAccessControlPoint = characteristic<RecordAccess>({
  uuid: 0x2a52,
  name: 'Record Access Control Point',
  services: [GLUCOSE_SERVICE],
  bytesMax: RACP_BYTES_MAX,
  read(reader) {
    const opCode = racpOpCodes.of(reader.u8('op code'));
    const operator = racpOperators.of(reader.u8('operator'));
    return { opCode, operator, operand: readOperand(opCode, operator, reader.rest()) };
  },
  write({ opCode, operator, operand }, writer) {
    writer.u8(opCode.code, 'op code');
    writer.u8(operator.code, 'operator');
    writeOperand(operand, operator, writer);
  },
});

/** A request without an operand: for all, the first or the last records. An abort has the operator null. */
export function racpRequest(opCode: RacpOpCode, operator: 'all' | 'first' | 'last' = 'all'): RecordAccess {
  return {
    opCode: racpOpCodes.named(opCode),
    operator: racpOperators.named(opCode === 'abort' ? 'null' : operator),
    operand: { kind: 'none' },
  };
}

/** A request for the records with a sequence number of `sequence` or above. */
export function racpRequestFrom(opCode: RacpOpCode, sequence: number): RecordAccess {
  return {
    opCode: racpOpCodes.named(opCode),
    operator: racpOperators.named('at-least'),
    operand: { kind: 'sequence', atLeast: sequence, atMost: null },
  };
}

/** What a server indicates when a request is over. */
export function racpResponse(request: Coded<RacpOpCode>, result: RacpResult): RecordAccess {
  return {
    opCode: racpOpCodes.named('response'),
    operator: racpOperators.named('null'),
    operand: { kind: 'response', request, result: racpResults.named(result) },
  };
}

function readOperand(opCode: Coded<RacpOpCode>, operator: Coded<RacpOperator>, bytes: Uint8Array): RacpOperand {
  if (bytes.length === 0) return { kind: 'none' };
  const understood =
    opCode.name === 'response'
      ? readResponse(bytes)
      : opCode.name === 'count-response' || opCode.name === 'combined-report-response'
        ? readCount(bytes)
        : readFilter(operator, bytes);
  return understood ?? { kind: 'opaque', bytes };
}

function readResponse(bytes: Uint8Array): RacpOperand | null {
  if (bytes.length !== 2) return null;
  return { kind: 'response', request: racpOpCodes.of(bytes[0]!), result: racpResults.of(bytes[1]!) };
}

function readCount(bytes: Uint8Array): RacpOperand | null {
  const reader = new ValueReader(bytes);
  if (bytes.length === 1) return { kind: 'count', recordCount: reader.u8('record count'), bytes: 1 };
  if (bytes.length === 2) return { kind: 'count', recordCount: reader.u16('record count'), bytes: 2 };
  return bytes.length === 4 ? { kind: 'count', recordCount: reader.u32('record count'), bytes: 4 } : null;
}

function readFilter({ name }: Coded<RacpOperator>, bytes: Uint8Array): RacpOperand | null {
  const hasLeast = name === 'at-least' || name === 'within';
  const hasMost = name === 'at-most' || name === 'within';
  if (!hasLeast && !hasMost) return null;
  const reader = new ValueReader(bytes);
  const filter = reader.u8('filter type');
  let operand: RacpOperand;
  if (filter === FILTER_SEQUENCE) {
    const atLeast = hasLeast ? reader.u16('minimum') : null;
    operand = { kind: 'sequence', atLeast, atMost: hasMost ? reader.u16('maximum') : null };
  } else if (filter === FILTER_TIME) {
    const atLeast = hasLeast ? reader.dateTime('minimum') : null;
    operand = { kind: 'time', atLeast, atMost: hasMost ? reader.dateTime('maximum') : null };
  } else return null;
  return reader.fault() ? null : operand;
}

function writeOperand(operand: RacpOperand, operator: Coded<RacpOperator>, writer: ValueWriter): void {
  if (operand.kind === 'opaque') {
    writer.raw(operand.bytes);
  } else if (operand.kind === 'count') {
    writeCount(operand.recordCount, operand.bytes, writer);
  } else if (operand.kind === 'response') {
    writer.u8(operand.request.code, 'request op code');
    writer.u8(operand.result.code, 'response code');
  } else if (operand.kind === 'sequence') {
    writer.u8(FILTER_SEQUENCE, 'filter type');
    writeRange(operand, operator, (bound) => writer.u16(bound, 'sequence number'));
  } else if (operand.kind === 'time') {
    writer.u8(FILTER_TIME, 'filter type');
    writeRange(operand, operator, (bound) => writer.dateTime(bound));
  }
}

function writeCount(recordCount: number, size: 1 | 2 | 4, writer: ValueWriter): void {
  if (size === 1) writer.u8(recordCount, 'record count');
  else if (size === 2) writer.u16(recordCount, 'record count');
  else writer.u32(recordCount, 'record count');
}

function writeRange<Bound>(
  { atLeast, atMost }: RacpRange<Bound>,
  { name }: Coded<RacpOperator>,
  write: (bound: Bound) => void,
): void {
  const fitting = atLeast === null ? 'at-most' : atMost === null ? 'at-least' : 'within';
  if ((atLeast === null && atMost === null) || name !== fitting)
    throw new TypeError(`operator ${name} does not go with the bounds given; ${fitting} does`);
  if (atLeast !== null) write(atLeast);
  if (atMost !== null) write(atMost);
}
