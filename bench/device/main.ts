// npm run bench:device [-- OPTIONS] [CORE...]: what cores cost on a device, and whether every platform finds the same. Exit code 0 ok or
// skipped, 1 other bits than V8's, or (--check) than the golden file's, or a cost that rose; 2 bad usage.

import { Command } from 'commander';
import { type DeviceDriver, keyOf } from './device-driver.ts';
import { allDrivers } from './drivers.ts';
import {
  acceptCosts,
  type BaselineRow,
  compareCosts,
  compareHashes,
  goldenBitsOf,
  type Hashes,
  readBaseline,
  readHashes,
  type Source,
  staleKeys,
  writeBaseline,
  writeHashes,
} from './golden.ts';
import { type Measured, measure, perUnitOn, strangersOf } from './measure.ts';
import { recordingDrivers } from './recording-drivers.ts';
import { jsonOf, linesOf } from './report.ts';
import { ARM_GCC, findToolchain, type Toolchain } from './toolchain.ts';
import { wearableCost } from './wearable.ts';

const EXIT_FAILED = 1;
const EXIT_BAD_USAGE = 2;
/** Nordic nRF52840, Product Specification: 3.3 mA at 64 MHz, CoreMark from flash, 3 V, DC/DC converter. */
const UA_PER_MHZ = 52;

interface Wish {
  readonly cores: readonly string[];
  readonly json: boolean;
  readonly check: boolean;
  readonly recordings: boolean;
  readonly accept: string | null;
  readonly uaPerMhz: number;
}

async function main(argv: readonly string[]): Promise<number> {
  const wish = parse(argv);
  const drivers = wish.recordings ? await recordingDrivers() : allDrivers();
  if (typeof drivers === 'string') {
    process.stdout.write(wish.json ? `${JSON.stringify({ skipped: drivers })}\n` : `SKIPPED: ${drivers}\n`);
    return 0;
  }
  const names = [...new Set(drivers.map(({ core }) => core))];
  const unknown = wish.cores.filter((core) => !names.includes(core));
  if (unknown.length > 0) {
    process.stderr.write(`no driver for "${unknown.join('", "')}"; there are: ${names.join(', ')}\n`);
    return EXIT_BAD_USAGE;
  }
  const tools = findToolchain();
  const chosen = drivers.filter(({ core }) => wish.cores.length === 0 || wish.cores.includes(core));
  const all = chosen.map((driver) => {
    process.stderr.write(`${keyOf(driver)}\n`);
    return measure(tools, driver);
  });
  const failures = all.flatMap((measured) =>
    strangersOf(measured).map((platform) => `OTHER BITS: ${keyOf(measured.driver)}: ${platform}`),
  );
  const notes: string[] = [];
  const source = wish.recordings ? 'recorded' : 'made';
  if (wish.accept !== null && failures.length === 0) {
    notes.push(acceptHashes(source, all, drivers));
    if (source === 'made') notes.push(acceptFigures(tools, all, drivers, wish.accept));
  } else if (wish.check) {
    failures.push(...checkHashes(source, all, drivers));
    if (source === 'made') failures.push(...checkCosts(tools, all, drivers, notes));
  }
  const wearables = (['m4f', 'm33'] as const).flatMap((board) => wearableCost(all, board, wish.uaPerMhz) ?? []);
  const sheet = { tools, all, wearables, uaPerMhz: wish.uaPerMhz, failures, notes };
  process.stdout.write(wish.json ? `${jsonOf(sheet)}\n` : `${linesOf(sheet).join('\n')}\n`);
  return failures.length > 0 ? EXIT_FAILED : 0;
}

function parse(argv: readonly string[]): Wish {
  const command = new Command('npm run bench:device --')
    .description(
      'Runs cores on two Cortex-M in QEMU, x86-64, wasmtime and wasm3; prints what they cost and whether all find the same.',
    )
    .argument('[core...]', 'only these')
    .option('--json', 'print one JSON object')
    .option('--check', 'compare with hashes.json and baseline.json')
    .option('--accept <sentence>', 'take the figures over into both files, and keep the sentence that says why')
    .option(
      '--recordings',
      'play real recordings of ../shared/data instead; their bits are in recording-hashes.json, their costs nowhere',
    )
    .option('--ua-per-mhz <number>', 'current of the processor', String(UA_PER_MHZ))
    .exitOverride((exit) => process.exit(exit.exitCode === 0 ? 0 : EXIT_BAD_USAGE));
  command.parse([...argv], { from: 'user' });
  const options = command.opts<{
    json?: boolean;
    check?: boolean;
    accept?: string;
    recordings?: boolean;
    uaPerMhz: string;
  }>();
  const uaPerMhz = Number(options.uaPerMhz);
  if (!(uaPerMhz > 0)) command.error('--ua-per-mhz takes a number above 0');
  if (options.accept?.trim() === '') command.error('--accept takes a sentence');
  const { json = false, check = false, accept = null, recordings = false } = options;
  return { cores: command.args, json, check, accept, recordings, uaPerMhz };
}

function hashesOf(all: readonly Measured[]): Hashes {
  return Object.fromEntries(all.map(({ driver, played }) => [keyOf(driver), goldenBitsOf(played)]));
}

/** Without drivers that no board ran. */
function costsOf(all: readonly Measured[]): Record<string, Omit<BaselineRow, 'because'>> {
  const rows = all.flatMap((measured) => {
    const boards = (['m4f', 'm33'] as const).flatMap((name) => {
      const run = measured.boards[name];
      if (run === undefined) return [];
      const { coreFlashBytes, stackBytes } = run;
      const instructionsPerUnit = Math.round(10 * perUnitOn(measured, name)!) / 10;
      return [[name, { instructionsPerUnit, coreFlashBytes, stackBytes }] as const];
    });
    const { m4f, m33 } = Object.fromEntries(boards);
    return m4f === undefined || m33 === undefined ? [] : [[keyOf(measured.driver), { m4f, m33 }] as const];
  });
  return Object.fromEntries(rows);
}

function checkHashes(source: Source, all: readonly Measured[], drivers: readonly DeviceDriver[]): string[] {
  const kept = readHashes(source);
  return [
    ...compareHashes(kept, hashesOf(all)).map((line) => `OTHER BITS: ${line}`),
    ...staleKeys(kept, drivers.map(keyOf)).map((key) => `NO DRIVER: ${key} is among the kept hashes`),
  ];
}

function checkCosts(
  tools: Toolchain,
  all: readonly Measured[],
  drivers: readonly DeviceDriver[],
  notes: string[],
): string[] {
  const baseline = readBaseline();
  const stale = staleKeys(baseline.costs, drivers.map(keyOf)).map((key) => `NO DRIVER: ${key} is in baseline.json`);
  if (!tools.hasBoards || !tools.hasWabt) {
    notes.push('costs not compared: no boards');
    return stale;
  }
  if (baseline.tools[ARM_GCC] !== tools.versions[ARM_GCC]) {
    notes.push(
      `costs not compared: ${ARM_GCC} ${tools.versions[ARM_GCC]}; baseline.json is of ${baseline.tools[ARM_GCC]}`,
    );
    return stale;
  }
  const { failures, falls } = compareCosts(baseline, costsOf(all));
  notes.push(...falls.map((line) => `fell: ${line}; --accept keeps it`));
  return [...stale, ...failures.map((line) => `ROSE: ${line}`)];
}

function acceptHashes(source: Source, all: readonly Measured[], drivers: readonly DeviceDriver[]): string {
  const known = { ...readHashes(source), ...hashesOf(all) };
  const keys = drivers.map(keyOf);
  writeHashes(source, Object.fromEntries(keys.flatMap((key) => (known[key] === undefined ? [] : [[key, known[key]]]))));
  return `${source === 'made' ? 'hashes.json' : 'recording-hashes.json'} taken over`;
}

function acceptFigures(
  tools: Toolchain,
  all: readonly Measured[],
  drivers: readonly DeviceDriver[],
  because: string,
): string {
  if (!tools.hasBoards || !tools.hasWabt) return 'no boards, so baseline.json is as it was';
  const costs = acceptCosts(readBaseline(), costsOf(all), drivers.map(keyOf), because);
  writeBaseline({ tools: tools.versions, costs });
  return 'baseline.json taken over';
}

process.exitCode = await main(process.argv.slice(2));
