// What every decoder in this package answers: the value, or the fault with the byte where it was seen. Decoders never throw.

/** Closed list. New codes are a change of SPEC.md. */
export type WireFaultCode =
  | 'too-long' // a frame is longer than the receiver accepts
  | 'bad-check' // a frame came whole but its CRC differs
  | 'torn' // the bytes end early, or a frame is not valid COBS
  | 'unknown-number' // a message number, or a critical extension, this version does not know
  | 'bad-shape' // well-formed, but not what the schema says
  | 'over-budget' // larger, deeper or more items than allowed
  | 'not-canonical'; // CBOR outside the deterministic profile

export interface WireFault {
  readonly code: WireFaultCode;
  /** Byte offset in the decoded bytes (in the frame as received, for framing faults). */
  readonly at: number;
  /** For people: what was found and what is allowed. Never match on it. */
  readonly detail: string;
}

export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: WireFault };

export function decoded<T>(value: T): Decoded<T> {
  return { ok: true, value };
}

export function refused(code: WireFaultCode, at: number, detail: string): { ok: false; fault: WireFault } {
  return { ok: false, fault: { code, at, detail } };
}
