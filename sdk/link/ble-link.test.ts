import { encodeMaiboInfo, MAIBO_INFO_UUID, MAIBO_RX_UUID, MAIBO_SERVICE_UUID, MAIBO_TX_UUID } from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import { MaiboError } from '../errors.ts';
import { openBleLink } from './ble-link.ts';
import type { MadeCharacteristic } from './made-peripheral.testkit.ts';
import { MadeRadio } from './made-radio.testkit.ts';

const ADDRESS = 'C0:FF:EE:00:00:01';
const TX = { service: MAIBO_SERVICE_UUID, characteristic: MAIBO_TX_UUID };
const INFO = { versions: [2], isPairingOpen: true, isBulkWaiting: false };

function wearable(written: string[], rx: Partial<MadeCharacteristic> = {}, info: MadeCharacteristic | null = null) {
  const radio = new MadeRadio();
  const onWrite = (bytes: Uint8Array, how: string) => void written.push(`${how} ${bytes.join()}`);
  const table = {
    [MAIBO_RX_UUID]: { onWrite, ...rx },
    [MAIBO_TX_UUID]: {},
    ...(info !== null && { [MAIBO_INFO_UUID]: info }),
  };
  const services = { [MAIBO_SERVICE_UUID]: table };
  return { radio, device: radio.add({ address: ADDRESS, name: 'Maibo', attMtu: 23, services }) };
}

describe('Maibo Link over a radio', () => {
  it('carries packets both ways, each whole', async () => {
    const written: string[] = [];
    const { radio, device } = wearable(written, {}, { value: encodeMaiboInfo(INFO) });
    const link = await openBleLink(radio, ADDRESS);
    expect(link).toMatchObject({ name: `ble ${ADDRESS}`, carries: 'packets', info: INFO });
    const chunks = link.chunks[Symbol.asyncIterator]();
    device.notify(TX, Uint8Array.of(1, 2));
    device.notify(TX, Uint8Array.of(3));
    expect([(await chunks.next()).value, (await chunks.next()).value]).toEqual([Uint8Array.of(1, 2), Uint8Array.of(3)]);
    await link.write(Uint8Array.of(7, 8));
    expect(written).toEqual(['command 7,8']);
    await link.close();
    await link.close();
    expect(await chunks.next()).toMatchObject({ done: true });
    await expect(link.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'link-lost' });
    expect(device.isConnected).toBe(false);
  });

  it('sends longer packets once the radio agrees on more', async () => {
    const { radio, device } = wearable([]);
    const link = await openBleLink(radio, ADDRESS);
    expect(link.packetBytesMax).toBe(20);
    device.attMtu = 247;
    expect(link.packetBytesMax).toBe(244);
    device.attMtu = 517;
    expect(link.packetBytesMax).toBe(510);
    device.attMtu = null;
    expect(link.packetBytesMax).toBe(20);
  });

  it('writes as requests from the first command on that is refused', async () => {
    const written: string[] = [];
    const onWrite = (bytes: Uint8Array, how: string) => {
      written.push(`${how} ${bytes.join()}`);
      if (how === 'command') throw new MaiboError('radio-refused', 'not permitted');
    };
    const { radio } = wearable([], { onWrite });
    const link = await openBleLink(radio, ADDRESS);
    await link.write(Uint8Array.of(1));
    await link.write(Uint8Array.of(2));
    expect(written).toEqual(['command 1', 'request 1', 'request 2']);
  });

  it('is lost when the device is gone', async () => {
    const { radio, device } = wearable([]);
    const link = await openBleLink(radio, ADDRESS);
    const next = link.chunks[Symbol.asyncIterator]().next();
    device.drop();
    await expect(next).rejects.toMatchObject({ code: 'link-lost' });
    await expect(link.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'link-lost' });
    await link.close();
  });

  it.each([
    ['nonsense', { value: Uint8Array.of(0xff) }],
    ['a refusal', {}],
    ['nothing', null],
  ] as const)('opens without a hint: INFO is %s', async (_, info) => {
    const { radio } = wearable([], {}, info);
    expect((await openBleLink(radio, ADDRESS)).info).toBeNull();
  });

  it('says link-timeout when nobody answers, and leaves nothing behind', async () => {
    const { radio, device } = wearable([]);
    device.isDeaf = true;
    await expect(openBleLink(radio, ADDRESS, { deadlineMs: 20 })).rejects.toMatchObject({ code: 'link-timeout' });
    const elsewhere = new MadeRadio();
    elsewhere.add({ address: ADDRESS, services: { '0000180d-0000-1000-8000-00805f9b34fb': {} } });
    await expect(openBleLink(elsewhere, ADDRESS)).rejects.toMatchObject({ code: 'link-open' });
    expect([radio, elsewhere].map(({ counts }) => counts.connections)).toEqual([0, 0]);
  });

  it('disconnects when it cannot listen', async () => {
    const radio = new MadeRadio();
    const device = radio.add({ address: ADDRESS, services: { [MAIBO_SERVICE_UUID]: { [MAIBO_RX_UUID]: {} } } });
    await expect(openBleLink(radio, ADDRESS)).rejects.toMatchObject({ code: 'radio-refused' });
    expect(device.isConnected).toBe(false);
  });
});
