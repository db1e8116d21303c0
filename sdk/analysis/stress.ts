// Stress of a wristband's wearer: the pulse's intervals and what else the band measured, in the order of time through the stress core.
import { type CoreModule, StressCore, type StressFinding, type StressInput, stressFlagNames } from '@maibo/cores';
import type { Recording } from '../formats/recording.ts';
import type { ChannelSamples } from './channel-samples.ts';
import type { Found } from './found.ts';
import { mergeByTime, runCore } from './merge-by-time.ts';
import type { StressSeries } from './stress-series.ts';
import type { WristSensors } from './wrist-sensors.ts';

/** The core's own window and step (ABI.md). */
const WINDOW_S = 60;
const STEP_S = 30;
/** Bits of the sensors beside the heart (ABI.md). */
const SENSOR = { motion: 1, eda: 2, temperature: 4 };
/** Names of the drivers, in the core's values and for people. */
const DRIVERS = [
  { name: 'heart', sensor: null, value: 'byHeartRate', words: 'heart rate' },
  { name: 'variability', sensor: null, value: 'byVariability', words: 'heart rate variability' },
  { name: 'motion', sensor: 'motion', value: 'byMotion', words: 'movement' },
  { name: 'eda', sensor: 'eda', value: 'byEda', words: 'skin conductance' },
  { name: 'temperature', sensor: 'temperature', value: 'byTemperature', words: 'skin temperature' },
] as const;
/** Log-odds below this moved the probability by a few per cent at most: not worth a word. */
const DRIVER_MIN = 0.2;
/** What the core's flags mean where there is no probability. */
const REASONS: Readonly<Record<string, string>> = {
  'too-few-beats': 'too few good beats',
  exercise: 'sustained movement',
  'not-plausible': 'heart rate not plausible for mental stress',
};

export interface StressRun {
  readonly module: CoreModule;
  readonly series: StressSeries;
}

/** `startS` is where second 0 of `found` lies in the recording: at the first sample of its signal. */
export function findStress(recording: Recording, startS: number, found: Found, sensors: WristSensors): StressRun {
  const core = StressCore.create({ sensors: sensorBits(sensors) });
  const streams = [
    intervalsOf(found),
    ...(sensors.motion === null ? [] : [motionOf(sensors.motion, startS)]),
    ...(sensors.eda === null ? [] : [slowOf(sensors.eda, startS, 'eda')]),
    ...(sensors.temperature === null ? [] : [slowOf(sensors.temperature, startS, 'temperature')]),
  ];
  const findings = runCore(core, mergeByTime(streams)).filter(({ timeS }) => timeS >= WINDOW_S);
  const startUnixS = (recording.startUtcMs ?? 0) / 1000 + startS;
  return { module: core.module, series: seriesOf(findings, startUnixS, sensors) };
}

function sensorBits({ motion, eda, temperature }: WristSensors): number {
  const has = (sensor: unknown, bit: number) => (sensor === null ? 0 : bit);
  return has(motion, SENSOR.motion) | has(eda, SENSOR.eda) | has(temperature, SENSOR.temperature);
}

/** An interval is as good as its later pulse says; one over a hole in the signal is none. */
function* intervalsOf({ rr, beats }: Found): Generator<StressInput> {
  const offset = beats.length - rr.length;
  let afterGap = true;
  for (const [index, { endS, rrMs, flag }] of rr.entries()) {
    if (flag !== 'gap') {
      const quality = beats[index + offset]?.quality ?? Number.NaN;
      yield inputOf({ timeS: endS, x: rrMs, y: quality, kind: 'interval', afterGap });
    }
    afterGap = flag === 'gap';
  }
}

function* motionOf([x, y, z]: NonNullable<WristSensors['motion']>, startS: number): Generator<StressInput> {
  for (let i = 0; i < x.values.length; i++) {
    const timeS = x.startS + i / x.rateHz - startS;
    if (timeS < 0) continue;
    yield inputOf({ timeS, x: x.values[i]!, y: y.values[i]!, z: z.values[i]!, kind: 'acceleration' });
  }
}

function* slowOf(samples: ChannelSamples, startS: number, kind: 'eda' | 'temperature'): Generator<StressInput> {
  for (let i = 0; i < samples.values.length; i++) {
    const timeS = samples.startS + i / samples.rateHz - startS;
    if (timeS >= 0) yield inputOf({ timeS, x: samples.values[i]!, kind });
  }
}

function inputOf(input: Pick<StressInput, 'timeS' | 'x' | 'kind'> & Partial<StressInput>): StressInput {
  return { y: 0, z: 0, afterGap: false, ...input };
}

function seriesOf(findings: readonly StressFinding[], startUnixS: number, sensors: WristSensors): StressSeries {
  const used = DRIVERS.filter(({ sensor }) => sensor === null || sensors[sensor] !== null);
  const column = (name: keyof StressFinding['values']) => findings.map(({ values }) => values[name]);
  return {
    startUnixS,
    windowS: WINDOW_S,
    stepS: STEP_S,
    timeS: findings.map(({ timeS }) => timeS),
    probability: column('probability'),
    index: {
      si: column('si'),
      sqrtSi: column('sqrtSi'),
      pns: column('pns'),
      sns: column('sns'),
      pnsOwn: column('pnsOwn'),
      snsOwn: column('snsOwn'),
    },
    drivers: Object.fromEntries(used.map(({ name, value }) => [name, column(value)])),
    why: findings.map(whyOf),
  };
}

/** What moved the probability, the strongest first, in log-odds; or why there is none. */
function whyOf({ values, flags }: StressFinding): string {
  const names = stressFlagNames(flags);
  if (values.probability === null) {
    return names.flatMap((name) => REASONS[name] ?? []).join(', ') || 'too little signal';
  }
  const moved = DRIVERS.map(({ value, words }) => ({ words, by: values[value] ?? 0 }))
    .filter(({ by }) => Math.abs(by) >= DRIVER_MIN)
    .toSorted((a, b) => Math.abs(b.by) - Math.abs(a.by))
    .map(({ words, by }) => `${words} ${by < 0 ? '' : '+'}${by.toFixed(1)}`);
  const start = names.includes('warming-up') ? ['baseline still young'] : [];
  return [...moved, ...start].join(', ') || 'nothing stands out';
}
