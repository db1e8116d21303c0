// Simulated clinic devices on the air of the BlueZ double, through the production radio into a store: over D-Bus as over memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeItem } from '@maibo/protocols';
import {
  type ClinicSummary,
  collectClinicDevice,
  createLabKey,
  openBluezRadio,
  openStoreFile,
  pseudonymOf,
  readRecord,
  recogniseClinicDevice,
  type Store,
  systemClock,
  systemEntropy,
  verifyStore,
} from '@maibo/sdk';
import { afterAll, expect, it } from 'vitest';
import { describeOnAir, type TestAir } from './air.testkit.ts';
import type { ClinicDevice } from './clinic-devices/clinic-device.ts';
import { createGlucoseMeter } from './clinic-devices/glucose-meter.ts';
import { createStrap } from './clinic-devices/heart-rate-strap.ts';
import { serveDevice } from './peripheral/serve-device.ts';

const folder = mkdtempSync(join(tmpdir(), 'maibo-clinic-bluez-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const signer = createLabKey('gateway', 1);

function valuesIn(store: Store): string[] {
  const records = store
    .streams()
    .flatMap(({ id }) => [...store.records(id)].map(({ bytes }) => readRecord(bytes).record));
  return records.flatMap((record) => {
    const item = record.kind === 'item' ? decodeItem(record.item) : null;
    return item?.ok && item.value.type === 'gatt-item' ? [Buffer.from(item.value.value).toString('hex')] : [];
  });
}

/** Finds the device by what it announces, collects until enough is stored, and checks the store. */
async function collect(
  air: TestAir,
  device: ClinicDevice,
  enough: number,
): Promise<{ summary: ClinicSummary; values: string[] }> {
  await using _ = await serveDevice({ busAddress: air.bus.address, adapter: 'hci1', device, clock: systemClock });
  await using radio = await openBluezRadio({ adapter: 'hci0', busAddress: air.bus.address, clock: systemClock });
  const { store, close } = openStoreFile(join(folder, `${device.serialNumber}.sqlite`));
  store.addKey(signer.keyId, signer.publicKey, 'gateway-lab');
  const stop = new AbortController();
  for await (const heard of radio.scan()) {
    if (recogniseClinicDevice(heard).length === 0) continue;
    await using peer = await radio.connect(heard.address);
    const { listeners } = radio.counts;
    let count = 0;
    const summary = await collectClinicDevice({
      ...{ peer, store, signer, clock: systemClock, entropy: systemEntropy, signal: stop.signal },
      device: pseudonymOf(new Uint8Array(32), heard.address),
      onCommit: () => {
        count = valuesIn(store).length;
        if (count >= enough) stop.abort();
      },
    });
    const values = valuesIn(store);
    expect(verifyStore(store).problems).toEqual([]);
    expect(radio.counts.listeners).toBe(listeners);
    close();
    return { summary, values };
  }
  throw new Error('nobody was heard');
}

const sentBy = (device: ClinicDevice) => device.sent.map(({ bytes }) => Buffer.from(bytes).toString('hex'));

describeOnAir('over the double of the Bluetooth service', { adapterCount: 2 }, (air) => {
  it('a strap tells its intervals', async () => {
    const device = createStrap({ seed: 2 });
    const { summary, values } = await collect(air, device, 3);
    expect(summary).toMatchObject({ kinds: ['heart-rate'], end: 'stopped', badCount: 0 });
    expect(sentBy(device)).toEqual(expect.arrayContaining(values));
    expect(values.length).toBeGreaterThanOrEqual(3);
  }, 30_000);

  it('a glucose meter gives all its readings and contexts, as fast as it can', async () => {
    const device = createGlucoseMeter({ seed: 3, recordCount: 60, speed: Number.POSITIVE_INFINITY });
    const { summary, values } = await collect(air, device, Number.POSITIVE_INFINITY);
    expect(summary).toMatchObject({ kinds: ['glucose'], end: 'done', badCount: 0 });
    const all = device.records.flatMap(({ measurement, context }) =>
      context === null ? [measurement] : [measurement, context],
    );
    expect(values.sort()).toEqual(all.map((bytes) => Buffer.from(bytes).toString('hex')).sort());
  }, 30_000);
});
