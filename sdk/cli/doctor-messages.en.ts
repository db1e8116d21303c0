// Every sentence of `maibo doctor`, in English. Names in braces are filled in.
import type { FindingName } from '../doctor/finding.ts';

export type DoctorWord =
  | FindingName
  | 'state-ok'
  | 'state-warn'
  | 'state-bad'
  | 'state-unknown'
  | 'mend'
  | 'all-ok'
  | 'some-bad';
export type DoctorMessages = Readonly<Record<DoctorWord, string>>;

export const doctorMessagesEn: DoctorMessages = {
  'state-ok': 'ok',
  'state-warn': 'warning',
  'state-bad': 'BAD',
  'state-unknown': 'unknown',
  mend: 'mend it:',
  'all-ok': 'Nothing is bad ({warnings} warnings).',
  'some-bad': '{count} of {total} findings are bad.',

  'node-ok': 'Node {version} is new enough.',
  'node-old': 'Node {version} is too old: {needed} is needed.',
  'platform-other': 'Bluetooth and by-id serial ports are looked for on Linux only; this is {platform}.',

  'bus-absent': 'The D-Bus system bus does not answer, and Bluetooth is reached through it.',
  'bluez-missing': 'BlueZ, the Bluetooth service of Linux, is not installed.',
  'bluez-stopped': 'BlueZ is installed and does not run.',
  'bluez-denied': 'The D-Bus policy keeps {user} away from BlueZ; log in again after joining the group.',
  'bluez-silent': 'BlueZ runs and does not answer: it hangs.',
  'bluez-ok': 'BlueZ {version} answers.',
  'bluez-old':
    'BlueZ {version} waits for an answer after every write, which makes links slow; {needed} or newer does not.',
  'bluez-version-unknown': 'BlueZ answers, and does not say its version.',
  'adapter-absent': 'There is no Bluetooth adapter: plug one in, or see whether the kernel found it.',
  'adapter-off': 'The Bluetooth adapter {adapter} is switched off.',
  'adapter-ok': 'The Bluetooth adapter {adapter} is on.',
  'adapter-other': 'The adapter {adapter} of the configuration is not there; there is {there}.',
  'radio-blocked': 'Bluetooth is blocked by software (rfkill).',
  'radio-blocked-hard': 'Bluetooth is blocked by a switch or key of this machine: turn it on there.',
  'radio-free': 'Nothing blocks Bluetooth.',
  'rfkill-unknown': 'Whether something blocks Bluetooth cannot be seen here.',
  'rules-ok': 'No connection to the bus holds more than {count} match rules.',
  'rules-many': 'A connection to the bus holds {count} match rules: at 512 the bus refuses it.',
  'rules-unknown': 'The bus tells its match rules to root only.',

  'serial-none': 'No USB serial port is plugged in.',
  'serial-ok': '{path} can be opened.',
  'serial-denied': '{path} belongs to the group {group}, and this user is not in it; log in again after joining.',
  'serial-unnamed':
    '{path} can be opened, and has no name under /dev/serial/by-id: its number may change when it is plugged in again.',
  'modem-manager': 'ModemManager runs: it talks to new serial ports as if they were modems, and disturbs devices.',
  'modem-manager-off': 'ModemManager does not disturb serial ports.',

  'clock-ok': 'The clock is set by {by}.',
  'clock-off': 'Nobody sets the clock: the times of records will drift.',
  'clock-unknown': 'Whether the clock is set over the network cannot be seen here.',

  'folder-missing': 'The data folder {folder} is not there yet.',
  'folder-denied': 'This user may not read and write {folder}.',
  'folder-open': 'Others can read {folder}, and it holds health data and keys.',
  'folder-ok': '{folder} is private.',
  'room-ok': '{mib} MiB are free in {folder}.',
  'room-low': 'Only {mib} MiB are free in {folder}.',
  'room-none': '{mib} MiB are free in {folder}: nothing can be stored or acknowledged.',
  'room-unknown': 'How much room the disk has cannot be seen here.',
  'disk-ok': 'A write reaches the disk in {ms} ms.',
  'disk-slow': 'A write reaches the disk only after {ms} ms: the disk is busy, worn out, or a slow card.',
  'disk-unknown': 'Nothing can be written to {folder}.',

  'store-none': 'There is no store at {path} yet.',
  'store-ok': 'The store opens: {count} streams, last change {minutes} min ago.',
  'store-bad': '{path} does not open as a store: {detail}.',
  'store-busy': '{path} is locked by another process.',

  'config-ok': '{path} is valid.',
  'config-bad': '{detail}',
  'config-missing': '{path} is not there, or this user may not read it.',
  'config-open': '{path} is valid, and others may change it.',

  'core-ok': 'core {name} {version} would run: it is allowed by its {by}.',
  'core-missing': '{path}, the package of a core, is not there or too long.',
  'core-refused': '{path} would not be run: {detail}.',
  'engine-ok': '{python} has wasmtime.',
  'engine-absent': '{python} is not there or has no wasmtime: cores for that engine would not be run.',
  'unit-ok': '{unit} runs.',
  'unit-missing': '{unit} is not installed: the gateway does not start with the machine.',
  'unit-stopped': '{unit} is installed and does not run.',
  'unit-unknown': 'There is no systemd here to start the gateway with the machine.',
};
