// A glucose meter (Glucose Service): a store of readings, some with a context, handed out through its Record Access Control Point.
import { gatt } from '@maibo/protocols';
import type { Rng } from '../../world/rng.ts';
import type { GattAir, GattCharacteristicTable } from '../gatt-device.ts';
import {
  addressOf,
  type ClinicDevice,
  type ClinicDeviceOptions,
  clinicDevice,
  fixed,
  uuidOf,
  type Workings,
} from './clinic-device.ts';
import { DeviceClock, fieldsOf } from './device-clock.ts';
import { RecordServer, type StoredRecord } from './record-server.ts';

const SERVICE = gatt.GLUCOSE_SERVICE;
const READING_EVERY_MINUTES = 240;
const US_PER_MINUTE = 60_000_000;
/** Between two records of a report. */
const RECORD_S = 0.03;
/** The first reading of every meter, as the meter shows it. */
const FIRST_LOCAL_US = Date.UTC(2026, 0, 1, 7, 0, 0) * 1000;
const SEQUENCES = 0x1_0000;

export interface GlucoseMeterOptions extends ClinicDeviceOptions {
  /** Readings in its store; 24 by default. */
  readonly recordCount?: number;
  /** Number of the first; 1 by default. It wraps after 65535. */
  readonly firstSequence?: number;
  readonly unit?: gatt.GlucoseUnit;
  /** Every how many readings the user told the meter about a meal; 3 by default, 0 never. */
  readonly contextEvery?: number;
}

export interface GlucoseRecord extends StoredRecord {
  readonly measurement: Uint8Array;
  readonly context: Uint8Array | null;
}

export interface GlucoseMeter extends ClinicDevice {
  readonly records: readonly GlucoseRecord[];
  /** A drop of blood: one reading more. */
  addRecord(): void;
}

export function createGlucoseMeter(options: GlucoseMeterOptions = {}): GlucoseMeter {
  const { recordCount = 24 } = options;
  const records: GlucoseRecord[] = [];
  let add = () => {};
  const clock = new DeviceClock(options.zoneMinutes ?? 0);
  const device = clinicDevice('glucose-meter', options, (workings) => {
    const readings = workings.rng.fork('readings');
    add = () => void records.push(makeRecord(records.length, options, readings));
    for (let index = 0; index < recordCount; index++) add();
    const features = gatt.glucoseFeatureNames.named('low-battery', 'result-high-low', 'time-fault');
    const { table, open } = serveRecords(records, workings);
    const feature = fixed(gatt.glucoseFeature, gatt.glucoseFeature.encode({ features }));
    return {
      model: 'Glucose meter',
      announces: [SERVICE],
      services: [{ uuid: uuidOf(SERVICE), characteristics: [...table, feature] }, clock.service()],
      live: async (air, signal) => {
        clock.open(air.clock);
        open(air, signal);
      },
    };
  });
  return { ...device, records, addRecord: () => add() };
}

interface ServedRecords {
  readonly table: readonly GattCharacteristicTable[];
  open(air: GattAir, signal: AbortSignal): void;
}

function serveRecords(records: readonly GlucoseRecord[], { outbox, pauseMs }: Workings): ServedRecords {
  let pause = async () => {};
  const point = addressOf(SERVICE, gatt.recordAccessControlPoint);
  const server = new RecordServer<GlucoseRecord>({
    records,
    report: async ({ measurement, context }) => {
      await outbox.send(addressOf(SERVICE, gatt.glucoseMeasurement), measurement);
      if (context) await outbox.send(addressOf(SERVICE, gatt.glucoseMeasurementContext), context);
      await pause();
    },
    indicate: (bytes) => outbox.send(point, bytes),
  });
  const stopWithLink = (isOn: boolean) => {
    if (!isOn) server.forget();
  };
  const control = outbox.characteristic(point.characteristic, 'indicate', stopWithLink);
  const table: GattCharacteristicTable[] = [
    outbox.characteristic(uuidOf(gatt.glucoseMeasurement.uuid), 'notify'),
    outbox.characteristic(uuidOf(gatt.glucoseMeasurementContext.uuid), 'notify'),
    { ...control, flags: ['write', 'indicate'], write: (bytes) => server.write(bytes) },
  ];
  const open = ({ clock }: GattAir, signal: AbortSignal) => {
    pause = () => clock.sleep(pauseMs(RECORD_S), signal);
  };
  return { table, open };
}

function makeRecord(index: number, options: GlucoseMeterOptions, rng: Rng): GlucoseRecord {
  const { firstSequence = 1, unit = 'kg/L', contextEvery = 3 } = options;
  const sequence = (firstSequence + index) % SEQUENCES;
  const baseTime = fieldsOf(FIRST_LOCAL_US + index * READING_EVERY_MINUTES * US_PER_MINUTE);
  const mgPerDl = Math.round(112 + 18 * rng.nextNormal());
  const mmolPerL = Math.round((mgPerDl * 10 * 10) / 180.156) / 10;
  const isAfterMeal = rng.nextUnit() < 0.5;
  const hasContext = contextEvery > 0 && index % contextEvery === 0;
  const measurement = gatt.glucoseMeasurement.encode({
    sequence,
    baseTime,
    timeOffsetMinutes: 0,
    unit,
    sample: {
      concentration: unit === 'kg/L' ? gatt.sfloatOf(mgPerDl, -5) : gatt.sfloatOf(Math.round(mmolPerL * 10), -4),
      type: gatt.glucoseSampleTypes.named('capillary-whole-blood'),
      location: gatt.glucoseSampleLocations.named('finger'),
    },
    status: gatt.glucoseStatuses.of(0),
    hasContext,
  });
  const meal = gatt.glucoseMeals.named(isAfterMeal ? 'postprandial' : 'preprandial');
  const context = hasContext ? gatt.glucoseMeasurementContext.encode({ sequence, meal }) : null;
  const { year, month, day, hours, minutes, seconds } = baseTime;
  const { localIso } = gatt.dateTimeOf(year ?? 0, month ?? 0, day ?? 0, hours, minutes, seconds);
  return { sequence, localIso, measurement, context };
}
