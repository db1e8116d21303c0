// What a re-check can find wrong, and where.
import { type StreamIdentity, toHex } from './record-types.ts';

export type ProblemCode =
  | 'shape' // bytes that are no sealed record
  | 'signature'
  | 'unknown-key'
  | 'chain' // the record does not follow the one before
  | 'place' // another device, log, epoch or number than its position says
  | 'restart' // a restart record that cannot be one
  | 'result' // running the module again gives something else
  | 'result-missing' // running the module gives a result that is not there
  | 'module-missing' // the named module is not at hand
  | 'module-refused' // a module from elsewhere that is not run at all
  | 'module-stopped' // a module from elsewhere did what no core does
  | 'pipeline-missing' // the named pipeline is another release's
  | 'segment' // a segment's header, hash or chain does not hold
  | 'receipt'
  | 'store'; // what the store notes beside the records does not agree with them

export interface Problem {
  readonly code: ProblemCode;
  /** "device 0a1b.. log 0, record 17". */
  readonly where: string;
  readonly message: string;
}

export function placeName(identity: StreamIdentity | null): string {
  return identity === null ? 'stream' : `device ${toHex(identity.device).slice(0, 8)} log ${identity.log}`;
}
