// A gateway in this process and the air in memory: a Maibo wearable and every kind of clinic device at once, into one store.
import { join } from 'node:path';
import { decodeItem } from '@maibo/protocols';
import {
  createLabKey,
  createLabLinkKey,
  Gateway,
  type GatewayWorld,
  openStoreFile,
  readGatewayConfig,
  readRecord,
  systemClock,
  systemEntropy,
  toHex,
  verifyStore,
} from '@maibo/sdk';
import { describe, expect, it } from 'vitest';
import { Wearable, wearableKeys } from '../device/wearable.ts';
import { createWearerSource } from '../device/wearer-source.ts';
import { useFolder } from '../lab/lab-process.testkit.ts';
import { CLINIC_DEVICES } from '../radio/clinic-devices/catalog.ts';
import { GattLinkDevice } from '../radio/gatt-link.ts';
import { createMemoryRadio } from '../radio/memory-radio.ts';
import { createWearer } from '../wearer/wearer.ts';
import { until } from './gateway-process.testkit.ts';

const folder = useFolder('gateway-air');
const keys = createLabLinkKey('gateway', 3);
const source = createWearerSource(createWearer({ seed: 3, durationS: 60, rateHz: 250 }), 'air');
const KINDS = {
  strap: 'heart-rate',
  cuff: 'blood-pressure',
  oximeter: 'pulse-oximeter',
  glucose: 'glucose',
  thermometer: 'thermometer',
  scale: 'weight-scale',
} as const;

/** Serves every central that subscribes. */
async function serve(device: GattLinkDevice): Promise<void> {
  for await (const link of device.links) {
    const options = { link, source, clock: systemClock, entropy: systemEntropy, hosts: [keys.publicKey], speed: 30 };
    await new Wearable(options).run().catch(() => undefined);
  }
}

describe('a gateway among devices on the air', () => {
  it('collects a Maibo wearable and all that clinics own side by side, and nothing of a stranger', async () => {
    const wearable = new GattLinkDevice({
      name: 'Maibo 0001',
      info: () => ({ versions: [2], isPairingOpen: false, isBulkWaiting: true }),
    });
    const clinic = Object.entries(KINDS).map(([name, kind], index) => {
      return { kind, device: CLINIC_DEVICES[name as keyof typeof KINDS]({ seed: index + 1 }) };
    });
    const stranger = CLINIC_DEVICES.strap({ seed: 99 });
    const radio = createMemoryRadio([wearable, stranger, ...clinic.map(({ device }) => device)]);
    const serving = serve(wearable);
    const toml = [
      `[gateway]\ndata = "${folder}"\n[[device]]\nkey = "${toHex(wearableKeys(source).link.publicKey)}"`,
      `bearer = "ble"\naddress = "${radio.addressOf(wearable)}"`,
      ...clinic.map(
        ({ kind, device }) =>
          `[[clinic]]\naddress = "${radio.addressOf(device)}"\nkinds = ["${kind}"]\nneedsBond = false`,
      ),
    ].join('\n');
    const { store, close } = openStoreFile(join(folder, 'store.sqlite'));
    const said: string[] = [];
    const say = (fields: object, message: string) => void said.push(`${message} ${JSON.stringify(fields)}`);
    const world: GatewayWorld = {
      ...{ clock: systemClock, entropy: systemEntropy, signer: createLabKey('gateway', 3), linkKeys: keys, store },
      pseudonymSecret: new Uint8Array(32).fill(7),
      serial: { list: async () => [], open: () => Promise.reject(new Error('no wires here')) },
      openRadio: async () => radio,
      uplink: null,
      openHttp: async () => ({ url: 'http://none', close: async () => undefined }),
      log: { debug: say, info: say, warn: say, error: say },
      disk: () => null,
    };
    const gateway = new Gateway(readGatewayConfig(toml, 'gateway.toml'), world);
    await gateway.start();
    const streams = () =>
      store.streams().map(({ id, device }) => {
        const items = [...store.records(id)].flatMap(({ bytes }) => {
          const { record } = readRecord(bytes);
          return record.kind === 'item' ? [decodeItem(record.item)] : [];
        });
        return { device: toHex(device), items: items.length };
      });
    const areAll = async () => streams().filter(({ items }) => items > 0).length >= clinic.length + 1;
    const found = await until(areAll, 400);
    await gateway.stop();
    expect(found, said.join('\n')).toBe(true);
    expect(new Set(streams().map(({ device }) => device)).size).toBe(clinic.length + 1);
    expect(verifyStore(store).problems).toEqual([]);
    expect(said.join('\n')).not.toMatch(/([0-9A-F]{2}[:_]){5}/i);
    await radio.close();
    await serving;
    close();
  }, 120_000);
});
