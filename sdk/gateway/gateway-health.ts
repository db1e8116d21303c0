// Whether the box does its work, and if not why, by codes that a monitoring system can match on.

export interface HealthReason {
  readonly code:
    | 'starting'
    | 'stopping'
    | 'store-failing'
    | 'radio-absent'
    | 'radio-off'
    | 'platform-unreachable'
    | 'platform-rejected'
    | 'disk-nearly-full'
    | 'store-too-large'
    | 'hanging';
  /** One sentence: what it means here. */
  readonly detail: string;
}

export interface Health {
  readonly status: 'ok' | 'failing';
  readonly reasons: readonly HealthReason[];
}

/** What is looked at. */
export interface HealthSigns {
  readonly phase: 'starting' | 'running' | 'stopping';
  readonly storeFailure: string | null;
  /** Null: no radio is wanted. */
  readonly radioState: 'ready' | 'off' | 'absent' | null;
  readonly unreachableMs: number | null;
  readonly refusedStreams: number;
  /** Null: not known. */
  readonly freeBytes: number | null;
  readonly storeBytes: number | null;
  readonly storeBytesMax: number | null;
  readonly hanging: readonly string[];
}

/** A platform may be away for a while: nothing is lost meanwhile. */
export const UNREACHABLE_MS_MAX = 10 * 60_000;
/** Time to do something about it: once it is full nothing is collected any more. */
export const FREE_BYTES_MIN = 2 * 1024 ** 3;

export function judgeHealth(signs: HealthSigns): Health {
  const reasons: HealthReason[] = [];
  const add = (code: HealthReason['code'], detail: string) => reasons.push({ code, detail });
  if (signs.phase !== 'running') add(signs.phase, `the gateway is ${signs.phase}`);
  if (signs.storeFailure !== null) add('store-failing', `nothing is read from devices: ${signs.storeFailure}`);
  if (signs.radioState === 'absent')
    add('radio-absent', 'there is no Bluetooth service or no adapter, and devices need one');
  if (signs.radioState === 'off') add('radio-off', 'the Bluetooth adapter is switched off or blocked');
  if (signs.unreachableMs !== null && signs.unreachableMs > UNREACHABLE_MS_MAX) {
    add('platform-unreachable', `no answer for ${Math.round(signs.unreachableMs / 60_000)} minutes`);
  }
  if (signs.refusedStreams > 0) add('platform-rejected', `segments of ${signs.refusedStreams} stream(s) were refused`);
  if (signs.freeBytes !== null && signs.freeBytes < FREE_BYTES_MIN) {
    add('disk-nearly-full', `${Math.floor(signs.freeBytes / 1024 ** 2)} MiB are left`);
  }
  if (signs.storeBytesMax !== null && (signs.storeBytes ?? 0) > signs.storeBytesMax) {
    add('store-too-large', 'the store is larger than store.maxBytes, and nothing more may be trimmed');
  }
  if (signs.hanging.length > 0) add('hanging', `no answer within the deadline: ${signs.hanging.join(', ')}`);
  return { status: reasons.length === 0 ? 'ok' : 'failing', reasons };
}

/** Whether it may be left running: a full disk is not mended by a restart, something that hangs may be. */
export function isAlive(signs: Pick<HealthSigns, 'hanging'>): boolean {
  return signs.hanging.length === 0;
}

/** Whether devices are served. */
export function isReady({ phase, storeFailure }: HealthSigns): boolean {
  return phase === 'running' && storeFailure === null;
}
