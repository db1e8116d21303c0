// npm run fuzz -- [--count N] [--seed S] [--target NAME] [--from I] [--json]: every decoder, fed with what is nearly right.
// Exit code 0 nothing found, 1 something found, 2 bad usage.

import { Command } from 'commander';
import { table } from '../bench.ts';
import { type FuzzReport, fuzz } from './fuzz.ts';
import { TARGETS } from './targets.ts';

const EXIT_FOUND = 1;
const EXIT_BAD_USAGE = 2;

interface Wish {
  readonly count: number;
  readonly seed: number;
  readonly target?: string;
  readonly from: number;
  readonly json?: boolean;
}

function parse(argv: readonly string[]): Wish {
  const command = new Command('npm run fuzz --')
    .description('Feeds every decoder with edited vectors and made-up bytes; nothing may throw, hang or grow.')
    .option('--count <n>', 'inputs in all', wholeNumber, 100_000)
    .option('--seed <n>', 'the same seed makes the same inputs', wholeNumber, Date.now() & 0x7fff_ffff)
    .option('--target <name>', `one of ${TARGETS.map(({ name }) => name).join(', ')}`)
    .option('--from <n>', 'the first input of the target', wholeNumber, 0)
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .exitOverride((exit) => process.exit(exit.exitCode === 0 ? 0 : EXIT_BAD_USAGE));
  command.parse([...argv], { from: 'user' });
  return command.opts<Wish>();
}

function wholeNumber(text: string): number {
  if (!/^\d{1,12}$/.test(text)) {
    process.stderr.write(`"${text}" is not a whole number\n`);
    process.exit(EXIT_BAD_USAGE);
  }
  return Number(text);
}

function linesOf({ seed, inputs, seconds, targets, failures }: FuzzReport): string[] {
  const rows = targets.map(({ target, inputs: count, letIn, seconds: time, slowestMs, growthBytes }) => [
    target,
    String(count),
    `${((letIn * 100) / count).toFixed(0)} %`,
    (count / time).toFixed(0),
    slowestMs.toFixed(1),
    growthBytes === null ? '-' : (growthBytes / 1024).toFixed(0),
  ]);
  return [
    ...table([['target', 'inputs', 'let in', 'inputs/s', 'slowest ms', 'growth KiB'], ...rows]),
    `${inputs} inputs in ${seconds.toFixed(1)} s, ${(inputs / seconds).toFixed(0)} per second, seed ${seed}: ${failures.length} failures`,
    ...failures.flatMap(({ target, index, what, hex, replay }) => [
      `${target} ${index}: ${what}`,
      `  ${replay}`,
      `  ${hex}`,
    ]),
  ];
}

function main(argv: readonly string[]): number {
  const { json, target, ...wish } = parse(argv);
  if (target !== undefined && !TARGETS.some(({ name }) => name === target)) {
    process.stderr.write(`there is no target "${target}": ${TARGETS.map(({ name }) => name).join(', ')}\n`);
    return EXIT_BAD_USAGE;
  }
  const report = fuzz(target === undefined ? wish : { ...wish, target });
  process.stdout.write(`${json === true ? JSON.stringify(report) : linesOf(report).join('\n')}\n`);
  return report.failures.length > 0 ? EXIT_FOUND : 0;
}

process.exitCode = main(process.argv.slice(2));
