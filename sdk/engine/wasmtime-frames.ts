// What goes to the process of wasmtime-host.py and comes back, as bytes. The process runs what nobody vouches for: its answers are checked like
// any bytes from outside.

import type { Step, StepOutcome } from './core-line.ts';
import type { StopReason } from './engine.ts';

/** What the process says when its Python has no wasmtime; never a reason to stop a module. */
export const ABSENT = 'absent';

/** In the order of wasmtime-host.py; 0 is done. */
const REASONS: readonly (StopReason | typeof ABSENT | null)[] = [
  null,
  'start',
  'fuel',
  'deadline',
  'memory',
  'trap',
  'answer',
  'lost',
  ABSENT,
];
/** Reason, answer and fuel in front of an answer's bytes. */
export const ANSWER_HEAD_BYTES = 17;
const STEP_HEAD_BYTES = 32;
const START_HEAD_BYTES = 32;

export interface StartFrame {
  readonly callFuel: number;
  readonly callMs: number;
  readonly pagesMax: number;
  readonly verbs: readonly string[];
  readonly bytes: Uint8Array;
}

export function encodeStart({ callFuel, callMs, pagesMax, verbs, bytes }: StartFrame): Uint8Array {
  const names = verbs.flatMap((verb) => [verb.length, ...Buffer.from(verb, 'latin1')]);
  const frame = new Uint8Array(START_HEAD_BYTES + names.length + bytes.length);
  const view = new DataView(frame.buffer);
  for (const [index, number] of [callFuel, callMs, pagesMax, verbs.length].entries())
    view.setFloat64(8 * index, number, true);
  frame.set(names, START_HEAD_BYTES);
  frame.set(bytes, START_HEAD_BYTES + names.length);
  return frame;
}

export function encodeStep({ verb, numbers, pages, put, fetch }: Step): Uint8Array {
  const putAt = STEP_HEAD_BYTES + 8 * numbers.length;
  const frame = new Uint8Array(putAt + (put?.bytes.length ?? 0));
  const view = new DataView(frame.buffer);
  const head = [verb, numbers.length, pages, put?.at ?? 0, put?.bytes.length ?? 0];
  for (const [index, word] of [...head, fetch?.at ?? 0, fetch?.size ?? 0, fetch?.element ?? 0].entries())
    view.setInt32(4 * index, word, true);
  for (const [index, number] of numbers.entries()) view.setFloat64(STEP_HEAD_BYTES + 8 * index, number, true);
  if (put !== null) frame.set(put.bytes, putAt);
  return frame;
}

export type ProcessAnswer =
  | (Extract<StepOutcome, { ok: true }> & { readonly fuel: number; readonly bytes: Uint8Array })
  | { readonly ok: false; readonly reason: StopReason | typeof ABSENT; readonly why: string };

const NOTHING_FETCHED: Step['fetch'] = null;

/** `fetch`: what the step asked for. Bytes that no host of ours sends are a lost process. */
export function decodeAnswer(frame: Uint8Array, fetch: Step['fetch'] = NOTHING_FETCHED): ProcessAnswer {
  const lost = (why: string): ProcessAnswer => ({ ok: false, reason: 'lost', why });
  if (frame.length < ANSWER_HEAD_BYTES) return lost(`its process answered ${frame.length} bytes`);
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const reason = REASONS[view.getUint8(0)];
  if (reason === undefined) return lost('its process answered with a reason that there is not');
  const bytes = frame.subarray(ANSWER_HEAD_BYTES);
  if (reason !== null) return { ok: false, reason, why: new TextDecoder().decode(bytes.slice(0, 200)) };
  const answer = view.getFloat64(1, true);
  if (bytes.length !== fetchedBytes(fetch, answer)) return lost(`its process answered with ${bytes.length} bytes`);
  return { ok: true, answer, fuel: view.getFloat64(9, true), bytes };
}

function fetchedBytes(fetch: Step['fetch'], answer: number): number {
  if (fetch === null) return 0;
  if (fetch.element === 0) return fetch.size;
  // Not a number, or a negative one: nothing was fetched, and the answer itself is for others to judge.
  return answer > 0 ? Math.trunc(Math.min(answer * fetch.element, fetch.size)) : 0;
}
