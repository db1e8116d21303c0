// `npm run sim -- --scenario link-storm [--seed N | --from N --count K] [--bug NAME] [--json]`: worlds of devices, harmful links and
// gateways that die, each a function of its seed. Exits 1 when a checker found something, 2 after a
// mistake on the command line.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CaptureWriter } from '@maibo/protocols';
import { MAIBO_VERSION } from '@maibo/sdk';
import { Command, InvalidArgumentError, Option } from 'commander';
import { runStorm, type StormReport } from './run-storm.ts';
import { BUGS, type Bug } from './storm-plan.ts';
import { addReport, newTotals, totalsLines } from './totals.ts';

// From dist/storm/main.js up to the package.
const SEEDS = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'seeds');
const COUNT_MAX = 10_000_000;
const PROGRESS_EVERY = 100;

interface Options {
  readonly scenario: string;
  readonly seed?: number;
  readonly from: number;
  readonly count: number;
  readonly bug?: Bug;
  readonly capture?: string;
  readonly kept?: boolean;
  readonly json?: boolean;
}

function parse(argv: readonly string[]): Options {
  const command = new Command('npm run sim --')
    .description('Simulated worlds: what was acknowledged must never be lost, stored twice, or missing without a name.')
    .version(MAIBO_VERSION)
    // 1 says that a checker found something; a mistake on the command line is 2.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .addOption(new Option('--scenario <name>', 'what to simulate').choices(['link-storm']).default('link-storm'))
    .addOption(new Option('--seed <n>', 'one world').argParser(whole).conflicts(['from', 'count']))
    .option('--from <n>', 'first of several worlds', whole, 0)
    .option('--count <k>', 'how many worlds', whole, 100)
    .addOption(new Option('--bug <name>', 'plant a mistake, to see it found').choices(BUGS))
    .option(
      '--capture <file>',
      'write the packets of the first world that fails (or of the only one), for `maibo inspect`',
    )
    .option('--kept', 'the worlds that once failed (simulator/seeds)')
    .option('--json', 'print everything as JSON');
  command.parse(argv, { from: 'user' });
  return command.opts<Options>();
}

function whole(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('a whole number from 0 on');
  if (value > Number.MAX_SAFE_INTEGER - COUNT_MAX) throw new InvalidArgumentError('too large');
  return value;
}

function* seedsOf(options: Options): Generator<number> {
  if (options.seed !== undefined) yield options.seed;
  else if (options.kept) yield* keptSeeds(options.scenario);
  else for (let seed = options.from; seed < options.from + Math.min(options.count, COUNT_MAX); seed++) yield seed;
}

function keptSeeds(scenario: string): number[] {
  const path = join(SEEDS, `${scenario}.txt`);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => /^\d+$/.test(line))
    .map(Number);
}

function keep(scenario: string, seed: number): void {
  if (keptSeeds(scenario).includes(seed)) return;
  mkdirSync(SEEDS, { recursive: true });
  appendFileSync(join(SEEDS, `${scenario}.txt`), `${seed}\n`);
}

/** The world again, with a witness: it is the same world. */
function capture(path: string, seed: number, bug: Bug | null): void {
  const lines: string[] = [];
  const writer = new CaptureWriter((line) => lines.push(line), { side: 'host', bearer: `storm, seed ${seed}` });
  runStorm(seed, bug, (nowMs, from, packet) => writer.packet(Math.round(nowMs * 1_000), from, packet));
  writeFileSync(path, lines.join(''), { mode: 0o600 });
}

function main(argv: readonly string[]): number {
  const options = parse(argv);
  if (options.capture !== undefined && options.seed !== undefined)
    capture(options.capture, options.seed, options.bug ?? null);
  const totals = newTotals();
  const failed: StormReport[] = [];
  for (const seed of seedsOf(options)) {
    const report = runStorm(seed, options.bug ?? null);
    addReport(totals, report);
    if (report.broken.length > 0) {
      if (failed.length === 0 && options.capture !== undefined) capture(options.capture, seed, options.bug ?? null);
      failed.push(report);
      if (options.bug === undefined) keep(options.scenario, seed);
      if (!options.json) process.stdout.write(failureLines(report, options));
    }
    if (!options.json && totals.worlds % PROGRESS_EVERY === 0) process.stderr.write(`${totals.worlds} worlds\n`);
  }
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ scenario: options.scenario, bug: options.bug ?? null, ...totals, failed })}\n`,
    );
  else process.stdout.write(`${totalsLines(totals).join('\n')}\n`);
  return failed.length > 0 ? 1 : 0;
}

function failureLines({ seed, broken }: StormReport, { scenario, bug }: Options): string {
  const again = `npm run sim -- --scenario ${scenario} --seed ${seed}${bug === undefined ? '' : ` --bug ${bug}`}`;
  return `seed ${seed}: ${broken.join('; ')}\n  again: ${again}\n`;
}

// `npm run sim | head`: whoever was reading has seen enough.
process.stdout.on('error', (failure: NodeJS.ErrnoException) => {
  if (failure.code !== 'EPIPE') throw failure;
  process.exit(0);
});

process.exitCode = main(process.argv.slice(2));
