// `apnoea`: cycles of heart rate against an expert's apnoeas and hypopnoeas. Nothing is fitted to these recordings: every constant is the
// papers' or was set before. Ten men sent for apnoea tell how well the index follows its severity, and nothing of healthy sleepers.

import { type ApnoeaSuspicion, correctNight, type NightInterval, type SleepStage, suspectApnoea } from '@maibo/sdk';
import { type Bench, type BenchReport, skippedReport, table } from '../bench.ts';
import { sharedPath } from '../shared-folder.ts';
import { type ApnoeaRecording, apnoeaNights, normalHearts } from './apnoea-recordings.ts';
import { areaUnderCurve, correlation, type JudgedMinute, minuteTable, rankCorrelation } from './apnoea-score.ts';
import { kappa } from './sleep-score.ts';

const EPOCHS_PER_HOUR = 120;
const EPOCHS_PER_MINUTE = 2;
/** Records of less than the two hours of sleep that users are asked for are scored, too. */
const SLEEP_MIN_MIN = 60;
const PART_HOURS = 4;
/** From moderate apnoea on (AASM). */
const EVENTS_PER_HOUR = 15;
/** Two minutes to either side. */
const NEAR_MINUTES = 2;
/** A collapse shows; the band of chance over 11 records is wide (r = 0.6 is its 95 % bound). */
const CORRELATION_MIN = 0.6;
const AREA_MIN = 0.6;

export const apnoeaBench: Bench = {
  name: 'apnoea',
  about: 'cycles of heart rate against the apnoeas an expert marked in 11 records of 10 men; nothing is fitted',
  run: async () => {
    const folder = sharedPath('data/slpdb');
    if (folder === null) return skippedReport('no ../shared/data/slpdb beside the repository');
    const normal = sharedPath('data/rr_nsr2db');
    const hearts = normal === null ? [] : await normalHearts(normal);
    return reportOf(apnoeaNights(folder).map(rowOf), hearts.flatMap(partsOf));
  },
};

function rowOf({ name, intervals, asleep, events }: ApnoeaRecording) {
  const night = correctNight(intervals);
  const judge = (stages: (SleepStage | null)[]) => requireSaid(suspectApnoea(night, stages, 0, SLEEP_MIN_MIN), name);
  const byExpert = judge(asleep.map((sleeps) => (sleeps === null ? null : sleeps ? 'S' : 'W')));
  const throughout = judge(asleep.map(() => 'S'));
  const sleepCount = asleep.filter((sleeps) => sleeps === true).length;
  const inSleep = events.filter((_, epoch) => asleep[epoch] === true);
  return {
    name,
    sleepHours: sleepCount / EPOCHS_PER_HOUR,
    eventsPerHour: inSleep.reduce((sum, count) => sum + count, 0) / (sleepCount / EPOCHS_PER_HOUR),
    apnoeaEpochsPerHour: inSleep.filter((count) => count > 0).length / (sleepCount / EPOCHS_PER_HOUR),
    cyclesPerHour: byExpert.cyclesPerHour,
    isSuspected: byExpert.isSuspected,
    cyclesPerHourThroughout: throughout.cyclesPerHour,
    minutes: minutesOf(byExpert.suspectMinute, events),
  };
}

type Row = ReturnType<typeof rowOf>;

/** Cycles an hour in every four hours of a day that nobody staged: what an index is where there is no apnoea to speak of. */
function partsOf(intervals: readonly NightInterval[]): number[] {
  const night = correctNight(intervals);
  const partS = PART_HOURS * 3600;
  const partCount = Math.floor((intervals.at(-1)?.endS ?? 0) / partS);
  const stages = new Array<SleepStage>(PART_HOURS * EPOCHS_PER_HOUR).fill('S');
  return Array.from({ length: partCount }, (_, part) => suspectApnoea(night, stages, part * partS)).flatMap((said) =>
    typeof said === 'string' ? [] : [said.cyclesPerHour],
  );
}

function requireSaid(suspicion: ApnoeaSuspicion | string, name: string): ApnoeaSuspicion {
  if (typeof suspicion === 'string') throw new Error(`${name}: ${suspicion}`);
  return suspicion;
}

function minutesOf(suspect: readonly (boolean | null)[], events: readonly number[]): JudgedMinute[] {
  return suspect.flatMap((isSuspect, minute): JudgedMinute[] => {
    if (isSuspect === null) return [];
    const near = suspect.slice(Math.max(0, minute - NEAR_MINUTES), minute + NEAR_MINUTES + 1);
    const known = near.filter((value) => value !== null);
    const epochs = events.slice(EPOCHS_PER_MINUTE * minute, EPOCHS_PER_MINUTE * (minute + 1));
    const suspicion = known.filter(Boolean).length / known.length;
    return [{ isApnoea: epochs.some((count) => count > 0), isSuspect, suspicion }];
  });
}

function reportOf(rows: readonly Row[], normal: readonly number[]): BenchReport {
  const cells = rows.map((row) => [
    row.name,
    ...[row.sleepHours, row.eventsPerHour, row.apnoeaEpochsPerHour].map((value) => value.toFixed(1)),
    ...[row.cyclesPerHour, row.cyclesPerHourThroughout].map((value) => value.toFixed(1)),
    kappa(minuteTable(row.minutes)).toFixed(2),
  ]);
  const of = (value: (row: Row) => number) => rows.map(value);
  const wanted = of(({ apnoeaEpochsPerHour }) => apnoeaEpochsPerHour);
  const asleep = of(({ cyclesPerHour }) => cyclesPerHour);
  const throughout = of(({ cyclesPerHourThroughout }) => cyclesPerHourThroughout);
  const pooled = rows.flatMap(({ minutes }) => minutes);
  const numbers = {
    records: rows.map(({ minutes, ...row }) => ({ ...row, kappa: kappa(minuteTable(minutes)) })),
    correlation: correlation(asleep, wanted),
    rankCorrelation: rankCorrelation(asleep, wanted),
    correlationThroughout: correlation(throughout, wanted),
    rankCorrelationThroughout: rankCorrelation(throughout, wanted),
    minuteKappa: kappa(minuteTable(pooled)),
    minuteArea: areaUnderCurve(pooled),
    minuteTable: minuteTable(pooled),
    moderateCount: rows.filter(({ eventsPerHour }) => eventsPerHour >= EVENTS_PER_HOUR).length,
    moderateSuspectedCount: rows.filter((row) => row.eventsPerHour >= EVENTS_PER_HOUR && row.isSuspected).length,
    normalPartsPerHour: normal,
  };
  return { lines: linesOf(cells, numbers), numbers, overBudget: shortfalls(numbers), skipped: null };
}

interface Numbers {
  readonly correlation: number;
  readonly rankCorrelation: number;
  readonly correlationThroughout: number;
  readonly rankCorrelationThroughout: number;
  readonly minuteKappa: number;
  readonly minuteArea: number;
  readonly minuteTable: readonly (readonly number[])[];
  readonly moderateCount: number;
  readonly moderateSuspectedCount: number;
  readonly normalPartsPerHour: readonly number[];
}

function linesOf(cells: readonly string[][], numbers: Numbers): string[] {
  const [[quiet, falsely], [missed, found]] = numbers.minuteTable as [[number, number], [number, number]];
  return [
    ...table([
      ['record', 'h asleep', 'events/h', 'epochs with events/h', 'cycles/h asleep', 'cycles/h throughout', 'kappa'],
      ...cells,
    ]),
    `cycles/h asleep (by the expert) against epochs with events/h: r ${fixed(numbers.correlation)}, rank ${fixed(numbers.rankCorrelation)}`,
    `cycles/h throughout, sleep unknown: r ${fixed(numbers.correlationThroughout)}, rank ${fixed(numbers.rankCorrelationThroughout)}`,
    `minutes asleep: kappa ${fixed(numbers.minuteKappa)}, area under the curve ${fixed(numbers.minuteArea)}, sensitivity ${fixed(found / (found + missed))}, specificity ${fixed(quiet / (quiet + falsely))}`,
    `records of ${EVENTS_PER_HOUR} events/h and more: ${numbers.moderateSuspectedCount} of ${numbers.moderateCount} suspected`,
    `two people with normal hearts, a day each in parts of ${PART_HOURS} h: at most ${fixed(Math.max(0, ...numbers.normalPartsPerHour))} cycles/h in ${numbers.normalPartsPerHour.length} parts`,
    'all of slpdb were sent for apnoea: how many healthy sleepers would be suspected cannot be told from these people',
  ];
}

function fixed(value: number): string {
  return value.toFixed(2);
}

function shortfalls(numbers: Numbers): string[] {
  return [
    ...(numbers.rankCorrelation < CORRELATION_MIN
      ? [`rank correlation ${fixed(numbers.rankCorrelation)}, at least ${CORRELATION_MIN}`]
      : []),
    ...(numbers.minuteArea < AREA_MIN
      ? [`area under the curve ${fixed(numbers.minuteArea)}, at least ${AREA_MIN}`]
      : []),
  ];
}
