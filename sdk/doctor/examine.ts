// `maibo doctor`: every check in turn. A machine that is only to read serial ports has no need of Bluetooth, and its configuration says so.
import { dirname, resolve } from 'node:path';
import type { GatewayConfig } from '../gateway/config-types.ts';
import type { Machine } from '../world/machine.ts';
import { checkBluetooth } from './bluetooth-checks.ts';
import { checkCores } from './core-checks.ts';
import { checkData } from './data-checks.ts';
import type { Finding } from './finding.ts';
import { checkConfig, checkUnit } from './gateway-checks.ts';
import { checkClock, checkNode } from './machine-checks.ts';
import { checkSerial } from './serial-checks.ts';

export interface ExamineOptions {
  /** gateway.toml. */
  readonly configPath?: string | undefined;
  /** Where the store is, or will be; the one of the configuration when left out. */
  readonly dataFolder?: string | undefined;
}

export async function examine(machine: Machine, { configPath, dataFolder }: ExamineOptions): Promise<Finding[]> {
  const configured = configPath === undefined ? null : checkConfig(machine, configPath);
  const config = configured?.config ?? null;
  const folder = dataFolder ?? (config === null ? undefined : resolve(dirname(configPath ?? ''), config.dataFolder));
  return [
    ...checkNode(machine),
    ...(configured?.findings ?? []),
    ...(config === null
      ? []
      : await checkCores(machine, config.cores, (path) => resolve(dirname(configPath ?? ''), path))),
    ...(needsBluetooth(config) ? await checkBluetooth(machine, config?.bluetooth.adapter ?? null) : []),
    ...(await checkSerial(machine)),
    ...(await checkClock(machine)),
    ...(folder === undefined ? [] : checkData(machine, folder)),
    ...(await checkUnit(machine, configPath !== undefined)),
  ];
}

/** Without a configuration nobody knows, so everything is looked at. */
function needsBluetooth(config: GatewayConfig | null): boolean {
  if (config === null) return true;
  const isOnAir = config.clinic.length > 0 || config.devices.some(({ address }) => address !== null);
  return config.bluetooth.isEnabled && isOnAir;
}
