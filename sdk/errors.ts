// The one error class of the SDK: a code from a closed list, a hint that says what to do, and the cause.
// Callers match on `code`, never on the text.

export type MaiboErrorCode =
  // input files and command lines
  | 'input-missing' // no such file, or it cannot be opened
  | 'input-format' // the bytes are not what the format says; `where` names file and place
  | 'input-range' // well-formed, but a value is outside what is possible (rate 0, RR of 10^6 ms)
  | 'input-empty' // nothing to work on
  | 'usage' // options that do not go together or are unknown
  | 'config-bad' // a configuration file; `where` names file, line and key
  // link and device
  | 'link-open' // the port cannot be opened
  | 'link-lost' // it was open and went away
  | 'link-timeout' // the other side did not answer in time
  | 'device-refused' // the device answered with a failure, or with what no honest device says
  | 'device-forked' // the device signed two stories of one log
  | 'device-unknown' // nobody allowed this device: it is not paired, or not on the list
  // radio
  | 'radio-absent' // no Bluetooth service, or no such adapter
  | 'radio-off' // the adapter is switched off or blocked
  | 'radio-refused' // the Bluetooth service said no, with its reason
  | 'pairing-failed' // the devices did not agree, or a person said no
  // store and evidence
  | 'store-open' // not a store, or not readable
  | 'store-foreign' // a database, but of another program or of a newer version
  | 'store-full' // the disk has no room; nothing was acknowledged
  | 'store-conflict' // the same place holds other bytes
  | 'store-busy' // another process writes to this store
  | 'evidence-bad' // a signature, hash or chain does not hold
  | 'key-unsafe' // a signing key that others can read
  // platform
  | 'platform-unreachable'
  | 'platform-rejected'
  // cores
  | 'core-unknown' // no module with that name or hash
  | 'core-status' // a verb answered with a negative status
  | 'core-refused' // a module or package that is not run: imports, no signature, not allowed
  | 'core-stopped' // a module from elsewhere looped, trapped, grew or gave what no core gives
  | 'engine-absent'; // what runs such modules is not on this machine: no Python, or none with wasmtime

export interface MaiboErrorDetails {
  /** What the reader can do about it, one sentence. */
  readonly hint?: string;
  /** File and place ("100.hea, line 2"), never personal data. */
  readonly where?: string;
  readonly cause?: unknown;
}

export class MaiboError extends Error {
  readonly code: MaiboErrorCode;
  readonly hint: string | null;
  readonly where: string | null;

  constructor(code: MaiboErrorCode, message: string, details: MaiboErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'MaiboError';
    this.code = code;
    this.hint = details.hint ?? null;
    this.where = details.where ?? null;
  }

  /** One line for a terminal: where, what, and the hint. */
  toLine(): string {
    const place = this.where === null ? '' : `${this.where}: `;
    return this.hint === null ? `${place}${this.message}` : `${place}${this.message} (${this.hint})`;
  }
}

/** Whether what was thrown is ours and carries one of these codes. */
export function isMaiboError(thrown: unknown, ...codes: MaiboErrorCode[]): thrown is MaiboError {
  return thrown instanceof MaiboError && (codes.length === 0 || codes.includes(thrown.code));
}
