import { Variant } from '@jellybrick/dbus-next';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gattTableOf, missingServices } from './gatt-table.ts';
import {
  ADDRESS,
  DEVICE_PATH,
  deviceObject,
  gattObjects,
  MEASUREMENT,
  MEASUREMENT_PATH,
  SERVICE,
} from './made-bus.testkit.ts';
import { type MirrorChange, ObjectMirror } from './object-mirror.ts';

const DEVICE = 'org.bluez.Device1';

function made(objectsMax?: number): [ObjectMirror, MirrorChange[]] {
  const changes: MirrorChange[] = [];
  return [new ObjectMirror((change) => changes.push(change), objectsMax), changes];
}

describe('the mirror of BlueZ’s objects', () => {
  it('takes what there is, what is added, what changes and what goes', () => {
    const [mirror, changes] = made();
    mirror.replace({ [DEVICE_PATH]: deviceObject() });
    expect(mirror.get(DEVICE_PATH, DEVICE)).toMatchObject({ Address: ADDRESS, Name: 'Strap', RSSI: -50 });
    mirror.changed(DEVICE_PATH, DEVICE, { Connected: new Variant('b', true) }, ['RSSI']);
    expect(mirror.get(DEVICE_PATH, DEVICE)).toMatchObject({ Connected: true, RSSI: undefined });
    expect(changes.at(-1)?.keys).toEqual(['RSSI', 'Connected']);
    mirror.removed(DEVICE_PATH, [DEVICE]);
    expect([mirror.get(DEVICE_PATH, DEVICE), mirror.size]).toEqual([null, 0]);
    expect(changes.at(-1)?.properties).toBeNull();
  });

  it('keeps what is asked about and nothing else', () => {
    const [mirror, changes] = made();
    mirror.added(DEVICE_PATH, { ...deviceObject(), 'org.bluez.Battery1': { Percentage: new Variant('y', 5) } });
    expect(Object.keys(mirror.get(DEVICE_PATH, DEVICE) ?? {})).not.toContain('ManufacturerData');
    expect(mirror.get(DEVICE_PATH, 'org.bluez.Battery1')).toBeNull();
    const before = changes.length;
    mirror.changed(DEVICE_PATH, DEVICE, { TxPower: new Variant('n', 4) }, []);
    expect(changes).toHaveLength(before);
  });

  it('holds so many objects and no more, and knows that it does', () => {
    const [mirror] = made(10);
    for (let index = 0; index < 25; index++) mirror.added(`/org/bluez/hci0/dev_${index}`, deviceObject());
    expect([mirror.size, mirror.overflow]).toEqual([10, 15]);
    mirror.added('/org/bluez/hci0/dev_3', deviceObject(true)); // one that it has
    expect(mirror.get('/org/bluez/hci0/dev_3', DEVICE)?.Connected).toBe(true);
  });

  it('drops what is not there any more when all is read anew', () => {
    const [mirror, changes] = made();
    mirror.added(DEVICE_PATH, deviceObject());
    mirror.replace(gattObjects());
    expect(mirror.get(DEVICE_PATH, DEVICE)).toBeNull();
    expect(changes.some(({ interface: name, properties }) => name === DEVICE && properties === null)).toBe(true);
  });

  it('cuts hostile lengths', () => {
    const [mirror] = made();
    const uuids = Array.from({ length: 5_000 }, (_, index) => String(index));
    const device = { Name: new Variant('s', 'x'.repeat(10_000)), UUIDs: new Variant('as', uuids) };
    mirror.added(DEVICE_PATH, { [DEVICE]: device });
    const kept = mirror.get(DEVICE_PATH, DEVICE);
    expect([kept?.Name, kept?.UUIDs].map((value) => (value as string | string[] | undefined)?.length)).toEqual([
      248, 64,
    ]);
  });

  it('stands whatever it is told', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(DEVICE_PATH, '/', 'x'), fc.anything(), fc.anything())), (told) => {
        const [mirror] = made(5);
        for (const [path, a, b] of told) {
          mirror.added(path, a);
          mirror.added(path, { [DEVICE]: b });
          mirror.changed(path, DEVICE, a, b);
          mirror.removed(path, b);
          mirror.replace(b);
        }
        expect(mirror.size).toBeLessThanOrEqual(5);
      }),
      { examples: [[[[DEVICE_PATH, JSON.parse('{"__proto__":""}'), {}]]]] },
    );
  });
});

describe('the table of services', () => {
  it('finds a characteristic by its service, in any case of letters', () => {
    const [mirror] = made();
    mirror.replace(gattObjects());
    const table = gattTableOf(mirror, DEVICE_PATH);
    expect(table.services).toEqual([SERVICE]);
    expect([...table.characteristics.values()]).toEqual([MEASUREMENT_PATH]);
    expect(missingServices(table, [SERVICE.toUpperCase()])).toEqual([]);
  });

  it('misses a service without a characteristic yet, and takes the first of two of one UUID', () => {
    const [mirror] = made();
    const objects = gattObjects();
    const { [MEASUREMENT_PATH]: measurement, ...services } = objects;
    mirror.replace(services);
    expect(missingServices(gattTableOf(mirror, DEVICE_PATH), [SERVICE])).toEqual([SERVICE]);
    mirror.added(`${DEVICE_PATH}/service0010/char0020`, measurement);
    mirror.added(MEASUREMENT_PATH, measurement);
    const key = `${SERVICE}/${MEASUREMENT.characteristic}`;
    expect(gattTableOf(mirror, DEVICE_PATH).characteristics.get(key)).toBe(MEASUREMENT_PATH);
  });
});
