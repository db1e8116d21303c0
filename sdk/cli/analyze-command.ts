// maibo analyze FILE: beats, RR and HRV of a recording, as text, JSON or files.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Analysis, analyzeFile } from '../analysis/analyze.ts';
import { HRV_PROFILES, HRV_SPECTRA, type HrvProfile, type HrvSpectrum } from '../analysis/hrv.ts';
import { SENSOR_SETS, type SensorSet } from '../analysis/wrist-sensors.ts';
import type { RecordingFormat } from '../formats/recording.ts';
import type { AnalysisLanguage } from '../report/analysis-words.ts';
import { renderAnalysis } from '../report/render-analysis.ts';
import { analysisText } from './analysis-text.ts';

interface Options {
  readonly signal?: string;
  readonly format: RecordingFormat | 'auto';
  readonly rate?: number;
  readonly channel?: string;
  readonly profile?: HrvProfile;
  readonly spectrum?: HrvSpectrum;
  readonly normalize?: boolean;
  readonly correct?: boolean;
  readonly window?: number;
  readonly step?: number;
  readonly nonlinear?: boolean;
  readonly sensors?: SensorSet;
  readonly out?: string;
  readonly language: AnalysisLanguage;
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
    .addOption(
      new Option('--profile <name>', "whose HRV definitions; NeuroKit2's, put right, when left out").choices(
        HRV_PROFILES,
      ),
    )
    .addOption(new Option('--spectrum <name>', 'how the spectrum is estimated').choices(HRV_SPECTRA))
    .option('--normalize', 'with --profile neurokit: powers divided by the highest density, as NeuroKit2 prints them')
    .option('--correct', 'compute HRV from corrected intervals (kubios and taskforce do so anyway)')
    .option('--no-correct', 'compute HRV from the intervals as they were measured')
    .option('--window <s>', 'HRV also over windows of this length, 10 s to a week', numberOption)
    .option('--step <s>', 'from one window to the next (default: 60)', numberOption)
    .option('--nonlinear', 'non-linear indices of every window, however many there are (default: up to 1,000 windows)')
    .addOption(
      new Option(
        '--sensors <set>',
        'Empatica E4: what to use beside the pulse; all that is there when left out',
      ).choices(SENSOR_SETS),
    )
    .option('--out <dir>', 'write analysis.json, analysis.html, beats.csv and rr.csv into this folder')
    .addOption(new Option('--language <code>', 'language of analysis.html').choices(['en', 'zh']).default('en'))
    .option('--json', 'print the whole analysis as JSON')
    .action(async (file: string, options: Options) => {
      const { rate, window, step, out, json, language, ...same } = options;
      const analysis = await analyzeFile(file, { ...same, rateHz: rate, windowS: window, stepS: step });
      if (out !== undefined) writeFiles(out, analysis, language);
      process.stdout.write(json ? `${JSON.stringify(analysis)}\n` : analysisText(analysis));
      finish(0);
    });
}

function numberOption(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number');
  return value;
}

function writeFiles(folder: string, analysis: Analysis, language: AnalysisLanguage): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 });
  put('analysis.json', `${JSON.stringify(analysis, null, 2)}\n`);
  put('analysis.html', renderAnalysis(analysis, language));
  const { beats, rr } = analysis;
  const beatRows = beats.timeS.map(
    (timeS, index) => `${beats.sample[index] ?? ''},${timeS},${beats.quality[index] ?? ''}`,
  );
  put('beats.csv', ['sample,time_s,quality', ...beatRows, ''].join('\n'));
  const rrRows = rr.ms.map((ms, index) => `${rr.timeS[index]},${ms},${rr.flag[index]}`);
  put('rr.csv', ['end_s,rr_ms,flag', ...rrRows, ''].join('\n'));
}
