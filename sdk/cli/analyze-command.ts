// maibo analyze FILE: beats, RR and HRV of a recording, as text, JSON or files.
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Analysis, analyzeFile } from '../analysis/analyze.ts';
import type { RecordingFormat } from '../formats/recording.ts';

interface Options {
  readonly signal?: string;
  readonly format: RecordingFormat | 'auto';
  readonly rate?: number;
  readonly channel?: string;
  readonly correct?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

export function addAnalyze(program: Command, finish: (code: number) => void): void {
  program
    .command('analyze')
    .description('find beats, RR intervals and heart-rate variability in a recording')
    .argument('<file>', 'recording: WFDB, EDF, CSV, Empatica E4, Polar .hrm or RR text')
    .addOption(
      new Option('--signal <name>', 'what to look at; found from the file when left out').choices([
        'ecg',
        'ppg',
        'rr',
        'acc',
      ]),
    )
    .addOption(
      new Option('--format <name>', 'format of the file')
        .choices(['auto', 'wfdb', 'edf', 'csv', 'e4', 'hrm', 'fit', 'rr'])
        .default('auto'),
    )
    .option('--rate <hz>', 'samples per second, for a CSV file without times', numberOption)
    .option('--channel <name>', 'channel, by name or number from 0')
    .option('--correct', 'compute HRV from corrected intervals')
    .option('--out <dir>', 'write analysis.json, beats.csv and rr.csv into this folder')
    .option('--json', 'print the whole analysis as JSON')
    .action(async (file: string, options: Options) => {
      const { format, rate, signal, channel, correct } = options;
      const analysis = await analyzeFile(file, { format, rateHz: rate, signal, channel, correct });
      if (options.out !== undefined) writeFiles(options.out, analysis);
      process.stdout.write(options.json ? `${JSON.stringify(analysis)}\n` : textOf(analysis));
      finish(0);
    });
}

function numberOption(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number');
  return value;
}

function writeFiles(folder: string, analysis: Analysis): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 });
  put('analysis.json', `${JSON.stringify(analysis, null, 2)}\n`);
  const { beats, rr } = analysis;
  const beatRows = beats.timeS.map(
    (timeS, index) => `${beats.sample[index] ?? ''},${timeS},${beats.quality[index] ?? ''}`,
  );
  put('beats.csv', ['sample,time_s,quality', ...beatRows, ''].join('\n'));
  const rrRows = rr.ms.map((ms, index) => `${rr.timeS[index]},${ms},${rr.flag[index]}`);
  put('rr.csv', ['end_s,rr_ms,flag', ...rrRows, ''].join('\n'));
}

function textOf(analysis: Analysis): string {
  const { input, beats, rr, quality, hrv, cores, notes } = analysis;
  const rate = input.rateHz === null ? '' : ` at ${input.rateHz} Hz`;
  const normal = rr.flag.filter((flag) => flag === 'ok').length;
  const lines = [
    `${basename(input.path)}  ${input.format}, ${input.channel ?? input.signal}${rate}, ${input.durationS.toFixed(1)} s`,
    `beats     ${beats.timeS.length}`,
    `RR        ${rr.ms.length}, ${normal} taken for normal`,
    `quality   ${show(quality.score, 2)}, coverage ${show(quality.coverage, 3)}${quality.flags.length > 0 ? ` (${quality.flags.join(', ')})` : ''}`,
    '',
    ...Object.entries(hrv).map(([name, value]) => `${name.padEnd(14)} ${show(value, 3).padStart(10)}`),
    '',
    ...cores.map((core) => `core ${core.name} ${core.version} ${core.sha256.slice(0, 16)}`),
    ...notes.map((note) => `note: ${note}`),
  ];
  return `${lines.join('\n')}\n`;
}

function show(value: number | null, digits: number): string {
  return value === null ? '-' : value.toFixed(digits);
}
