// The data folder: whether it is private, has room, takes writes at the speed that commits need, and holds a store that opens.
import type { Machine } from '../world/machine.ts';
import { bad, type Finding, ok, unknown, warn } from './finding.ts';

const MIB = 1024 * 1024;
/** One ECG of 250 Hz with its results is about 100 MiB a day: less than a week of it is low. */
const ROOM_LOW_BYTES = 1024 * MIB;
const ROOM_NONE_BYTES = 64 * MIB;
/** A commit waits for two or three of these. Worn-out SD cards take seconds. */
const DURABLE_SLOW_MS = 200;

export function checkData(machine: Machine, folder: string): Finding[] {
  const facts = machine.facts(folder);
  if (facts === null || facts.kind !== 'folder') {
    return [warn('folder-missing', `mkdir -p -m 700 ${folder}`, { folder })];
  }
  if (!facts.isUsable) return [bad('folder-denied', `sudo chown -R ${machine.userName} ${folder}`, { folder })];
  return [
    isPrivate(facts.mode) ? ok('folder-ok', { folder }) : warn('folder-open', `chmod 700 ${folder}`, { folder }),
    roomFinding(machine, folder),
    speedFinding(machine, folder),
    storeFinding(machine, `${folder}/store.sqlite`),
  ];
}

/** Nobody else may read it: a gateway that systemd starts has a group of its own, so the group may. */
export function isPrivate(mode: number): boolean {
  return (mode & 0o027) === 0;
}

function roomFinding(machine: Machine, folder: string): Finding {
  const bytes = machine.freeBytes(folder);
  if (bytes === null) return unknown('room-unknown', `df -h ${folder}`);
  const values = { folder, mib: Math.floor(bytes / MIB) };
  const mend = `sudo du -xh --max-depth=2 ${folder} | sort -h | tail`;
  if (bytes < ROOM_NONE_BYTES) return bad('room-none', mend, values);
  return bytes < ROOM_LOW_BYTES ? warn('room-low', mend, values) : ok('room-ok', values);
}

function speedFinding(machine: Machine, folder: string): Finding {
  const times = machine.durableWritesMs(folder);
  if (times === null || times.length === 0) return unknown('disk-unknown', `df -h ${folder}`, { folder });
  const slowestMs = Math.max(1, Math.round(Math.max(...times)));
  if (slowestMs < DURABLE_SLOW_MS) return ok('disk-ok', { ms: slowestMs });
  return warn('disk-slow', `sudo smartctl -a $(df --output=source ${folder} | tail -1)`, { ms: slowestMs });
}

function storeFinding(machine: Machine, path: string): Finding {
  const store = machine.store(path);
  if (store === null) return ok('store-none', { path });
  if (store.failure === null) {
    const minutes = Math.max(0, Math.round((machine.nowUtcMs - store.changedUtcMs) / 60_000));
    return ok('store-ok', { path, count: store.streamCount, minutes });
  }
  if (store.failure === 'store-busy') return warn('store-busy', `fuser -v ${path}`, { path });
  return bad('store-bad', `maibo verify ${path}`, { path, detail: store.detail });
}
