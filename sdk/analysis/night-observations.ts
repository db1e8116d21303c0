// A night as FHIR R4 observations: pseudonymous, each with how it was computed and by which cores. What is missing is left out.
import type { SleepAnalysis } from './sleep.ts';
import { SLEEP_TERMS, type SleepTerm, type SleepTermName } from './sleep-terms.ts';

export interface ObservationOptions {
  /** A pseudonym of the sleeper; never a name. */
  readonly subject?: string | undefined;
}

/** As much of a FHIR R4 Observation as is filled in. */
export interface NightObservation {
  readonly resourceType: 'Observation';
  readonly contained: readonly unknown[];
  readonly status: 'final';
  readonly category: readonly unknown[];
  readonly code: { readonly coding?: SleepTerm['codes']; readonly text: string };
  readonly subject: unknown;
  readonly effectivePeriod?: { readonly start: string; readonly end: string };
  readonly _effectiveDateTime?: unknown;
  readonly valueQuantity: {
    readonly value: number;
    readonly unit: string;
    readonly system: string;
    readonly code: string;
  };
  readonly method: { readonly text: string };
  readonly device: { readonly reference: string };
}

const UCUM = 'http://unitsofmeasure.org';
const CATEGORIES = 'http://terminology.hl7.org/CodeSystem/observation-category';
const CATEGORY_NAMES = { activity: 'Activity', 'vital-signs': 'Vital Signs' } as const;
const ABSENT = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';
const DECIMALS = 10;

/** The values of a night by the names of `SLEEP_TERMS`; null where a value does not exist. */
export function nightValues({ sleep }: SleepAnalysis): Record<SleepTermName, number | null> {
  const { summary, heart, breathing, apnoea } = sleep;
  // Where the classes tell a stage apart and it does not occur, it took no minute; where they do not, nobody knows.
  const stage = (name: 'N1N2' | 'N3' | 'R') => {
    if (summary === null || sleep.classes < (name === 'R' ? 3 : 4)) return null;
    return summary.stageMin[name] ?? 0;
  };
  return {
    totalSleep: summary?.totalSleepMin ?? null,
    lightSleep: stage('N1N2'),
    deepSleep: stage('N3'),
    remSleep: stage('R'),
    sleepPeriod: summary?.sleepPeriodMin ?? null,
    latency: summary?.latencyMin ?? null,
    remLatency: summary?.remLatencyMin ?? null,
    wakeAfterOnset: summary?.wasoMin ?? null,
    awakenings: summary?.awakenings ?? null,
    efficiency: summary?.efficiencyPercent ?? null,
    heartRate: heart?.asleep.meanBpm ?? null,
    restingHeartRate: heart?.restingBpm ?? null,
    sdnn: heart?.asleep.sdnnMs ?? null,
    rmssd: heart?.asleep.rmssdMs ?? null,
    respiratoryRate: breathing?.asleep.rateBrpm ?? null,
    heartRateCycles: apnoea?.cyclesPerHour ?? null,
  };
}

/**
 * FHIR R4 observations of a night, one per value; none where the night was not scored.
 * @example
 * const observations = nightObservations(await analyzeSleep('path/to/night.rr'), { subject: 'sleeper-17' });
 */
export function nightObservations(analysis: SleepAnalysis, options: ObservationOptions = {}): NightObservation[] {
  const values = nightValues(analysis);
  const device = deviceOf(analysis);
  const when = timeOf(analysis);
  const subject =
    options.subject === undefined ? { display: 'not stated' } : { identifier: { value: options.subject } };
  return (Object.keys(values) as SleepTermName[]).flatMap((name): NightObservation[] => {
    const value = values[name];
    if (value === null) return [];
    const { name: text, codes, unit, ucum, category, method }: SleepTerm = SLEEP_TERMS[name];
    return [
      {
        resourceType: 'Observation',
        contained: [device],
        status: 'final',
        category: [{ coding: [{ system: CATEGORIES, code: category, display: CATEGORY_NAMES[category] }] }],
        code: codes.length === 0 ? { text } : { coding: codes, text },
        subject,
        ...when,
        valueQuantity: { value: Math.round(value * DECIMALS) / DECIMALS, unit, system: UCUM, code: ucum },
        method: { text: method },
        device: { reference: '#maibo' },
      },
    ];
  });
}

function deviceOf({ maibo, cores }: SleepAnalysis) {
  const version = (what: string, value: string) => ({ type: { text: what }, value });
  return {
    resourceType: 'Device',
    id: 'maibo',
    deviceName: [{ name: 'Maibo', type: 'user-friendly-name' }],
    version: [
      version('software', maibo),
      ...cores.map(({ name, version: number, sha256 }) => version(`core ${name}`, `${number} sha256:${sha256}`)),
    ],
  };
}

/** From falling asleep to waking up; vital signs must say that they do not know when. */
function timeOf({ sleep }: SleepAnalysis) {
  const clock = sleep.summary?.clockUtc ?? null;
  if (clock === null) return { _effectiveDateTime: { extension: [{ url: ABSENT, valueCode: 'unknown' }] } };
  return { effectivePeriod: { start: clock.onset, end: clock.end } };
}
