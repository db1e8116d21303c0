// On what the numbers were taken: without it they mean nothing.

import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { coreCatalog } from '@maibo/cores';
import { MAIBO_VERSION } from '@maibo/sdk';

export interface Machine {
  readonly cpu: string;
  readonly coreCount: number;
  readonly memoryGiB: number;
  readonly os: string;
  readonly node: string;
  /** Mean number of busy processes over the last minute: near the number of cores, times are other people's too. */
  readonly load: number;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    coreCount: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${release()} ${process.arch}`,
    node: process.version,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

export interface Versions {
  readonly maibo: string;
  readonly cores: Readonly<Record<string, { readonly version: string; readonly sha256: string }>>;
}

export function describeVersions(): Versions {
  const modules = coreCatalog.names().map((name) => coreCatalog.get(name));
  const cores = Object.fromEntries(modules.map(({ name, version, sha256 }) => [name, { version, sha256 }]));
  return { maibo: MAIBO_VERSION, cores };
}

export function machineLines(machine: Machine, versions: Versions): string[] {
  const cores = Object.entries(versions.cores).map(
    ([name, core]) => `${name} ${core.version} ${core.sha256.slice(0, 12)}`,
  );
  return [
    `machine   ${machine.cpu}, ${machine.coreCount} cores, ${machine.memoryGiB} GiB, ${machine.os}, Node ${machine.node}, load ${machine.load}`,
    `versions  maibo ${versions.maibo}; cores ${cores.join(', ')}`,
  ];
}
