// The simulated clinic devices as a gateway meets them, on a radio in memory: what they say of themselves, and that it can be read.
import { gatt } from '@maibo/protocols';
import { createLabClock, type GattAddress, LAB_EPOCH_UTC_US, type RadioPeer, toHex } from '@maibo/sdk';
import { describe, expect, it } from 'vitest';
import { createMemoryRadio, type MemoryRadio } from '../memory-radio.ts';
import { createCuff } from './blood-pressure-cuff.ts';
import { CLINIC_DEVICES, type ClinicDeviceKind } from './catalog.ts';
import { addressOf, type ClinicDevice, uuidOf } from './clinic-device.ts';
import { createGlucoseMeter } from './glucose-meter.ts';
import { createStrap } from './heart-rate-strap.ts';
import { createOximeter } from './pulse-oximeter.ts';
import { createScale } from './scale.ts';
import { createThermometer } from './thermometer.ts';

const clock = createLabClock();
const FAST = { speed: Number.POSITIVE_INFINITY } as const;
const INFORMATION = 0x180a;

async function withDevice<T>(
  device: ClinicDevice,
  use: (peer: RadioPeer, radio: MemoryRadio) => Promise<T>,
): Promise<T> {
  await using radio = createMemoryRadio([device], { clock });
  return await use(await radio.connect(radio.addressOf(device)), radio);
}

async function take(peer: RadioPeer, at: GattAddress, count: number): Promise<Uint8Array[]> {
  const taken: Uint8Array[] = [];
  await using values = await peer.listen(at);
  for await (const value of values) if (taken.push(value) === count) break;
  return taken;
}

function valuesOf<Value>(codec: gatt.GattCharacteristic<Value, never>, values: readonly Uint8Array[]): Value[] {
  return values.map((bytes) => {
    const decoded = codec.decode(bytes);
    if (!decoded.ok) throw new Error(`${codec.name}: ${decoded.fault.detail}`);
    return decoded.value;
  });
}

describe.each(Object.keys(CLINIC_DEVICES) as ClinicDeviceKind[])('a simulated %s', (kind) => {
  it('is the same device from the same seed, and another one from another', () => {
    const [a, b, other] = [1, 1, 2].map((seed) => CLINIC_DEVICES[kind]({ seed }));
    expect(a!.serialNumber).toBe(b!.serialNumber);
    expect(a!.name).toBe(b!.name);
    expect(a!.serialNumber).not.toBe(other!.serialNumber);
  });

  it('says who made it, and lets everything be read that it says can be', async () => {
    const device = CLINIC_DEVICES[kind]({});
    await withDevice(device, async (peer) => {
      const serial = await peer.read(addressOf(INFORMATION, gatt.serialNumber));
      expect(valuesOf(gatt.serialNumber, [serial])[0]!.trimmed).toBe(device.serialNumber);
      for (const { uuid: service, characteristics } of device.services)
        for (const { uuid: characteristic, flags } of characteristics) {
          if (!flags.includes('read')) continue;
          const bytes = await peer.read({ service, characteristic });
          const decoded = gatt.decodeCharacteristic(Number.parseInt(characteristic.slice(4, 8), 16), bytes);
          expect(decoded, characteristic).toMatchObject({ ok: true });
        }
    });
  });

  it('announces its service', () => {
    const { advertises, services } = CLINIC_DEVICES[kind]({});
    expect(advertises.length).toBeGreaterThan(0);
    expect(services.map(({ uuid }) => uuid)).toEqual(expect.arrayContaining([...advertises]));
  });
});

it('a strap sends every interval of the truth, and then that it lost contact', async () => {
  const strap = createStrap({ ...FAST, seed: 5, durationS: 30 });
  const sent = await withDevice(strap, (peer) => take(peer, addressOf(0x180d, gatt.heartRateMeasurement), 32));
  const beats = valuesOf(gatt.heartRateMeasurement, sent);
  expect(beats.flatMap(({ rrTicks }) => rrTicks ?? [])).toEqual(strap.rrTicks);
  expect(beats[10]!.heartRateBpm).toBeGreaterThan(50);
  expect(beats.at(-1)).toMatchObject({ heartRateBpm: null, contact: { name: 'no-contact' } });
  strap.rrTicks.forEach((ticks, index) => {
    const trueMs = (strap.truth.beatTimesS[index + 1]! - strap.truth.beatTimesS[index]!) * 1000;
    expect(Math.abs((ticks * 1000) / 1024 - trueMs)).toBeLessThan(1);
  });
});

it('a cuff keeps a measurement for whoever comes, in its unit, with its time', async () => {
  const cuff = createCuff({ ...FAST, measurementCount: 3, unit: 'kPa', zoneMinutes: 120 });
  const sent = await withDevice(cuff, (peer) => take(peer, addressOf(0x1810, gatt.bloodPressureMeasurement), 3));
  for (const value of valuesOf(gatt.bloodPressureMeasurement, sent)) {
    expect(value.unit).toBe('kPa');
    expect(value.systolicMmHg).toBeGreaterThan(value.diastolicMmHg! + 15);
    expect(value.meanArterialMmHg).toBeGreaterThan(value.diastolicMmHg!);
    expect(value.timeStamp?.localIso).toBe('2026-01-01T02:00:00');
  }
  expect(cuff.sent.map(({ bytes }) => toHex(bytes))).toEqual(sent.map(toHex));
});

it('a cuff that fails says so: no pressures, a reason, a time', async () => {
  const cuff = createCuff({ ...FAST, measurementCount: 1, failureShare: 1 });
  const sent = await withDevice(cuff, (peer) => take(peer, addressOf(0x1810, gatt.bloodPressureMeasurement), 1));
  expect(valuesOf(gatt.bloodPressureMeasurement, sent)[0]).toMatchObject({
    systolicMmHg: null,
    diastolicMmHg: null,
    status: { names: ['body-movement'] },
  });
});

it('an oximeter runs on, checks a spot, and says when there is no finger', async () => {
  const oximeter = createOximeter({ ...FAST, spotCheckS: 10, fingerOut: { fromS: 4, toS: 8 } });
  await withDevice(oximeter, async (peer) => {
    const spots = take(peer, addressOf(0x1822, gatt.plxSpotCheckMeasurement), 1);
    const running = await take(peer, addressOf(0x1822, gatt.plxContinuousMeasurement), 20);
    const values = valuesOf(gatt.plxContinuousMeasurement, running);
    const missing = values.filter(({ spo2Percent }) => spo2Percent.value === null);
    for (const { sensorStatus } of missing) expect(sensorStatus?.names).toEqual(['sensor-unconnected-to-user']);
    expect(values.some(({ spo2Percent }) => spo2Percent.value! > 90)).toBe(true);
    const [spot] = valuesOf(gatt.plxSpotCheckMeasurement, await spots);
    expect(spot?.timeStamp?.localIso).toBe('2026-01-01T00:00:00');
  });
});

it('a thermometer rises and measures, in either unit', async () => {
  for (const unit of ['C', 'F'] as const) {
    const thermometer = createThermometer({ ...FAST, unit, measurementCount: 2 });
    const sent = await withDevice(thermometer, (peer) => take(peer, addressOf(0x1809, gatt.temperatureMeasurement), 2));
    for (const value of valuesOf(gatt.temperatureMeasurement, sent)) {
      expect(value.unit).toBe(unit);
      expect(value.temperatureC).toBeGreaterThan(34);
      expect(value.temperatureC).toBeLessThan(40);
    }
  }
});

it('a scale gives weight and composition of the same person', async () => {
  const scale = createScale({ ...FAST, measurementCount: 1 });
  await withDevice(scale, async (peer) => {
    const composition = take(peer, addressOf(0x181b, gatt.bodyCompositionMeasurement), 1);
    const [weighed] = valuesOf(gatt.weightMeasurement, await take(peer, addressOf(0x181d, gatt.weightMeasurement), 1));
    const [composed] = valuesOf(gatt.bodyCompositionMeasurement, await composition);
    expect(composed!.weightKg).toBe(weighed!.weightKg);
    expect(composed!.bodyFatPercent).toBeGreaterThan(10);
    expect(weighed!.bmi).toBeCloseTo(weighed!.weightKg! / 1.74 ** 2, 1);
  });
});

it('a meter hands out its store, contexts with it', async () => {
  const meter = createGlucoseMeter({ ...FAST, recordCount: 7, firstSequence: 65_533 });
  const point = addressOf(0x1808, gatt.recordAccessControlPoint);
  await withDevice(meter, async (peer) => {
    await using answers = await peer.listen(point);
    await using measured = await peer.listen(addressOf(0x1808, gatt.glucoseMeasurement));
    await using contexts = await peer.listen(addressOf(0x1808, gatt.glucoseMeasurementContext));
    await peer.write(point, gatt.recordAccessControlPoint.encode(gatt.racpRequest('report-records')), 'request');
    const [answer] = await firstOf(answers, 1);
    expect(toHex(answer!)).toBe('06000101');
    const values = valuesOf(gatt.glucoseMeasurement, await firstOf(measured, 7));
    expect(values.map(({ sequence }) => sequence)).toEqual([65_533, 65_534, 65_535, 0, 1, 2, 3]);
    expect(values.map(({ localIso }) => localIso)).toEqual(meter.records.map(({ localIso }) => localIso));
    const withContext = values.filter(({ hasContext }) => hasContext);
    const found = valuesOf(gatt.glucoseMeasurementContext, await firstOf(contexts, withContext.length));
    expect(found.map(({ sequence }) => sequence)).toEqual(withContext.map(({ sequence }) => sequence));
  });
});

async function firstOf(values: AsyncIterable<Uint8Array>, count: number): Promise<Uint8Array[]> {
  const taken: Uint8Array[] = [];
  for await (const value of values) if (taken.push(value) === count) break;
  return taken;
}

it("a gateway sets a device's clock", async () => {
  const cuff = createCuff({ measurementCount: 0 });
  const at = { service: uuidOf(0x1805), characteristic: uuidOf(gatt.currentTime.uuid) };
  await withDevice(cuff, async (peer) => {
    const read = async () => valuesOf(gatt.currentTime, [await peer.read(at)])[0]!;
    expect(Date.parse(`${(await read()).dateTime.localIso}Z`) * 1000).toBe(LAB_EPOCH_UTC_US);
    const set = { ...(await read()), dateTime: { year: 2031, month: 5, day: 4, hours: 3, minutes: 2, seconds: 1 } };
    await peer.write(at, gatt.currentTime.encode(set), 'request');
    expect((await read()).dateTime.localIso).toBe('2031-05-04T03:02:01');
    const torn = peer.write(at, Uint8Array.of(1, 2, 3), 'request');
    await expect(torn).rejects.toMatchObject({ code: 'radio-refused' });
  });
});
