// What everything else rests on: the platform, Node, and a clock that somebody sets.
import type { Machine } from '../world/machine.ts';
import { bad, type Finding, ok, unknown, warn } from './finding.ts';

/** As in package.json, `engines`. */
const NODE_MIN = '20.19.0';

export function checkNode(machine: Machine): Finding[] {
  const version = machine.nodeVersion;
  const node = isAtLeast(version, NODE_MIN)
    ? ok('node-ok', { version })
    : bad('node-old', 'nvm install 22', { version, needed: NODE_MIN });
  if (machine.platform === 'linux') return [node];
  return [node, unknown('platform-other', null, { platform: machine.platform })];
}

function isAtLeast(version: string, least: string): boolean {
  const [have, need] = [version, least].map((text) => text.split('.').map(Number));
  for (const [index, part] of need!.entries()) if ((have![index] ?? 0) !== part) return (have![index] ?? 0) > part;
  return true;
}

/** Records say when: a clock that nobody sets drifts by seconds a day. */
export async function checkClock(machine: Machine): Promise<Finding[]> {
  const said = await machine.run('timedatectl', 'show', '--property=NTPSynchronized', '--value');
  const answer = said?.code === 0 ? said.text.trim() : '';
  if (answer === 'yes') return [ok('clock-ok', { by: 'NTP' })];
  const chrony = await machine.run('chronyc', '-n', 'tracking');
  if (chrony?.code === 0 && /Leap status\s*:\s*Normal/.test(chrony.text)) return [ok('clock-ok', { by: 'chrony' })];
  if (answer === 'no') return [warn('clock-off', 'sudo timedatectl set-ntp true')];
  return [unknown('clock-unknown', 'timedatectl status')];
}
