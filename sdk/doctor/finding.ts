// One thing that was looked at: how it is, the words for it, and the command that mends it.

/** 'warn': it works, and may not for long or not well. 'unknown': it could not be seen. */
export type FindingState = 'ok' | 'warn' | 'bad' | 'unknown';

/** Every sentence that the doctor can say. The catalogues of `maibo doctor` have one for each. */
export const FINDING_NAMES = [
  'node-ok',
  'node-old',
  'platform-other',
  'bus-absent',
  'bluez-missing',
  'bluez-stopped',
  'bluez-denied',
  'bluez-silent',
  'bluez-ok',
  'bluez-old',
  'bluez-version-unknown',
  'adapter-absent',
  'adapter-off',
  'adapter-ok',
  'adapter-other',
  'radio-blocked',
  'radio-blocked-hard',
  'radio-free',
  'rfkill-unknown',
  'rules-ok',
  'rules-many',
  'rules-unknown',
  'serial-none',
  'serial-ok',
  'serial-denied',
  'serial-unnamed',
  'modem-manager',
  'modem-manager-off',
  'clock-ok',
  'clock-off',
  'clock-unknown',
  'folder-missing',
  'folder-denied',
  'folder-open',
  'folder-ok',
  'room-ok',
  'room-low',
  'room-none',
  'room-unknown',
  'disk-ok',
  'disk-slow',
  'disk-unknown',
  'store-none',
  'store-ok',
  'store-bad',
  'store-busy',
  'config-ok',
  'config-bad',
  'config-missing',
  'config-open',
  'core-ok',
  'core-missing',
  'core-refused',
  'engine-ok',
  'engine-absent',
  'unit-ok',
  'unit-missing',
  'unit-stopped',
  'unit-unknown',
] as const;

export type FindingName = (typeof FINDING_NAMES)[number];

export interface Finding {
  readonly name: FindingName;
  readonly state: FindingState;
  /** What the sentence is filled with. */
  readonly values: Readonly<Record<string, string | number>>;
  /** A command line, word for word; null when there is nothing to mend. */
  readonly mend: string | null;
}

type Values = Finding['values'];

export function ok(name: FindingName, values: Values = {}): Finding {
  return { name, state: 'ok', values, mend: null };
}

export function warn(name: FindingName, mend: string, values: Values = {}): Finding {
  return { name, state: 'warn', values, mend };
}

export function bad(name: FindingName, mend: string, values: Values = {}): Finding {
  return { name, state: 'bad', values, mend };
}

export function unknown(name: FindingName, mend: string | null, values: Values = {}): Finding {
  return { name, state: 'unknown', values, mend };
}
