// What other systems call the values of a night. LOINC codes (loinc.org; this uses content from LOINC, copyright Regenstrief Institute) and,
// where LOINC has none, codes of HL7's Personal Health Record guide (trial use); units are UCUM's. A value without a code has a name alone:
// a code that is not certain would make it a different value.

export interface TermCode {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

export interface SleepTerm {
  /** In plain words; with these alone where no system has a code. */
  readonly name: string;
  readonly codes: readonly TermCode[];
  /** How the unit is written, and its UCUM code. */
  readonly unit: string;
  readonly ucum: string;
  /** FHIR's category of the observation. */
  readonly category: 'activity' | 'vital-signs';
  /** How it comes about. */
  readonly method: string;
}

const loinc = (code: string, display: string): TermCode => ({ system: 'http://loinc.org', code, display });
const phr = (code: string, display: string): TermCode => {
  return { system: 'http://hl7.org/fhir/uv/phr/CodeSystem/sleep-episode-codes', code, display };
};
const MINUTES = { unit: 'min', ucum: 'min', category: 'activity' } as const;
const RATE = { ucum: '/min', category: 'vital-signs' } as const;
const STAGES = 'stages of 30-s epochs estimated from movement and heart beat';
const WINDOWS = 'mean over windows of 5 min that lie in sleep whole, corrected intervals';

/** By the name that `nightValues` gives the value. */
export const SLEEP_TERMS = {
  totalSleep: {
    name: 'Total sleep time',
    codes: [loinc('93832-4', 'Sleep duration'), phr('totalSleepTime', 'Total sleep time')],
    ...MINUTES,
    method: STAGES,
  },
  lightSleep: {
    name: 'Light sleep (N1 and N2)',
    codes: [loinc('93830-8', 'Light sleep duration')],
    ...MINUTES,
    method: STAGES,
  },
  deepSleep: {
    name: 'Deep sleep (N3)',
    codes: [loinc('93831-6', 'Deep sleep duration'), phr('deepSleepDuration', 'Deep sleep duration')],
    ...MINUTES,
    method: STAGES,
  },
  remSleep: {
    name: 'REM sleep',
    codes: [loinc('93829-0', 'REM sleep duration'), phr('remSleepDuration', 'Rem sleep duration')],
    ...MINUTES,
    method: STAGES,
  },
  sleepPeriod: { name: 'Sleep period time', codes: [], ...MINUTES, method: STAGES },
  latency: {
    name: 'Sleep latency',
    codes: [phr('latencyToSleepOnset', 'Latency to sleep onset')],
    ...MINUTES,
    method: `${STAGES}; from the start of the recording, which has no mark of lights off`,
  },
  remLatency: { name: 'REM latency from sleep onset', codes: [], ...MINUTES, method: STAGES },
  wakeAfterOnset: {
    name: 'Wake after sleep onset',
    codes: [phr('wakeAfterSleepOnset', 'Wake after sleep onset')],
    ...MINUTES,
    method: STAGES,
  },
  awakenings: {
    name: 'Awakenings',
    codes: [phr('numberOfAwakenings', 'Number of awakenings')],
    unit: 'awakenings',
    ucum: '{awakenings}',
    category: 'activity',
    method: STAGES,
  },
  efficiency: {
    name: 'Sleep efficiency',
    codes: [phr('sleepEfficiencyPercentage', 'Sleep efficiency percentage')],
    unit: '%',
    ucum: '%',
    category: 'activity',
    method: `${STAGES}; total sleep time in per cent of the time that has a stage`,
  },
  heartRate: {
    name: 'Mean heart rate asleep',
    codes: [loinc('8867-4', 'Heart rate')],
    unit: 'beats/min',
    ...RATE,
    method: 'from the mean of the corrected intervals asleep',
  },
  restingHeartRate: {
    name: 'Resting heart rate',
    codes: [loinc('40443-4', 'Heart rate --resting')],
    unit: 'beats/min',
    ...RATE,
    method: 'lowest mean over 5 min of sleep that 4 min of sleep come before',
  },
  sdnn: {
    name: 'SDNN asleep',
    codes: [loinc('80404-7', 'R-R interval.standard deviation (Heart rate variability)')],
    unit: 'ms',
    ucum: 'ms',
    category: 'activity',
    method: WINDOWS,
  },
  rmssd: { name: 'RMSSD asleep', codes: [], unit: 'ms', ucum: 'ms', category: 'activity', method: WINDOWS },
  respiratoryRate: {
    name: 'Respiratory rate asleep',
    codes: [loinc('9279-1', 'Respiratory rate')],
    unit: 'breaths/min',
    ...RATE,
    method: 'median over windows of 48 s, read from the intervals between beats',
  },
  heartRateCycles: {
    name: 'Cyclic variation of heart rate',
    codes: [],
    unit: 'cycles/h',
    ucum: '{cycles}/h',
    category: 'activity',
    method:
      'cycles per hour of readable sleep (Hayano 2011); a suspicion of sleep apnoea, no diagnosis, no apnoea-hypopnoea index',
  },
} as const satisfies Readonly<Record<string, SleepTerm>>;

export type SleepTermName = keyof typeof SLEEP_TERMS;
