// npm run bench [-- NAME] [--json]: everything claimed with a number. Exit code 0 ok, 1 a budget was not kept, 2 bad usage.

import { Command } from 'commander';
import { accuracyBench } from './accuracy/accuracy-bench.ts';
import { apnoeaBench } from './accuracy/apnoea-bench.ts';
import { breathBench } from './accuracy/breath-bench.ts';
import { calibrationBench } from './accuracy/calibration-bench.ts';
import { motionBench } from './accuracy/motion-bench.ts';
import { noiseBench } from './accuracy/noise-bench.ts';
import { peersBench } from './accuracy/peers-bench.ts';
import { ppgBench } from './accuracy/ppg-bench.ts';
import { rrBench } from './accuracy/rr-bench.ts';
import { sleepBench } from './accuracy/sleep-bench.ts';
import { stressBench } from './accuracy/stress-bench.ts';
import { waveBench } from './accuracy/wave-bench.ts';
import type { Bench, BenchReport } from './bench.ts';
import { gatewayBench } from './gateway/gateway-bench.ts';
import { radioBench } from './gateway/radio-bench.ts';
import { soakBench } from './gateway/soak-bench.ts';
import { describeMachine, describeVersions, machineLines } from './machine.ts';
import { cborBench } from './peers/cbor-bench.ts';
import { frameBench } from './peers/frame-bench.ts';
import { coresBench } from './speed/cores-bench.ts';
import { hrvBench } from './speed/hrv-bench.ts';
import { linkBench } from './speed/link-bench.ts';
import { nightBench } from './speed/night-bench.ts';
import { pathBench } from './speed/path-bench.ts';
import { sessionBench } from './speed/session-bench.ts';
import { startBench } from './speed/start-bench.ts';

const BENCHES: readonly Bench[] = [
  coresBench,
  pathBench,
  startBench,
  frameBench,
  cborBench,
  sessionBench,
  linkBench,
  accuracyBench,
  calibrationBench,
  noiseBench,
  peersBench,
  ppgBench,
  rrBench,
  breathBench,
  hrvBench,
  stressBench,
  motionBench,
  sleepBench,
  waveBench,
  apnoeaBench,
  nightBench,
  gatewayBench,
  radioBench,
  soakBench,
];
const EXIT_OVER_BUDGET = 1;
const EXIT_BAD_USAGE = 2;

async function main(argv: readonly string[]): Promise<number> {
  const wish = parse(argv);
  const chosen = wish.name === undefined ? BENCHES : BENCHES.filter((bench) => bench.name === wish.name);
  if (chosen.length === 0) {
    process.stderr.write(`there is no bench called "${wish.name}"; there are:\n${listOf(BENCHES)}\n`);
    return EXIT_BAD_USAGE;
  }
  const machine = describeMachine();
  const versions = describeVersions();
  const say = (lines: readonly string[]) => {
    if (!wish.json) process.stdout.write(`${lines.join('\n')}\n`);
  };
  say(machineLines(machine, versions));
  const reports: Record<string, BenchReport> = {};
  for (const bench of chosen) {
    const report = await bench.run();
    reports[bench.name] = report;
    say(['', `${bench.name}: ${bench.about}`, ...textOf(report).map((line) => `  ${line}`)]);
  }
  if (wish.json) process.stdout.write(`${JSON.stringify({ machine, versions, benches: jsonOf(reports) })}\n`);
  return Object.values(reports).some((report) => report.overBudget.length > 0) ? EXIT_OVER_BUDGET : 0;
}

function parse(argv: readonly string[]): { name: string | undefined; json: boolean } {
  const command = new Command('npm run bench --')
    .description('Measures size, speed and accuracy, and prints them with the machine they were taken on.')
    .argument('[name]', 'only this bench')
    .option('--json', 'print one JSON object')
    .addHelpText('after', `\nBenches:\n${listOf(BENCHES)}\n\nExit codes: 0 ok, 1 a budget was not kept, 2 bad usage.`)
    .allowExcessArguments(false)
    .exitOverride((exit) => process.exit(exit.exitCode === 0 ? 0 : EXIT_BAD_USAGE));
  command.parse([...argv], { from: 'user' });
  return { name: command.args[0], json: command.opts<{ json?: boolean }>().json === true };
}

function listOf(benches: readonly Bench[]): string {
  return benches.map(({ name, about }) => `  ${name.padEnd(10)}${about}`).join('\n');
}

function textOf({ lines, overBudget, skipped }: BenchReport): string[] {
  if (skipped !== null) return [`SKIPPED: ${skipped}`];
  return [...lines, ...overBudget.map((sentence) => `OVER BUDGET: ${sentence}`)];
}

function jsonOf(reports: Readonly<Record<string, BenchReport>>) {
  return Object.fromEntries(
    Object.entries(reports).map(([name, { numbers, overBudget, skipped }]) => [name, { numbers, overBudget, skipped }]),
  );
}

process.exitCode = await main(process.argv.slice(2));
