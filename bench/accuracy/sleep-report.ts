// The sleep bench's figures as lines for people.

import { table } from '../bench.ts';
import type { BesideRow, SleepRow } from './sleep-row.ts';
import { type Bias, limitsOfAgreement } from './sleep-score.ts';

export function rowLines(row: SleepRow): string[] {
  return [
    `${row.set}, ${row.mode}`,
    ...table([
      ['classes', 'kappa', 'macro-F1', 'recall of each', 'kappa by person', 'SD'],
      ...row.classes.map(({ count, kappa: value, macroF1: f1, recalls: shares, people }) => [
        String(count),
        ...[value, f1].map(fixed),
        shares.map((share) => share.toFixed(2)).join(' '),
        ...[people.mean, people.deviation].map(fixed),
      ]),
    ]),
    `wake specificity at 93 % sleep sensitivity ${fixed(row.specificity)}; two classes after the first 30 min: kappa ${fixed(row.kappaLater)}`,
    ...table([
      ['core less expert', 'bias', 'SD', 'limits of agreement', 'calibration error'],
      ...row.minutes.map(({ stage, ...bias }, index) => [
        `${stage}, min`,
        ...biasCells(bias),
        fixed(row.calibration[index]!),
      ]),
      [`first sleep to first REM, min (${row.remLatency.count} nights)`, ...biasCells(row.remLatency), ''],
    ]),
    `four classes by person: ${row.byPerson.map(({ person, kappa: value }) => `${person} ${value.toFixed(2)}`).join(', ')}`,
    '',
  ];
}

function biasCells(bias: Bias): string[] {
  const [lower, upper] = limitsOfAgreement(bias);
  return [bias.mean.toFixed(0), bias.deviation.toFixed(0), `${lower.toFixed(0)} to ${upper.toFixed(0)}`];
}

export function besideLines(title: string, rows: readonly BesideRow[]): string[] {
  return [
    title,
    ...table([
      ['', 'epochs', '2 classes', '3', '4', '2 after 30 min', 'specificity'],
      ...rows.map(({ name, epochCount, kappas, kappaLater, specificity }) => [
        name,
        String(epochCount),
        ...[kappas[2], kappas[3], kappas[4], kappaLater, specificity].map((value) =>
          value === null ? '-' : fixed(value),
        ),
      ]),
    ]),
    '',
  ];
}

function fixed(value: number): string {
  return value.toFixed(3);
}
