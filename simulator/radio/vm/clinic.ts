// A clinic device on a controller of its own, found, connected and collected by the production code: its measurements end up in a store
// that a re-check agrees with.
import assert from 'node:assert/strict';
import {
  type AboutDevice,
  collectClinicDevice,
  createLabKey,
  openStoreFile,
  pseudonymOf,
  type Radio,
  systemClock,
  systemEntropy,
  verifyStore,
} from '@maibo/sdk';
import { CLINIC_DEVICES, type ClinicDeviceKind } from '../clinic-devices/catalog.ts';
import type { Bus } from '../dbus/bus.ts';
import { serveDevice } from '../peripheral/serve-device.ts';
import { findDevice } from './find-device.ts';
import { setPowered } from './virtual-adapters.ts';

/** Faster than life: a cuff measures once a minute. */
const SPEED = 10;
/** Results after which a device that never ends is let go; a glucose meter ends by itself when it has handed out all its records. */
const ENOUGH_RESULTS = 3;
const ENDS_BY_ITSELF: readonly ClinicDeviceKind[] = ['glucose'];
const COLLECT_MS = 30_000;

export interface ClinicVisit {
  readonly valueCount: number;
  readonly resultCount: number;
  readonly about: AboutDevice;
}

export async function visitClinicDevice(
  radio: Radio,
  bus: Bus,
  where: { readonly busAddress: string; readonly adapter: string; readonly folder: string },
  kind: ClinicDeviceKind,
): Promise<ClinicVisit> {
  const { busAddress, adapter, folder } = where;
  await setPowered(bus, adapter, true);
  const device = CLINIC_DEVICES[kind]({ speed: SPEED });
  await using served = await serveDevice({ busAddress, adapter, device, clock: systemClock });
  const { address } = await findDevice(radio, served.address, device.advertises);
  const signer = createLabKey('gateway', 1);
  const { store, close } = openStoreFile(`${folder}/${kind}.sqlite`);
  try {
    store.addKey(signer.keyId, signer.publicKey, 'gateway-lab');
    await using peer = await radio.connect(address, { services: device.advertises });
    const enough = new AbortController();
    let resultCount = 0;
    const summary = await collectClinicDevice({
      peer,
      device: pseudonymOf(new Uint8Array(32).fill(1), address),
      store,
      clock: systemClock,
      entropy: systemEntropy,
      signer,
      signal: AbortSignal.any([enough.signal, AbortSignal.timeout(COLLECT_MS)]),
      onCommit: ({ results }) => {
        resultCount += results.length;
        if (resultCount >= ENOUGH_RESULTS && !ENDS_BY_ITSELF.includes(kind)) enough.abort();
      },
    });
    assert.ok(summary.resultCount > 0, `no result of ${summary.valueCount} values`);
    assert.equal(summary.end, ENDS_BY_ITSELF.includes(kind) ? 'done' : 'stopped');
    assert.equal(summary.badCount, 0, 'every value is a measurement');
    assert.deepEqual(verifyStore(store).problems, []);
    return { valueCount: summary.valueCount, resultCount: summary.resultCount, about: summary.about };
  } finally {
    close();
  }
}
