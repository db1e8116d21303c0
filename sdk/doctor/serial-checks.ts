// Serial ports: which there are, whether this user may open them, and who else might.
import type { Machine } from '../world/machine.ts';
import { bad, type Finding, ok, warn } from './finding.ts';

const BY_ID = '/dev/serial/by-id';
/** USB serial ports as Linux names them. */
const USB_PORT = /^tty(ACM|USB)\d+$/;
/** It asks every new port whether it is a modem, and swallows what the device answers to others meanwhile. */
const MODEM_MANAGER = 'ModemManager';

export async function checkSerial(machine: Machine): Promise<Finding[]> {
  const named = (machine.list(BY_ID) ?? []).map((name) => `${BY_ID}/${name}`);
  const plain = (machine.list('/dev') ?? []).filter((name) => USB_PORT.test(name)).map((name) => `/dev/${name}`);
  const ports = named.length > 0 ? named : plain;
  if (ports.length === 0) return [ok('serial-none')];
  const findings = ports.map((path) => portFinding(machine, path, named.length > 0));
  return [...findings, await modemFinding(machine)];
}

function portFinding(machine: Machine, path: string, isNamed: boolean): Finding {
  const facts = machine.facts(path);
  if (facts === null || !facts.isUsable) {
    const group = facts?.group ?? 'dialout';
    return bad('serial-denied', `sudo usermod -aG ${group} ${machine.userName}`, { path, group });
  }
  if (isNamed) return ok('serial-ok', { path });
  return warn('serial-unnamed', `udevadm info --query=property --name=${path}`, { path });
}

async function modemFinding(machine: Machine): Promise<Finding> {
  const said = await machine.run('systemctl', 'is-active', MODEM_MANAGER);
  if (said?.text.trim() !== 'active') return ok('modem-manager-off');
  return warn('modem-manager', `sudo systemctl disable --now ${MODEM_MANAGER}`);
}
