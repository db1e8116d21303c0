// What many worlds come to.
import type { StormReport } from './run-storm.ts';

export interface Totals {
  worlds: number;
  failedWorlds: number;
  records: number;
  stored: number;
  packets: number;
  links: number;
  deaths: number;
  simulatedHours: number;
  lost: number;
  duplicated: number;
  unnamedGaps: number;
  wrong: number;
  unnoticed: number;
  sentPerNeededMost: number;
}

export function newTotals(): Totals {
  return {
    worlds: 0,
    failedWorlds: 0,
    records: 0,
    stored: 0,
    packets: 0,
    links: 0,
    deaths: 0,
    simulatedHours: 0,
    lost: 0,
    duplicated: 0,
    unnamedGaps: 0,
    wrong: 0,
    unnoticed: 0,
    sentPerNeededMost: 0,
  };
}

const SUMMED = [
  'records',
  'stored',
  'packets',
  'links',
  'deaths',
  'lost',
  'duplicated',
  'unnamedGaps',
  'wrong',
  'unnoticed',
] as const;

export function addReport(totals: Totals, report: StormReport): void {
  totals.worlds++;
  if (report.broken.length > 0) totals.failedWorlds++;
  for (const name of SUMMED) totals[name] += report[name];
  totals.simulatedHours += report.simulatedMs / 3_600_000;
  totals.sentPerNeededMost = Math.max(totals.sentPerNeededMost, report.sentPerNeeded);
}

export function totalsLines(totals: Totals): string[] {
  const { worlds, failedWorlds, simulatedHours, links, deaths, packets } = totals;
  return [
    `worlds        ${worlds}, ${failedWorlds} failed; ${simulatedHours.toFixed(1)} simulated hours, ${links} connections, ${deaths} gateways killed`,
    `records       ${totals.records} written, ${totals.stored} rows stored, ${packets} packets`,
    `lost          ${totals.lost} acknowledged records`,
    `duplicated    ${totals.duplicated}`,
    `unnamed gaps  ${totals.unnamedGaps}`,
    `wrong         ${totals.wrong} rows that are not what was written, ${totals.unnoticed} forks unnoticed`,
    `sent/needed   ${totals.sentPerNeededMost.toFixed(2)} at most`,
  ];
}
