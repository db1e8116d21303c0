// What the parent of the double's process may ask of it, and the answering.
import { turn } from '../timing.ts';
import type { Air } from './air.ts';
import { fullUuid } from './application.ts';
import { type Faults, NO_FAULTS } from './faults.ts';
import type { Settings } from './ground.ts';
import type { RemoteCharacteristic } from './remote-characteristic.ts';
import type { VirtualAdapter } from './virtual-adapter.ts';

export interface DoubleJob {
  readonly address: string;
  readonly adapterCount: number;
  readonly seed: number;
  readonly settings: Partial<Settings>;
}

export type Ask =
  /** Sets some faults of one peripheral's adapter and leaves the others; of all adapters when none is named. */
  | { readonly type: 'faults'; readonly adapter: string | null; readonly faults: Partial<Faults> }
  | { readonly type: 'clear-faults' }
  /** All links of this adapter, whichever side it is. */
  | { readonly type: 'drop'; readonly adapter: string }
  | { readonly type: 'power'; readonly adapter: string; readonly isOn: boolean }
  /** Takes the device away as if somebody had removed it. */
  | { readonly type: 'remove-device'; readonly central: string; readonly peripheral: string }
  /** Notifications from the double itself: 32-bit number, then zeros. */
  | {
      readonly type: 'burst';
      readonly adapter: string;
      readonly characteristic: string;
      readonly count: number;
      readonly bytes: number;
      readonly batch: number;
    };

export interface Question {
  readonly id: number;
  readonly ask: Ask;
}

export type Answer =
  | { readonly id: number; readonly ok: true; readonly value: number }
  | { readonly id: number; readonly ok: false; readonly detail: string };

export type News = { readonly type: 'ready' } | { readonly type: 'failed'; readonly detail: string };

/** Unsent bytes beyond which a burst waits. */
const BACKLOG_BYTES = 1 << 20;

export async function answer(air: Air, ask: Ask, backlogBytes: () => number): Promise<number> {
  if (ask.type === 'clear-faults') return setFaults(air.adapters, NO_FAULTS);
  if (ask.type === 'faults')
    return setFaults(ask.adapter === null ? air.adapters : [named(air, ask.adapter)], ask.faults);
  if (ask.type === 'remove-device') {
    named(air, ask.central).removeDevice(named(air, ask.peripheral));
    return 1;
  }
  const adapter = named(air, ask.adapter);
  if (ask.type === 'power') adapter.setPowered(ask.isOn);
  else if (ask.type === 'drop') return adapter.dropLinks();
  else return burst(adapter, ask, backlogBytes);
  return 1;
}

function setFaults(adapters: readonly VirtualAdapter[], faults: Partial<Faults>): number {
  for (const adapter of adapters) adapter.faults = { ...adapter.faults, ...faults };
  return adapters.length;
}

async function burst(
  adapter: VirtualAdapter,
  ask: Ask & { type: 'burst' },
  backlogBytes: () => number,
): Promise<number> {
  const uuid = fullUuid(ask.characteristic);
  const targets = [...adapter.connections]
    .map(({ gatt }) => gatt?.characteristicWith(uuid))
    .filter((one): one is RemoteCharacteristic => one?.isSubscribed === true);
  if (targets.length === 0) throw new Error(`nobody has subscribed to ${uuid} of ${adapter.name}`);
  const value = Buffer.alloc(Math.max(4, ask.bytes));
  for (let index = 0; index < ask.count; index++) {
    value.writeUInt32LE(index);
    for (const target of targets) target.notify(value);
    if (index % ask.batch !== ask.batch - 1) continue;
    do await turn();
    while (backlogBytes() > BACKLOG_BYTES);
  }
  return ask.count;
}

function named(air: Air, name: string): VirtualAdapter {
  const adapter = air.adapter(name);
  if (!adapter) throw new Error(`no adapter ${name}; there are ${air.adapters.length}, from hci0 on`);
  return adapter;
}
