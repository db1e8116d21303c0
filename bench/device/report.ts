// The cost sheet: for people and for machines.

import { table } from '../bench.ts';
import { describeMachine, describeVersions, machineLines } from '../machine.ts';
import { keyOf } from './device-driver.ts';
import { goldenBitsOf } from './golden.ts';
import { type Measured, perUnitOn, strangersOf } from './measure.ts';
import type { Toolchain } from './toolchain.ts';
import { CLOCK_HZ, WEARABLE_BUDGETS, type WearableCost } from './wearable.ts';

export interface Sheet {
  readonly tools: Toolchain;
  readonly all: readonly Measured[];
  readonly wearables: readonly WearableCost[];
  readonly uaPerMhz: number;
  readonly failures: readonly string[];
  readonly notes: readonly string[];
}

const HEAD = ['instructions', 'M4F', 'M33', 'budget', '', 'fuel', 'per', 'most in a push', 'init'];
const MEMORY_HEAD = [
  'bytes',
  'flash M4F',
  'flash M33',
  'program',
  'static',
  'instance',
  'storage',
  'stack M4F',
  'stack M33',
];
const BITS_HEAD = ['bits', 'findings', 'hash', 'same on'];

export function linesOf(sheet: Sheet): string[] {
  const { tools, all, wearables, failures, notes } = sheet;
  return [
    ...machineLines(describeMachine(), describeVersions()),
    `tools     ${Object.entries(tools.versions)
      .map((pair) => pair.join(' '))
      .join(', ')}; instructions of QEMU, not cycles`,
    ...tools.skipped.map((what) => `SKIPPED   ${what}`),
    '',
    ...table([HEAD, ...all.map(costRow)]),
    '',
    ...table([MEMORY_HEAD, ...all.map(memoryRow)]),
    '',
    ...table([BITS_HEAD, ...all.map(bitsRow)]),
    ...wearables.flatMap((cost) => ['', ...wearableLines(cost, sheet.uaPerMhz)]),
    ...(notes.length > 0 ? ['', ...notes] : []),
    ...(failures.length > 0 ? ['', ...failures] : []),
  ];
}

function costRow(measured: Measured): string[] {
  const { driver, boards, fuel, unitCount } = measured;
  const [m4f, m33] = [perUnitOn(measured, 'm4f'), perUnitOn(measured, 'm33')];
  return [
    keyOf(driver),
    roundOr(m4f),
    roundOr(m33),
    driver.budget === null ? '-' : String(driver.budget),
    driver.budget === null || m4f === null ? '' : verdict(m4f, driver.budget),
    fuel === null ? '-' : roundOr(fuel / unitCount),
    driver.unit,
    roundOr(boards.m4f?.most ?? null),
    roundOr(boards.m4f?.init ?? null),
  ];
}

function memoryRow({ driver, boards: { m4f, m33 }, played }: Measured): string[] {
  const { staticBytes, instanceBytes } = played;
  const flash = [m4f?.coreFlashBytes, m33?.coreFlashBytes, m4f?.programFlashBytes];
  const stack = [m4f?.stackBytes, m33?.stackBytes];
  return [
    keyOf(driver),
    ...[...flash, staticBytes, instanceBytes, m4f?.storageBytes, ...stack].map((bytes) => roundOr(bytes ?? null)),
  ];
}

function bitsRow(measured: Measured): string[] {
  const { hash, findings } = goldenBitsOf(measured.played);
  const strangers = strangersOf(measured);
  const same = Object.keys(measured.bits).filter((platform) => !strangers.includes(platform));
  return [keyOf(measured.driver), String(findings), hash, same.join(' ')];
}

function wearableLines(cost: WearableCost, uaPerMhz: number): string[] {
  const { board, parts, share, chargePerDayMah, flashBytes, linearBytes, stackBytes } = cost;
  const budgets = WEARABLE_BUDGETS;
  return [
    `a wearable, ${board}: 250 Hz ECG, 64 Hz light, 32 Hz acceleration, HRV once a minute, stress and sleep every 30 s`,
    ...table([
      ['core', 'instructions/s', 'of 64 MHz'],
      ...parts.map((part) => [part.key, part.instructionsPerS.toFixed(0), percent(part.share)]),
      ['together', (share * CLOCK_HZ).toFixed(0), percent(share)],
    ]),
    `share of ${CLOCK_HZ / 1e6} MHz, one instruction a cycle: ${percent(share)}, at most ${percent(budgets.share)}: ${verdict(share, budgets.share)}`,
    `flash of the cores: ${flashBytes} bytes, at most ${budgets.flashBytes}: ${verdict(flashBytes, budgets.flashBytes)}`,
    `linear memory: ${linearBytes} bytes, at most ${budgets.linearBytes}: ${verdict(linearBytes, budgets.linearBytes)}`,
    `stack: ${stackBytes} bytes, at most ${budgets.stackBytes}: ${verdict(stackBytes, budgets.stackBytes)}`,
    `charge: ${chargePerDayMah.toFixed(2)} mAh a day at ${uaPerMhz} uA/MHz and one instruction a cycle, cores alone`,
  ];
}

export function jsonOf({ tools, all, wearables, uaPerMhz, failures, notes }: Sheet): string {
  return JSON.stringify({
    machine: describeMachine(),
    versions: describeVersions(),
    tools: tools.versions,
    skipped: tools.skipped,
    costs: all.map((measured) => ({
      core: measured.driver.core,
      name: measured.driver.name,
      unit: measured.driver.unit,
      unitCount: measured.unitCount,
      budget: measured.driver.budget,
      instructionsPerUnit: { m4f: perUnitOn(measured, 'm4f'), m33: perUnitOn(measured, 'm33') },
      fuelPerUnit: measured.fuel === null ? null : measured.fuel / measured.unitCount,
      ...goldenBitsOf(measured.played),
      platforms: Object.keys(measured.bits),
      otherBits: strangersOf(measured),
      boards: measured.boards,
      staticBytes: measured.played.staticBytes,
      instanceBytes: measured.played.instanceBytes,
      linearBytes: measured.played.linearBytes,
    })),
    wearables,
    wearableBudgets: WEARABLE_BUDGETS,
    uaPerMhz,
    failures,
    notes,
  });
}

function verdict(value: number, budget: number): string {
  return value <= budget ? 'met' : `missed, ${(value / budget).toFixed(1)} times`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function roundOr(value: number | null): string {
  return value === null ? '-' : value.toFixed(0);
}
