// A machine for tests: a clinic's box on which everything is as it should be, and what a test changes of it.
import type { BluezFacts, FileFacts, Machine, Ran, StoreFacts } from '../world/machine.ts';

export interface Made {
  readonly platform?: string;
  readonly nodeVersion?: string;
  /** By path; null: not there. */
  readonly texts?: Readonly<Record<string, string | null>>;
  readonly bytes?: Readonly<Record<string, Uint8Array>>;
  readonly folders?: Readonly<Record<string, readonly string[] | null>>;
  readonly files?: Readonly<Record<string, Partial<FileFacts> | null>>;
  /** By program; null: not installed. */
  readonly programs?: Readonly<Record<string, Ran | string | null>>;
  readonly bluez?: BluezFacts;
  readonly freeBytes?: number | null;
  readonly durableWritesMs?: readonly number[] | null;
  readonly store?: StoreFacts | null;
}

export const DATA = '/var/lib/maibo';
export const CONFIG = '/etc/maibo/gateway.toml';
export const PORT = '/dev/serial/by-id/usb-Maker_Board_1-if00';
export const NOW_UTC_MS = 1_767_225_600_000;

const SOUND = {
  texts: {
    '/sys/class/rfkill/rfkill0/type': 'bluetooth\n',
    '/sys/class/rfkill/rfkill0/hard': '0\n',
    '/sys/class/rfkill/rfkill0/soft': '0\n',
    [CONFIG]: `[gateway]\ndata = "${DATA}"\n[[clinic]]\naddress = "C0:FF:EE:00:00:01"\nkinds = ["heart-rate"]\n`,
  },
  folders: {
    '/sys/class/rfkill': ['rfkill0'],
    '/dev/serial/by-id': ['usb-Maker_Board_1-if00'],
    '/dev': ['null', 'ttyACM0', 'ttyS0'],
  },
  files: {
    [DATA]: { kind: 'folder', mode: 0o700 },
    [CONFIG]: { kind: 'file', mode: 0o640 },
    [PORT]: { kind: 'device', mode: 0o660, group: 'dialout' },
    '/dev/ttyACM0': { kind: 'device', mode: 0o660, group: 'dialout' },
  },
  programs: {
    bluetoothctl: 'bluetoothctl: 5.66\n',
    timedatectl: 'yes\n',
    chronyc: null,
    'systemctl is-active': { code: 3, text: 'inactive\n' },
    'systemctl show': 'LoadState=loaded\nActiveState=active\n',
  },
  bluez: { answer: 'ok', adapters: [{ name: 'hci0', isPowered: true }], matchRulesMax: 4 },
  store: { failure: null, detail: '', streamCount: 3, changedUtcMs: NOW_UTC_MS - 120_000 },
} as const satisfies Made;

export function madeMachine(made: Made = {}): Machine {
  const texts: Made['texts'] = { ...SOUND.texts, ...made.texts };
  const folders: Made['folders'] = { ...SOUND.folders, ...made.folders };
  const files: Made['files'] = { ...SOUND.files, ...made.files };
  const programs: Made['programs'] = { ...SOUND.programs, ...made.programs };
  const some = { kind: 'file', mode: 0o600, group: 'maibo', isUsable: true } as const;
  return {
    platform: made.platform ?? 'linux',
    nodeVersion: made.nodeVersion ?? '20.19.0',
    userName: 'nurse',
    nowUtcMs: NOW_UTC_MS,
    readText: (path) => texts[path] ?? null,
    readBytes: (path) => made.bytes?.[path] ?? null,
    list: (folder) => folders[folder] ?? null,
    facts: (path) => (files[path] == null ? null : { ...some, ...files[path] }),
    run: async (program, ...args) => {
      const said = programs[`${program} ${args[0]}`] ?? programs[program] ?? null;
      return typeof said === 'string' ? { code: 0, text: said } : said;
    },
    bluez: async () => made.bluez ?? SOUND.bluez,
    freeBytes: () => (made.freeBytes === undefined ? 2 ** 34 : made.freeBytes),
    durableWritesMs: () => (made.durableWritesMs === undefined ? [3, 4, 5] : made.durableWritesMs),
    store: () => (made.store === undefined ? SOUND.store : made.store),
  };
}
