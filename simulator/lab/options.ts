// The command line of `npm start`.

import { MAIBO_VERSION, type ReportLanguage } from '@maibo/sdk';
import { Command, InvalidArgumentError, Option } from 'commander';

export interface LabOptions {
  readonly input?: string;
  readonly format: string;
  readonly signal?: string;
  readonly channel?: string;
  readonly rate?: number;
  readonly speed: number;
  readonly seed: number;
  readonly duration: number;
  readonly clock: 'lab' | 'system';
  readonly link: 'auto' | 'serial' | 'memory';
  readonly coding: 'wave' | 'raw';
  readonly out?: string;
  readonly language: ReportLanguage;
}

const DURATION_S_MAX = 7 * 24 * 3600;

/** Parses or ends the process: 0 after --help, 2 after a mistake. */
export function parseLabOptions(argv: readonly string[]): LabOptions {
  const command = new Command('npm start --')
    .description(
      'A virtual wearable streams over a serial port; beats and HRV are computed, signed, stored, sent to a platform and reported.\n' +
        'Run it again and it continues: nothing is sent or stored twice.',
    )
    .version(MAIBO_VERSION)
    .option('--input <path>', 'play a recording instead of the simulated wearer (WFDB, EDF, CSV, E4, HRM, RR text)')
    .addOption(new Option('--format <name>', 'format of the input').default('auto'))
    .option('--signal <name>', 'what the input holds: ecg or rr')
    .option('--channel <name>', 'channel of the input, by name or number from 0')
    .option('--rate <hz>', 'samples per second, for a CSV file without times', positive)
    .option('--speed <factor>', '1 for real time, max for as fast as it goes', speed, Number.POSITIVE_INFINITY)
    .option('--seed <n>', 'seed of the simulated wearer and of the lab keys', whole, 1)
    .option('--duration <s>', 'seconds of simulated wear', duration, 300)
    .addOption(
      new Option(
        '--clock <name>',
        'lab: a fixed start and lab keys, so a replay gives the same bytes; system: this machine',
      )
        .choices(['lab', 'system'])
        .default('lab'),
    )
    .addOption(
      new Option('--link <name>', 'serial: a kernel pty; memory: in this process; auto: serial where there is one')
        .choices(['auto', 'serial', 'memory'])
        .default('auto'),
    )
    .addOption(
      new Option('--coding <name>', 'how the device sends samples, wave: coded without loss; raw: two bytes each')
        .choices(['wave', 'raw'])
        .default('wave'),
    )
    .option('--out <dir>', 'where store, keys, platform and report go (default: maibo-out/<input>)')
    .addOption(new Option('--language <code>', 'language of the report').choices(['en', 'zh']).default('en'))
    .allowExcessArguments(false)
    .exitOverride((exit) => process.exit(exit.exitCode === 0 ? 0 : 2));
  return command.parse(argv, { from: 'user' }).opts<LabOptions>();
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 0 to 999999999');
  return Number(text);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number above 0');
  return value;
}

function speed(text: string): number {
  return text === 'max' ? Number.POSITIVE_INFINITY : positive(text);
}

function duration(text: string): number {
  const value = positive(text);
  if (value < 1 || value > DURATION_S_MAX) throw new InvalidArgumentError(`expected 1 to ${DURATION_S_MAX} seconds`);
  return value;
}
