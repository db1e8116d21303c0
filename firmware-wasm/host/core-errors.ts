// What a host throws when a core says no. Inputs are checked by the core itself, so a status < 0 is a mistake of the caller.

import { STATUS_NAMES } from '../generated/abi.gen.ts';
import type { Verb } from './verbs.ts';

/** A verb answered with a status < 0 (ABI.md). */
export class CoreStatusError extends Error {
  override readonly name = 'CoreStatusError';
  readonly core: string;
  readonly verb: Verb;
  readonly status: number;
  /** The status in words, as ABI.md names it. */
  readonly statusName: string;

  constructor(core: string, verb: Verb, status: number) {
    const statusName = STATUS_NAMES[status] ?? 'unknown-status';
    super(`core ${core}: ${verb} answered ${statusName} (${status})`);
    this.core = core;
    this.verb = verb;
    this.status = status;
    this.statusName = statusName;
  }
}

/** A snapshot that does not belong to this instance. */
export class CoreSnapshotError extends Error {
  override readonly name = 'CoreSnapshotError';
  readonly reason: 'not-a-snapshot' | 'other-core' | 'other-size';

  constructor(reason: CoreSnapshotError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}
