// Why a request was turned down: a closed list of codes, each with its HTTP status. Messages name places in the bytes
// (a record's seq, a segment's index), never a device, a person or a measured value.

export const REFUSAL_STATUS = {
  'hash-mismatch': 400, // the body is not what the path says
  'bad-bytes': 400, // the body is no segment
  'unknown-path': 404,
  'not-found': 404,
  'wrong-method': 405,
  'place-taken': 409, // another segment holds this place
  'predecessor-missing': 412,
  'too-large': 413,
  'wrong-type': 415,
  'signer-unknown': 403,
  'header-signature': 422,
  'items-hash': 422,
  'record-bad': 422,
  'record-signature': 422,
  'record-place': 422,
  'record-chain': 422,
  'store-failed': 500,
  busy: 503,
  'store-full': 507,
} as const;

export type RefusalCode = keyof typeof REFUSAL_STATUS;

export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  /** What the sender can do, one sentence. */
  readonly hint: string;
  /** The record at fault, where there is one. */
  readonly recordSeq?: number;
  /** For wrong-method: the methods this address answers to. */
  readonly allow?: string;
  /** For predecessor-missing: the segment to send first. */
  readonly expectedIndex?: number;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export function refuse(
  code: RefusalCode,
  message: string,
  hint: string,
  extra: { recordSeq?: number; expectedIndex?: number; allow?: string } = {},
): { ok: false; refusal: Refusal } {
  return { ok: false, refusal: { code, message, hint, ...extra } };
}
