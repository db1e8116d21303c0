// Bluetooth, from the bus up: whoever answers, in which version, with which adapter, and whether anything blocks it.
import type { BluezFacts, Machine } from '../world/machine.ts';
import { bad, type Finding, ok, unknown, warn } from './finding.ts';

/**
 * Since 5.51 a write says for itself whether it waits for the device's answer (`type` of GattCharacteristic1.WriteValue). An older one waits
 * each time, which is a connection interval for each packet.
 */
const BLUEZ_MIN = { major: 5, minor: 51 };
/** The system bus of a Debian refuses more than 512 match rules of one connection; ours hold a handful. */
const MATCH_RULES_WARN = 256;

const START = 'sudo systemctl enable --now bluetooth';
const INSTALL = 'sudo apt-get install -y bluez';
const RFKILL = '/sys/class/rfkill';

/** `adapter`: the one that is meant; null: any. */
export async function checkBluetooth(machine: Machine, adapter: string | null): Promise<Finding[]> {
  const bluez = await machine.bluez();
  const service = await serviceFindings(machine, bluez);
  const blocks = blockFindings(machine);
  if (bluez.answer !== 'ok') return [...service, ...blocks];
  return [...service, ...blocks, adapterFinding(bluez, adapter), rulesFinding(bluez.matchRulesMax)];
}

async function serviceFindings(machine: Machine, { answer }: BluezFacts): Promise<Finding[]> {
  if (answer === 'ok') return [await versionFinding(machine)];
  if (answer === 'denied') {
    return [bad('bluez-denied', `sudo usermod -aG bluetooth ${machine.userName}`, { user: machine.userName })];
  }
  if (answer === 'silent') return [bad('bluez-silent', 'sudo systemctl restart bluetooth')];
  const version = await machine.run('bluetoothctl', '--version');
  if (version === null) return [bad('bluez-missing', INSTALL)];
  if (answer === 'no-bus') return [bad('bus-absent', 'sudo systemctl start dbus')];
  return [bad('bluez-stopped', START)];
}

async function versionFinding(machine: Machine): Promise<Finding> {
  const said = await machine.run('bluetoothctl', '--version');
  const found = /(\d+)\.(\d+)/.exec(said?.text ?? '');
  if (found === null) return unknown('bluez-version-unknown', INSTALL);
  const [version, major, minor] = [found[0], Number(found[1]), Number(found[2])];
  const needed = `${BLUEZ_MIN.major}.${BLUEZ_MIN.minor}`;
  if (major > BLUEZ_MIN.major || (major === BLUEZ_MIN.major && minor >= BLUEZ_MIN.minor))
    return ok('bluez-ok', { version });
  return warn('bluez-old', INSTALL, { version, needed });
}

function adapterFinding(bluez: Extract<BluezFacts, { answer: 'ok' }>, wanted: string | null): Finding {
  const { adapters } = bluez;
  if (adapters.length === 0) return bad('adapter-absent', 'lsusb | grep -i bluetooth; sudo dmesg | grep -i bluetooth');
  const chosen = wanted === null ? (adapters.find(({ isPowered }) => isPowered) ?? adapters[0]!) : null;
  const adapter = chosen ?? adapters.find(({ name }) => name === wanted);
  if (adapter === undefined) {
    const there = adapters.map(({ name }) => name).join(', ');
    return bad('adapter-other', 'bluetoothctl list', { adapter: wanted!, there });
  }
  if (adapter.isPowered) return ok('adapter-ok', { adapter: adapter.name });
  return bad('adapter-off', 'bluetoothctl power on', { adapter: adapter.name });
}

/** As the kernel shows it, so that no program has to be there for it. */
function blockFindings(machine: Machine): Finding[] {
  const switches = machine.list(RFKILL);
  if (switches === null) return [unknown('rfkill-unknown', null)];
  const read = (name: string, file: string) => machine.readText(`${RFKILL}/${name}/${file}`)?.trim();
  const radios = switches.filter((name) => read(name, 'type') === 'bluetooth');
  if (radios.length === 0) return [];
  if (radios.some((name) => read(name, 'hard') === '1')) return [bad('radio-blocked-hard', 'rfkill list bluetooth')];
  if (radios.some((name) => read(name, 'soft') === '1')) return [bad('radio-blocked', 'sudo rfkill unblock bluetooth')];
  return [ok('radio-free')];
}

function rulesFinding(count: number | null): Finding {
  if (count === null) return unknown('rules-unknown', 'sudo maibo doctor');
  if (count < MATCH_RULES_WARN) return ok('rules-ok', { count });
  return warn('rules-many', 'sudo systemctl restart maibo-gateway', { count });
}
