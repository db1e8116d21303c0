// Maibo Link over GATT, in memory: the link contract between the SDK's Bluetooth link and a wearable's end of the air.
import { createLabLinkKey, DeviceSession, type Link, openBleLink, systemClock, systemEntropy } from '@maibo/sdk';
import { afterAll, describe, expect, it } from 'vitest';
import { WEARABLE_FIRMWARE } from '../device/wearable.ts';
import { createWearerSource } from '../device/wearer-source.ts';
import { LINK_CONTRACT } from '../testing/link-contract.ts';
import { canRun, type LinkRig } from '../testing/link-rig.ts';
import { processCounts } from '../testing/process-counts.ts';
import { createWearer } from '../wearer/wearer.ts';
import { GattLinkDevice } from './gatt-link.ts';
import { createMemoryRadio } from './memory-radio.ts';
import { createWearableDevice } from './wearable-device.ts';

const info = { versions: [2], isPairingOpen: true, isBulkWaiting: false };

function createDevice(): GattLinkDevice {
  return new GattLinkDevice({ name: 'Maibo', info: () => info });
}

function openMemoryRig(): LinkRig {
  const device = createDevice();
  const radio = createMemoryRadio([device]);
  const address = radio.addressOf(device);
  const devices = device.links[Symbol.asyncIterator]();
  return {
    name: 'radio in memory',
    carries: 'packets',
    can: ['unplug'],
    open: (signal) => openBleLink(radio, address, { deadlineMs: 500, ...(signal && { signal }) }),
    device: async () => (await devices.next()).value as Link,
    unplug: async () => radio.setInReach(address, false),
    plug: async () => radio.setInReach(address, true),
    counts: async () => {
      const { listeners, connections } = radio.counts;
      return { ...(await processCounts()), listeners, connections };
    },
    close: () => radio.close(),
  };
}

describe('a link over Bluetooth, in memory', () => {
  const rig = openMemoryRig();
  afterAll(() => rig.close());
  for (const { name, needs, run } of LINK_CONTRACT) it.skipIf(!canRun(rig, needs))(name, () => run(rig), 120_000);
});

describe('a wearable on the air', () => {
  it('serves one central after the other', async () => {
    const source = createWearerSource(createWearer({ seed: 3, durationS: 20, rateHz: 250 }), 'on the air');
    const keys = createLabLinkKey('gateway', 1);
    const speed = Number.POSITIVE_INFINITY;
    const wearable = createWearableDevice({
      name: 'Maibo',
      source,
      speed,
      entropy: systemEntropy,
      hosts: [keys.publicKey],
    });
    await using radio = createMemoryRadio([wearable]);
    const world = { clock: systemClock, entropy: systemEntropy };
    const trust = { devices: [wearable.publicKey], label: null, isPairing: false };
    for (let round = 0; round < 2; round++) {
      const link = await openBleLink(radio, radio.addressOf(wearable));
      const session = await DeviceSession.open(link, world, { keys, trust });
      expect(session.info).toMatchObject({ firmware: WEARABLE_FIRMWARE });
      await session.close();
    }
  });

  it('says what it is before anything else', async () => {
    const device = createDevice();
    await using radio = createMemoryRadio([device]);
    const link = await openBleLink(radio, radio.addressOf(device));
    expect(link.info).toEqual(info);
    await link.close();
  });

  it('hears one central, the first that speaks', async () => {
    const device = createDevice();
    await using radio = createMemoryRadio([device]);
    const first = await openBleLink(radio, radio.addressOf(device));
    const served = (await device.links[Symbol.asyncIterator]().next()).value as Link;
    const heard: number[] = [];
    const reading = (async () => {
      for await (const [byte] of served.chunks) if (heard.push(byte!) === 2) break;
    })();
    expect(served.packetBytesMax).toBe(20); // the air has not told the MTU yet
    await first.write(Uint8Array.of(1));
    const intruder = await radio.connect(radio.addressOf(device));
    const rx = { service: device.advertises[0]!, characteristic: device.services[0]!.characteristics[0]!.uuid };
    await intruder.write(rx, Uint8Array.of(99), 'command');
    await first.write(Uint8Array.of(2));
    await reading;
    expect(heard).toEqual([1, 2]);
    expect(served.packetBytesMax).toBe(244);
  });

  it('ends its list of links with itself', async () => {
    const device = createDevice();
    const radio = createMemoryRadio([device]);
    const waiting = device.links[Symbol.asyncIterator]().next();
    await systemClock.sleep(1);
    await radio.close();
    expect((await waiting).done).toBe(true);
  });
});
