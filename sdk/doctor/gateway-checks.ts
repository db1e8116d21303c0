// The gateway as a service: what it is told to do, and whether systemd runs it.
import { isMaiboError } from '../errors.ts';
import { readGatewayConfig } from '../gateway/config.ts';
import type { GatewayConfig } from '../gateway/config-types.ts';
import type { Machine } from '../world/machine.ts';
import { bad, type Finding, ok, unknown, warn } from './finding.ts';

const UNIT = 'maibo-gateway.service';
const INSTALL = `sudo install -m 644 sdk/deploy/${UNIT} /etc/systemd/system/ && sudo systemctl daemon-reload`;

export interface ConfigCheck {
  readonly findings: readonly Finding[];
  readonly config: GatewayConfig | null;
}

export function checkConfig(machine: Machine, path: string): ConfigCheck {
  const text = machine.readText(path);
  if (text === null) return { findings: [bad('config-missing', `ls -l ${path}`, { path })], config: null };
  try {
    const config = readGatewayConfig(text, path);
    const facts = machine.facts(path);
    const isOpen = facts !== null && (facts.mode & 0o022) !== 0;
    const finding = isOpen ? warn('config-open', `chmod go-w ${path}`, { path }) : ok('config-ok', { path });
    return { findings: [finding], config };
  } catch (failure) {
    if (!isMaiboError(failure, 'config-bad')) throw failure;
    const detail = failure.message.split('\n')[0]!;
    return { findings: [bad('config-bad', `maibo gateway --check --config ${path}`, { detail })], config: null };
  }
}

/** `isWanted`: somebody configures a gateway here; else only one that is installed is worth a word. */
export async function checkUnit(machine: Machine, isWanted: boolean): Promise<Finding[]> {
  const said = await machine.run('systemctl', 'show', UNIT, '--property=LoadState,ActiveState');
  if (said === null || said.code !== 0) return isWanted ? [unknown('unit-unknown', null, { unit: UNIT })] : [];
  if (!/LoadState=loaded/.test(said.text)) return isWanted ? [warn('unit-missing', INSTALL, { unit: UNIT })] : [];
  if (/ActiveState=(active|activating)/.test(said.text)) return [ok('unit-ok', { unit: UNIT })];
  return [warn('unit-stopped', `sudo systemctl enable --now ${UNIT}`, { unit: UNIT })];
}
