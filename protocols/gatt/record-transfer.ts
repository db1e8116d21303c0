// The collector's side of one Record Access Control Point, sans IO: it makes the bytes to write, is told what arrives
// and what time it is, and says how the request ended. The records themselves go straight to the caller.
//
//   begin ─▶ waiting ─ response ─▶ ended          record() and push() put the deadline off
//               │ abort()                          poll() past the deadline ends it as timed-out
//               ▼
//            aborting ─ response to the abort ─▶ ended
//               └── "abort unsuccessful" ─▶ waiting, or ended when the request was over by then

import type { WireFault } from '../wire-fault.ts';
import type { Coded } from './coded.ts';
import {
  type RacpOpCode,
  type RacpResult,
  type RecordAccess,
  racpRequest,
  recordAccessControlPoint,
} from './record-access.ts';

/** The Glucose Profile gives a sensor this long between two signs of life. */
export const RACP_IDLE_MS = 30_000;

export type TransferEnd =
  /** `statedCount` is what a combined report says it sent; compare it with `notifiedCount`. */
  | { readonly type: 'completed'; readonly notifiedCount: number; readonly statedCount: number | null }
  | { readonly type: 'none-found' }
  | { readonly type: 'counted'; readonly recordCount: number }
  | { readonly type: 'aborted'; readonly notifiedCount: number }
  | { readonly type: 'refused'; readonly result: Coded<RacpResult>; readonly notifiedCount: number }
  /** The link is of no more use: the profile wants it closed. A new link gets a new RecordTransfer. */
  | { readonly type: 'timed-out'; readonly notifiedCount: number }
  /** The sensor answered something the request cannot be answered with. */
  | { readonly type: 'broken'; readonly fault: WireFault };

export type TransferPhase = 'idle' | 'waiting' | 'aborting' | 'ended';

const REQUESTS: ReadonlySet<RacpOpCode | null> = new Set([
  'report-records',
  'delete-records',
  'report-count',
  'combined-report',
]);

export class RecordTransfer {
  private readonly idleMs: number;
  private request: Coded<RacpOpCode> | null = null;
  private phaseNow: TransferPhase = 'idle';
  private deadlineMs = 0;
  private notifiedCount = 0;
  private outcome: TransferEnd | null = null;
  /** How the request ended while its abort was still under way. */
  private crossed: TransferEnd | null = null;
  private strays = 0;

  constructor(idleMs: number = RACP_IDLE_MS) {
    this.idleMs = idleMs;
  }

  get phase(): TransferPhase {
    return this.phaseNow;
  }

  /** How the last request ended; null before. */
  get end(): TransferEnd | null {
    return this.outcome;
  }

  /** Answers that belonged to no request under way, such as a late one to an earlier request. */
  get strayCount(): number {
    return this.strays;
  }

  /** The bytes to write to the control point. One request at a time; none after a time-out. */
  begin(request: RecordAccess, nowMs: number): Uint8Array {
    if (this.phaseNow === 'waiting' || this.phaseNow === 'aborting') throw new TypeError('a request is under way');
    if (this.outcome?.type === 'timed-out') throw new TypeError('after a time-out the link must be made anew');
    if (!REQUESTS.has(request.opCode.name)) throw new TypeError(`${request.opCode.name} is not a request`);
    const bytes = recordAccessControlPoint.encode(request);
    this.request = request.opCode;
    this.phaseNow = 'waiting';
    this.notifiedCount = 0;
    this.outcome = null;
    this.crossed = null;
    this.deadlineMs = nowMs + this.idleMs;
    return bytes;
  }

  /** The bytes to write, or null when nothing is under way that could be aborted. */
  abort(nowMs: number): Uint8Array | null {
    if (this.phaseNow !== 'waiting') return null;
    this.phaseNow = 'aborting';
    this.deadlineMs = nowMs + this.idleMs;
    return recordAccessControlPoint.encode(racpRequest('abort'));
  }

  /** A record came (a measurement; its context is not counted). */
  record(nowMs: number): void {
    if (this.phaseNow !== 'waiting' && this.phaseNow !== 'aborting') return;
    this.notifiedCount++;
    this.deadlineMs = nowMs + this.idleMs;
  }

  /** An indication of the control point came. The end, if this was it. */
  push(bytes: Uint8Array, nowMs: number): TransferEnd | null {
    if (this.phaseNow !== 'waiting' && this.phaseNow !== 'aborting') {
      this.strays++;
      return null;
    }
    const answer = recordAccessControlPoint.decode(bytes);
    if (!answer.ok) return this.close({ type: 'broken', fault: answer.fault });
    this.deadlineMs = nowMs + this.idleMs;
    const { operand } = answer.value;
    if (this.phaseNow === 'aborting' && operand.kind === 'response' && operand.request.name === 'abort')
      return this.afterAbort(operand.result);
    if (operand.kind === 'response' && operand.request.code !== this.request?.code) {
      this.strays++;
      return null;
    }
    const end = this.endOf(answer.value);
    if (this.phaseNow === 'waiting') return this.close(end);
    this.crossed = end;
    return null;
  }

  /** The end, if the sensor has been silent for too long. */
  poll(nowMs: number): TransferEnd | null {
    if ((this.phaseNow !== 'waiting' && this.phaseNow !== 'aborting') || nowMs < this.deadlineMs) return null;
    return this.close({ type: 'timed-out', notifiedCount: this.notifiedCount });
  }

  private afterAbort(result: Coded<RacpResult>): TransferEnd | null {
    if (this.crossed) return this.close(this.crossed);
    if (result.name === 'success') return this.close({ type: 'aborted', notifiedCount: this.notifiedCount });
    // The sensor goes on with the request.
    this.phaseNow = 'waiting';
    return null;
  }

  private endOf({ opCode, operator, operand }: RecordAccess): TransferEnd {
    const { notifiedCount } = this;
    const asked = this.request?.name;
    if (operator.name !== 'null') return brokenAnswer(1, `operator ${operator.code} in an answer, expected 0`);
    if (operand.kind === 'count') {
      const { recordCount } = operand;
      if (opCode.name === 'count-response' && asked === 'report-count') return { type: 'counted', recordCount };
      if (opCode.name === 'combined-report-response' && asked === 'combined-report')
        return { type: 'completed', notifiedCount, statedCount: recordCount };
    }
    if (opCode.name !== 'response' || operand.kind !== 'response')
      return brokenAnswer(0, `op code ${opCode.code} with operand ${operand.kind} does not answer ${asked}`);
    const { result } = operand;
    if (result.name === 'no-records-found') return { type: 'none-found' };
    if (result.name !== 'success') return { type: 'refused', result, notifiedCount };
    if (asked === 'report-count') return brokenAnswer(3, 'success without the count that was asked for');
    return { type: 'completed', notifiedCount, statedCount: null };
  }

  private close(end: TransferEnd): TransferEnd {
    this.phaseNow = 'ended';
    this.outcome = end;
    return end;
  }
}

function brokenAnswer(at: number, detail: string): TransferEnd {
  return { type: 'broken', fault: { code: 'bad-shape', at, detail } };
}
