// From an address to a connection whose services are there. BlueZ gets stuck at each of these steps, and each ends: by the deadline, with
// the device disconnected, so that the next attempt starts from nothing.
import { MaiboError } from '../../errors.ts';
import type { Clock } from '../../world/world.ts';
import { withPatience } from '../patience.ts';
import type { BluezAdapter } from './bluez-adapter.ts';
import { isAbortedByLocal, isBusError, isInProgress, isMissing, radioError } from './bluez-error.ts';
import { DEVICE } from './bluez-names.ts';
import { gattTableOf, missingServices } from './gatt-table.ts';

const DISCONNECT_MS = 5_000;
/** BlueZ may say that the services are resolved before they are on the bus (bluez/bluez#1489). */
const EXPORT_MS = 5_000;
const AGAIN_MS = 200;
const ABORTS_MAX = 10;
const LOOK_MS = 1_000;
const LOOK_AGAIN = Symbol('look again');

export interface ConnectPlan {
  readonly adapter: BluezAdapter;
  readonly address: string;
  readonly services: readonly string[];
  readonly clock: Clock;
  /** How far it is, for the message of a timeout. */
  onStep(step: ConnectStep): void;
}

export type ConnectStep = 'queue' | 'find' | 'connect' | 'services';

/** The device's object path. Holds the adapter until it is connected, or disconnected again. */
export async function connectDevice(plan: ConnectPlan, stop: AbortSignal): Promise<string> {
  plan.onStep('queue');
  const giveBack = await plan.adapter.turn.take(stop);
  try {
    for (;;) {
      plan.onStep('find');
      const path = await plan.adapter.find(plan.address, stop);
      if (await plan.adapter.quietly(() => join(plan, path, stop))) return path;
      // BlueZ has removed it since: look for it again.
      await plan.clock.sleep(AGAIN_MS, stop);
      stop.throwIfAborted();
    }
  } finally {
    giveBack();
  }
}

/** False: BlueZ does not know the device any more. */
async function join(plan: ConnectPlan, path: string, stop: AbortSignal): Promise<boolean> {
  const { adapter, address } = plan;
  try {
    plan.onStep('connect');
    await connectCall(plan, path, stop);
    plan.onStep('services');
    await servicesResolved(plan, path, stop);
    await servicesExported(plan, path, stop);
    return true;
  } catch (failure) {
    const isKnown = adapter.deviceAt(address) !== null;
    if (isKnown && !adapter.service.ended.aborted) await disconnect(plan, path);
    if (!stop.aborted && (isMissing(failure) || !isKnown)) return false;
    throw radioError(failure, 'link-open', 'the device could not be connected', address);
  }
}

async function connectCall({ adapter, clock }: ConnectPlan, path: string, stop: AbortSignal): Promise<void> {
  const call = { path, interface: DEVICE, member: 'Connect' };
  for (let aborts = 0; ; ) {
    try {
      await adapter.service.call(call, { deadlineMs: Number.POSITIVE_INFINITY, signal: stop });
      return;
    } catch (failure) {
      if (isBusError(failure, 'org.bluez.Error.AlreadyConnected')) return;
      if (isAbortedByLocal(failure) && aborts < ABORTS_MAX) aborts += 1;
      else if (isInProgress(failure)) await clock.sleep(AGAIN_MS, stop);
      else throw failure;
      stop.throwIfAborted();
    }
  }
}

/**
 * The device's properties are read before they are waited for, and again now and then: bluetoothd 5.66 does not always signal that it is
 * connected, and leaves ServicesResolved of the last connection standing when its adapter was switched off.
 */
async function servicesResolved(plan: ConnectPlan, path: string, stop: AbortSignal): Promise<void> {
  const { service } = plan.adapter;
  let wasConnected = false;
  const look = () => {
    const device = service.mirror.get(path, DEVICE);
    const isConnected = device?.Connected === true;
    if (wasConnected && !isConnected) throw hungUp(plan);
    wasConnected ||= isConnected;
    return isConnected && device.ServicesResolved === true ? true : null;
  };
  for (let isThere = false; !isThere; ) {
    await service.refresh(path, DEVICE, stop);
    const bounds = { deadlineMs: LOOK_MS, signal: stop };
    isThere = await withPatience(
      plan.clock,
      bounds,
      () => LOOK_AGAIN,
      (end) => service.until(look, end),
    ).catch((failure: unknown) => {
      if (failure !== LOOK_AGAIN) throw failure;
      return false;
    });
  }
}

async function servicesExported(plan: ConnectPlan, path: string, stop: AbortSignal): Promise<void> {
  const { adapter, address, clock, services } = plan;
  const missing = () => missingServices(gattTableOf(adapter.service.mirror, path), services);
  const late = () => {
    const hint = 'is this the right device? if its firmware is new, forget it first';
    return new MaiboError('link-open', `the device lacks ${missing().join(', ')}`, { where: address, hint });
  };
  const look = () => {
    if (adapter.service.mirror.get(path, DEVICE)?.Connected !== true) throw hungUp(plan);
    return missing().length === 0 ? true : null;
  };
  const bounds = { deadlineMs: EXPORT_MS, signal: stop };
  await withPatience(clock, bounds, late, (end) => adapter.service.until(look, end));
}

function hungUp({ address }: ConnectPlan): MaiboError {
  return new MaiboError('link-open', 'the device hung up while its services were read', { where: address });
}

/** Also ends a connect that is under way. Never rejects. */
async function disconnect({ adapter }: ConnectPlan, path: string): Promise<void> {
  const call = { path, interface: DEVICE, member: 'Disconnect' };
  await adapter.service.call(call, { deadlineMs: DISCONNECT_MS }).catch(() => undefined);
}
