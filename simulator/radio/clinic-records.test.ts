// Each simulated clinic device, over a radio in memory, into a real store: what a re-check finds there is what the device says it sent.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeItem, gatt, type ResultRecord } from '@maibo/protocols';
import {
  type ClinicSummary,
  collectClinicDevice,
  createLabKey,
  openStoreFile,
  pseudonymOf,
  readRecord,
  type Store,
  systemEntropy,
  verifyStore,
} from '@maibo/sdk';
import { afterAll, describe, expect, it } from 'vitest';
import { createCuff } from './clinic-devices/blood-pressure-cuff.ts';
import type { ClinicDevice } from './clinic-devices/clinic-device.ts';
import { createGlucoseMeter } from './clinic-devices/glucose-meter.ts';
import { createStrap } from './clinic-devices/heart-rate-strap.ts';
import { createOximeter } from './clinic-devices/pulse-oximeter.ts';
import { createScale } from './clinic-devices/scale.ts';
import { createThermometer } from './clinic-devices/thermometer.ts';
import { createMemoryRadio } from './memory-radio.ts';
import { START_UTC_US, SteppedClock } from './stepped-clock.testkit.ts';

const folder = mkdtempSync(join(tmpdir(), 'maibo-clinic-records-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const signer = createLabKey('gateway', 1);
const secret = new Uint8Array(32).fill(3);
let files = 0;

interface Collected {
  readonly store: Store;
  readonly summary: ClinicSummary;
  close(): void;
}

/** Connects, collects for so long, and goes out of reach; as often as there are visits. */
async function collect(device: ClinicDevice, visitsS: readonly number[]): Promise<Collected> {
  const { store, close } = openStoreFile(join(folder, `${++files}.sqlite`));
  store.addKey(signer.keyId, signer.publicKey, 'gateway-lab');
  const clock = new SteppedClock();
  await using radio = createMemoryRadio([device], { clock });
  const address = radio.addressOf(device);
  let summary: ClinicSummary | null = null;
  for (const visitS of visitsS) {
    radio.setInReach(address, true);
    const peer = await radio.connect(address);
    let isOver = false;
    const entropy = systemEntropy;
    const done = collectClinicDevice({ peer, device: pseudonymOf(secret, address), store, clock, entropy, signer });
    void done.catch(() => undefined).then(() => (isOver = true));
    await clock.run(visitS * 1000, () => isOver);
    radio.setInReach(address, false);
    await clock.run(2_000, () => isOver);
    summary = await done;
  }
  return { store, summary: summary!, close };
}

function recordsOf(store: Store) {
  return store.streams().flatMap(({ id }) => [...store.records(id)].map(({ bytes }) => readRecord(bytes).record));
}

function resultsOf(store: Store, name: ResultRecord['result']): ResultRecord[] {
  return recordsOf(store)
    .filter((record) => record.kind === 'result')
    .filter(({ result }) => result === name);
}

/** Values as they are stored, by characteristic. */
function storedValues(store: Store, uuid: number): string[] {
  return recordsOf(store).flatMap((record) => {
    const item = record.kind === 'item' ? decodeItem(record.item) : null;
    const isOurs = item?.ok && item.value.type === 'gatt-item' && item.value.characteristic === uuid;
    return isOurs ? [Buffer.from(item.value.value).toString('hex')] : [];
  });
}

function sentValues(device: ClinicDevice, uuid: number): string[] {
  const text = gatt.gattUuidText(uuid);
  return device.sent
    .filter(({ characteristic }) => characteristic === text)
    .map(({ bytes }) => Buffer.from(bytes).toString('hex'));
}

function expectSound(store: Store): void {
  const check = verifyStore(store);
  expect(check.problems).toEqual([]);
  for (const { replayed, resultCount, resultsAgreed } of check.streams) {
    expect(replayed).toBe(true);
    expect(resultsAgreed).toBe(resultCount);
  }
}

const decodedSent = <Value>(
  device: ClinicDevice,
  characteristic: { uuid: number; decode(bytes: Uint8Array): { ok: boolean } },
) =>
  sentValues(device, characteristic.uuid).map((hex) => {
    const decoded = characteristic.decode(new Uint8Array(Buffer.from(hex, 'hex')));
    return (decoded as { ok: true; value: Value }).value;
  });

describe('a simulated', () => {
  it('strap gives its intervals, and HRV of them', async () => {
    const device = createStrap({ seed: 3, durationS: 400 });
    const { store, summary, close } = await collect(device, [390]);
    expect(summary).toMatchObject({ kinds: ['heart-rate'], badCount: 0, end: 'gone' });
    expect(storedValues(store, 0x2a37)).toEqual(sentValues(device, 0x2a37));
    const ticks = decodedSent<gatt.HeartRateMeasurement>(device, gatt.heartRateMeasurement).flatMap(
      ({ rrTicks }) => rrTicks ?? [],
    );
    expect(ticks.length).toBeGreaterThan(350);
    const beats = resultsOf(store, 'beats').flatMap(({ values }) => values.rrMs as number[]);
    expect(beats.length).toBeGreaterThan(300);
    for (const [index, rrMs] of beats.entries()) expect(rrMs).toBeCloseTo((ticks[index]! * 1000) / 1024, 2);
    // A beat waits for the next notification, up to a second: by that the first was late, and by the same all others are.
    const lateS = resultsOf(store, 'beats').flatMap(({ time, values }) =>
      (values.beatS as number[]).map((beatS) => (time.fromUtcUs! - START_UTC_US - time.fromTicks) / 1e6 + beatS),
    );
    for (const [index, atS] of lateS.entries()) {
      expect(atS - device.truth.beatTimesS[index]!).toBeGreaterThan(0);
      expect(atS - device.truth.beatTimesS[index]!).toBeLessThan(1);
      expect(atS - device.truth.beatTimesS[index]!).toBeCloseTo(lateS[0]! - device.truth.beatTimesS[0]!, 2);
    }
    const [window] = resultsOf(store, 'hrv').filter(({ values }) => values.toS === 300);
    expect(window?.quality.flags).toEqual([]);
    expect(window?.values.HRV_RMSSD).toBeGreaterThan(5);
    expectSound(store);
    close();
  }, 60_000);

  it('strap that was away has a hole, and its time is right behind it', async () => {
    const device = createStrap({ seed: 4, durationS: 4_000 });
    const { store, close } = await collect(device, [60, 120]);
    expect(store.streams()).toHaveLength(1);
    const spans = resultsOf(store, 'beats');
    expect(spans.some(({ quality }) => quality.flags.includes('gap'))).toBe(true);
    expectSound(store);
    close();
  }, 60_000);

  it('cuff gives pressures, and says which failed', async () => {
    const device = createCuff({ seed: 5, intervalS: 60, failureShare: 0.4, unit: 'kPa' });
    const { store, close } = await collect(device, [900]);
    const sent = decodedSent<gatt.BloodPressureMeasurement>(device, gatt.bloodPressureMeasurement);
    expect(sent.length).toBeGreaterThan(5);
    const stored = resultsOf(store, 'blood-pressure');
    expect(stored.map(({ values }) => values.systolicMmHg)).toEqual(sent.map(({ systolicMmHg }) => systolicMmHg));
    expect(stored.map(({ values }) => values.diastolicMmHg)).toEqual(sent.map(({ diastolicMmHg }) => diastolicMmHg));
    const failed = stored.filter(({ quality }) => quality.coverage === 0);
    expect(failed.length).toBeGreaterThan(0);
    for (const { quality } of failed) expect(quality.flags).toContain('no-value');
    expectSound(store);
    close();
  }, 60_000);

  it('oximeter gives saturation and pulse, and nulls without a finger', async () => {
    const device = createOximeter({ seed: 6, fingerOut: { fromS: 20, toS: 30 } });
    const { store, close } = await collect(device, [90]);
    const sent = decodedSent<gatt.PlxContinuous>(device, gatt.plxContinuousMeasurement);
    const stored = resultsOf(store, 'oxygen-saturation').filter(({ quality }) => !quality.flags.includes('spot-check'));
    expect(stored.map(({ values }) => values.spo2Percent)).toEqual(sent.map(({ spo2Percent }) => spo2Percent.value));
    expect(stored.filter(({ quality }) => quality.coverage === 0).length).toBeGreaterThan(5);
    expect(resultsOf(store, 'oxygen-saturation').length - stored.length).toBe(sentValues(device, 0x2a5e).length);
    expectSound(store);
    close();
  }, 60_000);

  it('glucose meter gives each reading once, over as many visits as it takes', async () => {
    const device = createGlucoseMeter({ seed: 7, recordCount: 40 });
    const { store, summary, close } = await collect(device, [0.4, 0.7, 60, 60]);
    expect(summary).toMatchObject({ end: 'done', valueCount: 0 });
    const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    expect(storedValues(store, 0x2a18)).toEqual(device.records.map(({ measurement }) => hexOf(measurement)));
    const contexts = device.records.flatMap(({ context }) => (context === null ? [] : [hexOf(context)]));
    expect(storedValues(store, 0x2a34)).toEqual(contexts);
    expectSound(store);
    close();
  }, 60_000);

  it('thermometer gives temperatures', async () => {
    const device = createThermometer({ seed: 8, unit: 'F', measurementCount: 5 });
    const { store, close } = await collect(device, [600]);
    const sent = decodedSent<gatt.TemperatureMeasurement>(device, gatt.temperatureMeasurement);
    expect(sent).toHaveLength(5);
    expect(resultsOf(store, 'temperature').map(({ values }) => values.temperatureC)).toEqual(
      sent.map(({ temperatureC }) => temperatureC),
    );
    expectSound(store);
    close();
  }, 60_000);

  it('scale gives weight and body composition, a stream each', async () => {
    const device = createScale({ seed: 9, measurementCount: 4 });
    const { store, summary, close } = await collect(device, [600]);
    expect(summary.kinds).toEqual(['weight-scale', 'body-composition']);
    const weights = decodedSent<gatt.WeightMeasurement>(device, gatt.weightMeasurement);
    const bodies = decodedSent<gatt.BodyCompositionMeasurement>(device, gatt.bodyCompositionMeasurement);
    expect(weights).toHaveLength(4);
    expect(resultsOf(store, 'weight').map(({ values }) => values.weightKg)).toEqual(
      weights.map(({ weightKg }) => weightKg),
    );
    expect(resultsOf(store, 'body-composition').map(({ values }) => values.fatPercent)).toEqual(
      bodies.map(({ bodyFatPercent }) => bodyFatPercent),
    );
    expect(store.streams()).toHaveLength(2);
    expectSound(store);
    close();
  }, 60_000);
});
