// A chest strap (Heart Rate Service): one notification a second with the RR intervals that ended in it, from a simulated rhythm with the
// truth attached. The heart begins to beat when somebody first subscribes; what beats while nobody listens is lost, as with real straps.
import { gatt } from '@maibo/protocols';
import { createRhythm, type Rhythm } from '../../wearer/rhythm.ts';
import type { GattAir } from '../gatt-device.ts';
import {
  addressOf,
  type ClinicDevice,
  type ClinicDeviceOptions,
  clinicDevice,
  fixed,
  uuidOf,
  type Workings,
} from './clinic-device.ts';

const SERVICE = 0x180d;
const TICKS_PER_S = 1024;
const PERIOD_S = 1;
/** Intervals behind the heart rate shown. */
const AVERAGED = 4;
const CHEST = gatt.bodySensorLocations.named('chest');

export interface StrapOptions extends ClinicDeviceOptions {
  /** Afterwards it says "no contact"; 3600 by default. */
  readonly durationS?: number;
  readonly meanHeartRateBpm?: number;
  readonly sdnnMs?: number;
  readonly ectopicsPerHour?: number;
}

export interface Strap extends ClinicDevice {
  readonly truth: Rhythm;
  /** Every interval of the truth in the strap's unit, 1/1024 s: what it sends when all of it is listened to. */
  readonly rrTicks: readonly number[];
}

export function createStrap(options: StrapOptions = {}): Strap {
  const { durationS = 3600, meanHeartRateBpm = 68, sdnnMs = 45, ectopicsPerHour = 0 } = options;
  let truth: Rhythm | null = null;
  const device = clinicDevice('strap', options, (workings) => {
    const meanRrS = 60 / meanHeartRateBpm;
    const shape = { durationS, meanRrS, sdnnS: sdnnMs / 1000, lfHfRatio: 1, respirationHz: 0.25, ectopicsPerHour };
    const rhythm = createRhythm(shape, workings.rng);
    truth = rhythm;
    const measurement = workings.outbox.characteristic(uuidOf(gatt.heartRateMeasurement.uuid), 'notify');
    const characteristics = [measurement, fixed(gatt.bodySensorLocation, gatt.bodySensorLocation.encode(CHEST))];
    return {
      model: 'Strap',
      announces: [SERVICE],
      services: [{ uuid: uuidOf(SERVICE), characteristics }],
      live: (air, signal) => beat(rhythm, durationS, workings, air, signal),
    };
  });
  return { ...device, truth: truth!, rrTicks: ticksOf(truth!) };
}

async function beat(
  rhythm: Rhythm,
  durationS: number,
  { outbox, pauseMs }: Workings,
  { clock }: GattAir,
  signal: AbortSignal,
): Promise<void> {
  const at = addressOf(SERVICE, gatt.heartRateMeasurement);
  const ticks = ticksOf(rhythm);
  await outbox.subscription(at.characteristic, signal);
  const startMs = clock.nowMonotonicMs();
  let sentTo = 0;
  for (let second = 1; !signal.aborted; second++) {
    // The next second begins where this one was to end, so the strap does not fall behind its own heart.
    await clock.sleep(Math.max(0, startMs + pauseMs(second * PERIOD_S) - clock.nowMonotonicMs()), signal);
    let ended = sentTo;
    while (ended < ticks.length && rhythm.beatTimesS[ended + 1]! <= second * PERIOD_S) ended++;
    await outbox.send(at, measurementOf(ticks, sentTo, ended, second * PERIOD_S > durationS));
    sentTo = ended;
  }
}

function measurementOf(ticks: readonly number[], from: number, to: number, isOff: boolean): Uint8Array {
  const averaged = ticks.slice(Math.max(0, to - AVERAGED), to);
  const meanTicks = averaged.reduce((sum, tick) => sum + tick, 0) / averaged.length;
  return gatt.heartRateMeasurement.encode({
    heartRate: isOff || averaged.length === 0 ? 0 : Math.round((60 * TICKS_PER_S) / meanTicks),
    contact: gatt.sensorContacts.of(isOff ? 2 : 3),
    rrTicks: to > from ? ticks.slice(from, to) : null,
  });
}

/** The strap notes the tick of each beat, so the rounding does not add up. */
function ticksOf({ beatTimesS }: Rhythm): number[] {
  const at = Array.from(beatTimesS, (timeS) => Math.round(timeS * TICKS_PER_S));
  return at.slice(1).map((tick, index) => tick - at[index]!);
}
