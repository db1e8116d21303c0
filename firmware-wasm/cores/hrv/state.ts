// The instance of the hrv core:
//
//  0      4          8       12      16              224                    224 + 8 * intervalCountMax
//  | mark | countMax | count | stage | HrvTime (208) | rrMs: f64 x countMax |
//
// An interval that comes after a gap is stored as -rrMs: a length is never negative, so its sign is free to carry the flag.

import { checkInstance } from '../../abi/memory';
import { NOT_INITIALISED, OK, Status } from '../../abi/status';
import { HrvTime } from './layout';

/** First word of an instance: "HRV1". */
export const MARK: u32 = 0x31565248;

export const INTERVAL_COUNT_MIN: i32 = 2;
/** Over a month of beats; keeps an instance below 32 MB. */
export const INTERVAL_COUNT_MAX: i32 = 4_000_000;

/** Stages of an instance. */
export const COLLECTING: u32 = 0;
export const COMPUTED: u32 = 1;
export const COLLECTED: u32 = 2;

@unmanaged
export class HrvState {
  mark: u32;
  countMax: i32;
  count: i32;
  stage: u32;
}

const TIME_OFFSET: usize = 16;

/** Bytes of an instance for `countMax` intervals. */
export function instanceBytes(countMax: i32): usize {
  return TIME_OFFSET + offsetof<HrvTime>() + ((<usize>countMax) << 3);
}

export function timeOf(at: usize): HrvTime {
  return changetype<HrvTime>(at + TIME_OFFSET);
}

/** Address of the first interval. */
export function intervalsOf(at: usize): usize {
  return at + TIME_OFFSET + offsetof<HrvTime>();
}

/** Is there a whole instance at `at`? Its size stands in its own header, so the header is checked first and then believed. */
export function checkState(at: usize): Status {
  const status = checkInstance(at, TIME_OFFSET, MARK);
  if (status !== OK) return status;
  const state = changetype<HrvState>(at);
  if (state.countMax < INTERVAL_COUNT_MIN || state.countMax > INTERVAL_COUNT_MAX) return NOT_INITIALISED;
  if (state.count < 0 || state.count > state.countMax) return NOT_INITIALISED;
  return checkInstance(at, instanceBytes(state.countMax), MARK);
}
