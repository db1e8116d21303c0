import { describe, expect, it } from 'vitest';
import { madePackage, makerKey } from '../engine/made-package.testkit.ts';
import { toHex } from '../evidence/record-types.ts';
import type { BluezFacts } from '../world/machine.ts';
import { examine } from './examine.ts';
import { FINDING_NAMES, type FindingName, type FindingState } from './finding.ts';
import { CONFIG, DATA, type Made, madeMachine, NOW_UTC_MS, PORT } from './made-machine.testkit.ts';

const ALL = { configPath: CONFIG };
const adapters = (isPowered: boolean, name = 'hci0', matchRulesMax: number | null = 4): BluezFacts => ({
  answer: 'ok',
  adapters: [{ name, isPowered }],
  matchRulesMax,
});
const rfkill = (file: string) => ({ [`/sys/class/rfkill/rfkill0/${file}`]: '1\n' });
const CORE = '/etc/maibo/maker.mcore';
const TRUSTED = toHex(makerKey.publicKey);
const coreInConfig = (trusted = TRUSTED, engine = 'v8') => ({
  [CONFIG]: `[gateway]\ndata = "${DATA}"\n[cores]\ntrustedKeys = ["${trusted}"]\n[[core]]\npackage = "maker.mcore"\nengine = "${engine}"\n`,
});
const bytes = { [CORE]: madePackage() };
const store = (failure: string | null) => ({
  ...{ failure, detail: 'it is damaged', streamCount: 0, changedUtcMs: NOW_UTC_MS },
});
const adapterInConfig = `[gateway]\ndata = "${DATA}"\n[bluetooth]\nadapter = "hci7"\n[[clinic]]\naddress = "C0:FF:EE:00:00:01"\nkinds = ["heart-rate"]\n`;

/** What is changed on a sound machine, the finding that tells of it, and the command that mends it. */
const cases: readonly [Made, FindingName, FindingState, string | null][] = [
  [{ nodeVersion: '18.20.4' }, 'node-old', 'bad', 'nvm install 22'],
  [{ nodeVersion: '20.18.9' }, 'node-old', 'bad', 'nvm install 22'],
  [{ nodeVersion: '22.0.0' }, 'node-ok', 'ok', null],
  [{ platform: 'darwin' }, 'platform-other', 'unknown', null],
  [{ bluez: { answer: 'no-bus' } }, 'bus-absent', 'bad', 'sudo systemctl start dbus'],
  [
    { bluez: { answer: 'absent' }, programs: { bluetoothctl: null } },
    ...(['bluez-missing', 'bad', 'sudo apt-get install -y bluez'] as const),
  ],
  [{ bluez: { answer: 'absent' } }, 'bluez-stopped', 'bad', 'sudo systemctl enable --now bluetooth'],
  [{ bluez: { answer: 'denied' } }, 'bluez-denied', 'bad', 'sudo usermod -aG bluetooth nurse'],
  [{ bluez: { answer: 'silent' } }, 'bluez-silent', 'bad', 'sudo systemctl restart bluetooth'],
  [{}, 'bluez-ok', 'ok', null],
  [{ programs: { bluetoothctl: '5.51\n' } }, 'bluez-ok', 'ok', null],
  [{ programs: { bluetoothctl: '5.50\n' } }, 'bluez-old', 'warn', 'sudo apt-get install -y bluez'],
  [{ programs: { bluetoothctl: null } }, 'bluez-version-unknown', 'unknown', 'sudo apt-get install -y bluez'],
  [
    { bluez: { answer: 'ok', adapters: [], matchRulesMax: 0 } },
    ...(['adapter-absent', 'bad', 'lsusb | grep -i bluetooth; sudo dmesg | grep -i bluetooth'] as const),
  ],
  [{ bluez: adapters(false) }, 'adapter-off', 'bad', 'bluetoothctl power on'],
  [{}, 'adapter-ok', 'ok', null],
  [{ texts: { [CONFIG]: adapterInConfig } }, 'adapter-other', 'bad', 'bluetoothctl list'],
  [{ texts: { [CONFIG]: adapterInConfig }, bluez: adapters(true, 'hci7') }, 'adapter-ok', 'ok', null],
  [{ texts: rfkill('soft') }, 'radio-blocked', 'bad', 'sudo rfkill unblock bluetooth'],
  [{ texts: rfkill('hard') }, 'radio-blocked-hard', 'bad', 'rfkill list bluetooth'],
  [{}, 'radio-free', 'ok', null],
  [{ folders: { '/sys/class/rfkill': null } }, 'rfkill-unknown', 'unknown', null],
  [{}, 'rules-ok', 'ok', null],
  [{ bluez: adapters(true, 'hci0', 300) }, 'rules-many', 'warn', 'sudo systemctl restart maibo-gateway'],
  [{ bluez: adapters(true, 'hci0', null) }, 'rules-unknown', 'unknown', 'sudo maibo doctor'],
  [{ folders: { '/dev/serial/by-id': null, '/dev': ['null'] } }, 'serial-none', 'ok', null],
  [{}, 'serial-ok', 'ok', null],
  [
    { files: { [PORT]: { group: 'dialout', isUsable: false } } },
    'serial-denied',
    'bad',
    'sudo usermod -aG dialout nurse',
  ],
  [
    { folders: { '/dev/serial/by-id': null } },
    ...(['serial-unnamed', 'warn', 'udevadm info --query=property --name=/dev/ttyACM0'] as const),
  ],
  [
    { programs: { 'systemctl is-active': 'active\n' } },
    'modem-manager',
    'warn',
    'sudo systemctl disable --now ModemManager',
  ],
  [{}, 'modem-manager-off', 'ok', null],
  [{}, 'clock-ok', 'ok', null],
  [{ programs: { timedatectl: 'no\n', chronyc: 'Leap status     : Normal\n' } }, 'clock-ok', 'ok', null],
  [{ programs: { timedatectl: 'no\n' } }, 'clock-off', 'warn', 'sudo timedatectl set-ntp true'],
  [{ programs: { timedatectl: null } }, 'clock-unknown', 'unknown', 'timedatectl status'],
  [{ files: { [DATA]: null } }, 'folder-missing', 'warn', `mkdir -p -m 700 ${DATA}`],
  [{ files: { [DATA]: { kind: 'folder', isUsable: false } } }, 'folder-denied', 'bad', `sudo chown -R nurse ${DATA}`],
  [{ files: { [DATA]: { kind: 'folder', mode: 0o755 } } }, 'folder-open', 'warn', `chmod 700 ${DATA}`],
  [{ files: { [DATA]: { kind: 'folder', mode: 0o750 } } }, 'folder-ok', 'ok', null],
  [{}, 'room-ok', 'ok', null],
  [{ freeBytes: 2 ** 29 }, 'room-low', 'warn', `sudo du -xh --max-depth=2 ${DATA} | sort -h | tail`],
  [{ freeBytes: 0 }, 'room-none', 'bad', `sudo du -xh --max-depth=2 ${DATA} | sort -h | tail`],
  [{ freeBytes: null }, 'room-unknown', 'unknown', `df -h ${DATA}`],
  [{}, 'disk-ok', 'ok', null],
  [
    { durableWritesMs: [3, 900, 4] },
    ...(['disk-slow', 'warn', `sudo smartctl -a $(df --output=source ${DATA} | tail -1)`] as const),
  ],
  [{ durableWritesMs: null }, 'disk-unknown', 'unknown', `df -h ${DATA}`],
  [{ store: null }, 'store-none', 'ok', null],
  [{}, 'store-ok', 'ok', null],
  [{ store: store('store-open') }, 'store-bad', 'bad', `maibo verify ${DATA}/store.sqlite`],
  [{ store: store('store-busy') }, 'store-busy', 'warn', `fuser -v ${DATA}/store.sqlite`],
  [{}, 'config-ok', 'ok', null],
  [{ texts: { [CONFIG]: '[gatway]\n' } }, 'config-bad', 'bad', `maibo gateway --check --config ${CONFIG}`],
  [{ texts: { [CONFIG]: null } }, 'config-missing', 'bad', `ls -l ${CONFIG}`],
  [{ files: { [CONFIG]: { mode: 0o666 } } }, 'config-open', 'warn', `chmod go-w ${CONFIG}`],
  [{ texts: coreInConfig(), bytes }, 'core-ok', 'ok', null],
  [{ texts: coreInConfig() }, 'core-missing', 'bad', `ls -l ${CORE}`],
  [{ texts: coreInConfig('ab'.repeat(32)), bytes }, 'core-refused', 'bad', `maibo core show ${CORE}`],
  [{ texts: coreInConfig(), bytes: { [CORE]: new Uint8Array(9) } }, 'core-refused', 'bad', `maibo core show ${CORE}`],
  [{ texts: coreInConfig(TRUSTED, 'wasmtime'), bytes, programs: { python3: '' } }, 'engine-ok', 'ok', null],
  [
    { texts: coreInConfig(TRUSTED, 'wasmtime'), bytes, programs: { python3: null } },
    ...(['engine-absent', 'bad', 'python3 -m venv wasmtime && wasmtime/bin/pip install wasmtime==50.0.1'] as const),
  ],
  [{}, 'unit-ok', 'ok', null],
  [
    { programs: { 'systemctl show': 'LoadState=not-found\nActiveState=inactive\n' } },
    ...([
      'unit-missing',
      'warn',
      'sudo install -m 644 sdk/deploy/maibo-gateway.service /etc/systemd/system/ && sudo systemctl daemon-reload',
    ] as const),
  ],
  [
    { programs: { 'systemctl show': 'LoadState=loaded\nActiveState=failed\n' } },
    ...(['unit-stopped', 'warn', 'sudo systemctl enable --now maibo-gateway.service'] as const),
  ],
  [{ programs: { 'systemctl show': null } }, 'unit-unknown', 'unknown', null],
];

describe('the doctor', () => {
  it('finds nothing wrong with a sound machine', async () => {
    const findings = await examine(madeMachine(), ALL);
    expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(findings.length).toBeGreaterThan(12);
  });

  it.each(cases)('given %o says %s (%s)', async (made, name, state, mend) => {
    const findings = await examine(madeMachine(made), ALL);
    expect(findings.filter((finding) => finding.name === name)).toMatchObject([{ state, mend }]);
  });

  it('has a case for each of its findings', () => {
    const covered = new Set([...cases.map(([, name]) => name), 'node-ok']);
    expect(FINDING_NAMES.filter((name) => !covered.has(name))).toEqual([]);
  });

  it('gives a command with whatever is bad', () => {
    for (const [, name, state, mend] of cases) if (state === 'bad') expect(mend, name).not.toBeNull();
  });

  it('leaves Bluetooth alone where nothing is on the air', async () => {
    const texts = { [CONFIG]: `[gateway]\ndata = "${DATA}"\n[[serial]]\npath = "/dev/ttyACM0"\n` };
    const findings = await examine(madeMachine({ texts, bluez: { answer: 'no-bus' } }), ALL);
    expect(findings.filter(({ state }) => state === 'bad')).toEqual([]);
  });

  it('has no word for a service that nobody asks for', async () => {
    const findings = await examine(madeMachine({ programs: { 'systemctl show': null } }), {});
    expect(findings.filter(({ name }) => name.startsWith('unit-'))).toEqual([]);
  });

  it('looks at the data folder that it is given', async () => {
    const findings = await examine(madeMachine(), { dataFolder: '/elsewhere' });
    expect(findings).toContainEqual(expect.objectContaining({ name: 'folder-missing' }));
  });
});
