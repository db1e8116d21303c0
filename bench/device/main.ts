// npm run bench:device [-- --json] [CORE...]: what cores cost on a Cortex-M4F. Exit code 0 ok or skipped, 1 other bits than V8's or a
// budget that is not kept, 2 bad usage.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { table } from '../bench.ts';
import { describeMachine, describeVersions, machineLines } from '../machine.ts';
import { ROOT } from '../shared-folder.ts';
import type { DeviceDriver } from './device-driver.ts';
import { allDrivers } from './drivers.ts';
import { type DeviceRun, runOnDevice } from './firmware.ts';
import { type Played, playHere } from './tape.ts';
import { findToolchain, type Toolchain } from './toolchain.ts';

const EXIT_FAILED = 1;
const EXIT_BAD_USAGE = 2;

interface Cost {
  readonly driver: DeviceDriver;
  readonly played: Played;
  readonly run: DeviceRun;
  readonly perUnit: number;
}

function main(argv: readonly string[]): number {
  const wish = parse(argv);
  const drivers = allDrivers();
  const names = [...new Set(drivers.map(({ core }) => core))];
  const unknown = wish.cores.filter((core) => !names.includes(core));
  if (unknown.length > 0) {
    process.stderr.write(`no driver for "${unknown.join('", "')}"; there are: ${names.join(', ')}\n`);
    return EXIT_BAD_USAGE;
  }
  const tools = findToolchain();
  if (typeof tools === 'string') {
    process.stdout.write(wish.json ? `${JSON.stringify({ skipped: tools })}\n` : `SKIPPED: ${tools}\n`);
    return 0;
  }
  const chosen = drivers.filter(({ core }) => wish.cores.length === 0 || wish.cores.includes(core));
  const costs = chosen.map((driver) => costOf(tools, driver));
  const failures = costs.flatMap(failuresOf);
  process.stdout.write(
    wish.json ? `${jsonOf(tools, costs, failures)}\n` : `${linesOf(tools, costs, failures).join('\n')}\n`,
  );
  return failures.length > 0 ? EXIT_FAILED : 0;
}

function parse(argv: readonly string[]): { cores: readonly string[]; json: boolean } {
  const command = new Command('npm run bench:device --')
    .description('Builds cores for a Cortex-M4F, runs them in QEMU, and prints instructions, flash and memory.')
    .argument('[core...]', 'only these')
    .option('--json', 'print one JSON object')
    .exitOverride((exit) => process.exit(exit.exitCode === 0 ? 0 : EXIT_BAD_USAGE));
  command.parse([...argv], { from: 'user' });
  return { cores: command.args, json: command.opts<{ json?: boolean }>().json === true };
}

function costOf(tools: Toolchain, driver: DeviceDriver): Cost {
  const path = join(ROOT, 'firmware-wasm', 'generated', `${driver.core}.wasm`);
  const played = playHere(readFileSync(path), driver);
  const run = runOnDevice(tools, path, driver, played);
  return { driver, played, run, perUnit: run.total / driver.unitCount };
}

function failuresOf({ driver, played, run, perUnit }: Cost): string[] {
  const name = `${driver.core}, ${driver.name}`;
  const isSame = played.hash === run.hash && played.findingCount === run.findingCount;
  return [
    ...(isSame
      ? []
      : [`OTHER BITS: ${name}: ${run.findingCount} findings, hash ${hex(run.hash)}; V8 ${hex(played.hash)}`]),
    ...(driver.budget !== null && perUnit > driver.budget
      ? [`OVER BUDGET: ${name}: ${perUnit.toFixed(0)} instructions per ${driver.unit}, at most ${driver.budget}`]
      : []),
  ];
}

function linesOf(tools: Toolchain, costs: readonly Cost[], failures: readonly string[]): string[] {
  const head = ['instructions on a Cortex-M4F', 'each', 'budget', 'per', 'most in a push', 'init', 'findings', 'hash'];
  const memoryHead = ['bytes', 'core flash', 'program', 'static data', 'instance', 'linear memory', 'stack'];
  return [
    ...machineLines(describeMachine(), describeVersions()),
    `tools     ${Object.entries(tools.versions)
      .map((pair) => pair.join(' '))
      .join(', ')}; QEMU mps2-an386, instructions and not cycles`,
    '',
    ...table([
      head,
      ...costs.map(({ driver, run, perUnit }) => [
        `${driver.core}, ${driver.name}`,
        perUnit.toFixed(0),
        driver.budget === null ? '-' : String(driver.budget),
        driver.unit,
        ...[run.most, run.init, run.findingCount].map(String),
        hex(run.hash),
      ]),
    ]),
    '',
    ...table([
      memoryHead,
      ...costs.map(({ driver, run, played }) => [
        `${driver.core}, ${driver.name}`,
        ...[run.coreFlashBytes, run.programFlashBytes].map(String),
        ...[played.staticBytes, played.instanceBytes, played.linearBytes, run.stackBytes].map(String),
      ]),
    ]),
    ...failures,
  ];
}

function jsonOf(tools: Toolchain, costs: readonly Cost[], failures: readonly string[]): string {
  const rows = costs.map(({ driver, played, run, perUnit }) => ({
    core: driver.core,
    name: driver.name,
    unit: driver.unit,
    unitCount: driver.unitCount,
    budget: driver.budget,
    instructionsPerUnit: perUnit,
    ...run,
    sameBits: played.hash === run.hash,
    staticBytes: played.staticBytes,
    instanceBytes: played.instanceBytes,
    linearBytes: played.linearBytes,
  }));
  return JSON.stringify({
    machine: describeMachine(),
    versions: describeVersions(),
    tools: tools.versions,
    costs: rows,
    failures,
  });
}

function hex(hash: number): string {
  return hash.toString(16).padStart(8, '0');
}

process.exitCode = main(process.argv.slice(2));
