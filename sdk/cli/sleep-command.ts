// maibo sleep INPUT [--mode live|morning] [--classes 2|3|4] [--json]: stages of a night and what is said of them.
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { analyzeSleep, type SleepAnalysis, type SleepClasses, type SleepMode } from '../analysis/sleep.ts';

interface Options {
  readonly mode: SleepMode;
  readonly classes: string;
  readonly id?: string;
  readonly json?: boolean;
}

export function addSleep(program: Command, finish: (code: number) => void): void {
  program
    .command('sleep')
    .description('stages of a night, from features of its epochs or from RR intervals; for wellness and research')
    .argument(
      '<input>',
      'a folder of <id>_count_feature.out, _hr_feature.out and _time_feature.out, or a file of RR intervals',
    )
    .addOption(
      new Option('--mode <name>', 'live: nothing later is looked at').choices(['live', 'morning']).default('morning'),
    )
    .addOption(new Option('--classes <n>', 'stages to tell apart').choices(['2', '3', '4']).default('4'))
    .option('--id <name>', 'which night of a folder')
    .option('--json', 'print everything as JSON')
    .action(async (input: string, options: Options) => {
      const classes = Number(options.classes) as SleepClasses;
      const analysis = await analyzeSleep(input, { mode: options.mode, classes, id: options.id });
      process.stdout.write(options.json ? `${JSON.stringify(analysis)}\n` : textOf(analysis));
      finish(0);
    });
}

const HEIGHTS: Readonly<Record<string, string>> = { W: '█', R: '▆', S: '▃', N: '▃', N1N2: '▃', N3: '▁' };
const COLUMNS = 96;

function textOf({ input, sleep, cores }: SleepAnalysis): string {
  const { summary, stage } = sleep;
  const minutes = (value: number | null) => (value === null ? '-' : `${value.toFixed(1)} min`);
  const lines = [
    `${basename(input.path)}  ${input.kind}, ${stage.length} epochs of ${sleep.epochS} s, ${sleep.mode}, ${sleep.classes} classes`,
    barOf(stage),
    '',
  ];
  if (summary === null) lines.push(`not scored: ${sleep.why}`);
  else {
    lines.push(
      `slept         ${minutes(summary.totalSleepMin)}, ${summary.efficiencyPercent.toFixed(1)} % of the scored time`,
      `latency       ${minutes(summary.latencyMin)}, first REM ${minutes(summary.remLatencyMin)} after that`,
      `awake after   ${minutes(summary.wasoMin)} in ${summary.awakenings} awakenings`,
      `stages        ${Object.entries(summary.stageMin)
        .map(([name, value]) => `${name} ${minutes(value)}`)
        .join(', ')}`,
      `cycles        ${summary.cycleCount ?? '-'}`,
    );
  }
  const core = cores.map(({ name, version, sha256 }) => `core ${name} ${version} ${sha256.slice(0, 16)}`);
  return `${[...lines, '', ...core].join('\n')}\n`;
}

/** The commonest stage of each column, as a height; a dot where nothing is known. */
function barOf(stages: SleepAnalysis['sleep']['stage']): string {
  const columns = Math.min(COLUMNS, stages.length);
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * stages.length) / columns);
    const part = stages.slice(from, Math.floor(((column + 1) * stages.length) / columns));
    const names = [...new Set(part)];
    const count = (name: (typeof names)[number]) => part.filter((stage) => stage === name).length;
    const commonest = names.toSorted((a, b) => count(b) - count(a))[0] ?? null;
    return commonest === null ? '·' : HEIGHTS[commonest];
  }).join('');
}
