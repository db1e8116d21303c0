// Puts a device on the air of a Bluetooth service, and keeps it there: when the service or the bus goes, it comes back with them.

import type { Clock } from '@maibo/sdk';
import { isMaiboError } from '@maibo/sdk';
import type { GattDevice } from '../gatt-device.ts';
import { openPeripheral, type Peripheral } from './peripheral.ts';

export interface ServeDeviceOptions {
  readonly busAddress: string;
  readonly adapter: string;
  readonly device: GattDevice;
  readonly clock: Clock;
  readonly onCentral?: (central: string, isConnected: boolean) => void;
}

export interface ServedDevice extends AsyncDisposable {
  /** Under which centrals see it. */
  readonly address: string;
  close(): Promise<void>;
}

const AGAIN_MS = 200;

/** Resolves when the device is on the air for the first time. */
export async function serveDevice(options: ServeDeviceOptions): Promise<ServedDevice> {
  const { device, clock } = options;
  const { name, advertises, services } = device;
  const ended = new AbortController();
  const open = () => openPeripheral({ ...options, name, advertises, services });
  let peripheral: Peripheral = await open();
  const notify: Peripheral['notify'] = async (at, bytes) => {
    // What is sent while the service is away is lost on the air, as it would be.
    if (!peripheral.gone.aborted) await peripheral.notify(at, bytes).catch(passOnUnlessGone);
  };
  const living = device.run({ clock, notify, hangUp: () => peripheral.hangUp() }, ended.signal);
  const keeping = keep();
  const close = async () => {
    ended.abort();
    await Promise.all([living, keeping]);
    await peripheral.close();
  };
  return { address: peripheral.address, close, [Symbol.asyncDispose]: close };

  async function keep(): Promise<void> {
    while (!ended.signal.aborted) {
      await firstAbort(peripheral.gone, ended.signal);
      if (ended.signal.aborted) return;
      for (const { characteristics } of services) for (const one of characteristics) one.subscribed?.(false);
      await peripheral.close();
      peripheral = (await reopen()) ?? peripheral;
    }
  }

  async function reopen(): Promise<Peripheral | null> {
    while (!ended.signal.aborted) {
      await clock.sleep(AGAIN_MS, ended.signal);
      const opened = await open().catch((failure: unknown) => {
        if (!isMaiboError(failure, 'radio-absent', 'radio-off')) throw failure;
        return null;
      });
      if (opened) return opened;
    }
    return null;
  }
}

function passOnUnlessGone(failure: unknown): void {
  if (!isMaiboError(failure, 'radio-absent')) throw failure;
}

function firstAbort(...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const either = AbortSignal.any([...signals]);
    if (either.aborted) resolve();
    else either.addEventListener('abort', () => resolve(), { once: true });
  });
}
