// What every part of the double stands on.

import type { Rng } from '../../world/rng.ts';
import type { Bus } from '../dbus/bus.ts';
import type { ObjectTree } from '../dbus/object-tree.ts';
import type { Agents } from './agents.ts';
import type { CallQueue } from './call-queue.ts';
import type { Clients } from './clients.ts';

export interface Ground {
  readonly bus: Bus;
  readonly tree: ObjectTree;
  readonly clients: Clients;
  readonly agents: Agents;
  readonly calls: CallQueue;
  readonly rng: Rng;
  readonly settings: Settings;
}

export interface Settings {
  /** ATT MTU of every link; 517 is what two BlueZ hosts agree on. */
  readonly mtu: number;
  /** How long an unpaired device and its services stay after it was last heard or connected (main.conf, TemporaryTimeout). */
  readonly forgetMs: number;
  /** How long a connection to a device that is not there is tried. */
  readonly connectTimeoutMs: number;
  /** How much longer a connection takes while discovering: bluetoothd does one after the other. */
  readonly discoveringConnectMs: number;
  /** How long a link takes to be closed; about 2,000 at bluetoothd, whose timer that is. */
  readonly disconnectMs: number;
  /** As bluetoothd starts: who sees the name come may find nothing there, and hear of the adapters right after. */
  readonly areObjectsLate: boolean;
  /** Between two looks around while discovering. */
  readonly lookMs: number;
}

export const SETTINGS: Settings = {
  mtu: 517,
  forgetMs: 30_000,
  connectTimeoutMs: 40_000,
  discoveringConnectMs: 200,
  disconnectMs: 0,
  areObjectsLate: false,
  lookMs: 250,
};
