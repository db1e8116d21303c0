// The values of the deterministic profile and the budgets a decoder works under.

/** Integers are whole numbers within +-(2^53-1); every other finite number is a float64. */
export type CborValue = null | boolean | number | string | Uint8Array | readonly CborValue[] | CborObject | CborMap;

/** A map whose keys are all text. Decoded ones inherit nothing, so a key named `__proto__` is only a key. */
export interface CborObject {
  readonly [key: string]: CborValue;
}

/** A map with at least one integer key. */
export type CborMap = ReadonlyMap<number | string, CborValue>;

export interface CborLimits {
  readonly bytesMax: number;
  /** Every key, value, array and map counts as one. */
  readonly itemsMax: number;
  /** Nested arrays and maps; a bare integer has depth 0. */
  readonly depthMax: number;
}

/** No type of the schema nests deeper than 4; 6 leaves room for additions and keeps a hostile peer from our stack. */
export const CBOR_DEPTH_MAX = 6;

/** For callers that name no budget of their own: one message (SPEC.md, "Limits"). */
export const MESSAGE_LIMITS: CborLimits = { bytesMax: 16_383, itemsMax: 1_024, depthMax: CBOR_DEPTH_MAX };

/** A record travels inside a sealed item of at most 65,536 bytes; one item is at least one byte. */
export const RECORD_LIMITS: CborLimits = { bytesMax: 65_536, itemsMax: 65_536, depthMax: CBOR_DEPTH_MAX };

/** 256 sealed records of 65,536 bytes, the header and the framing of both. */
export const SEGMENT_LIMITS: CborLimits = { bytesMax: 16_842_752, itemsMax: 512, depthMax: CBOR_DEPTH_MAX };
