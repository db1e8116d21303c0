// maibo doctor [--config gateway.toml] [--data folder] [--json] [--language en|zh]: looks at this machine, and says what to mend and how.
// Exit code 1 when something is bad.
import { type Command, Option } from 'commander';
import { examine } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { fill } from '../report/messages.en.ts';
import type { Machine } from '../world/machine.ts';
import { nodeMachine } from '../world/node-machine.ts';
import { type DoctorMessages, doctorMessagesEn } from './doctor-messages.en.ts';
import { doctorMessagesZh } from './doctor-messages.zh.ts';
import { columnsOf, padRight } from './text-columns.ts';

const CATALOGUES = { en: doctorMessagesEn, zh: doctorMessagesZh } satisfies Record<string, DoctorMessages>;

interface Options {
  readonly config?: string;
  readonly data?: string;
  readonly json?: boolean;
  readonly language: keyof typeof CATALOGUES;
}

/** `machine`: another one than this, for tests. */
export function addDoctor(program: Command, finish: (code: number) => void, machine: Machine = nodeMachine): void {
  program
    .command('doctor')
    .description(
      'look at Bluetooth, serial ports, clock, disk and store of this machine, and say how to mend what is wrong',
    )
    .option('--config <file>', 'gateway.toml to check, and to look for what it needs')
    .option('--data <folder>', 'the data folder of the gateway')
    .option('--json', 'print the findings as JSON')
    .addOption(new Option('--language <code>', 'language of the text').choices(['en', 'zh']).default('en'))
    .action(async ({ config, data, json, language }: Options) => {
      const findings = await examine(machine, { configPath: config, dataFolder: data });
      const badCount = findings.filter(({ state }) => state === 'bad').length;
      const words = CATALOGUES[language];
      process.stdout.write(json ? `${JSON.stringify(jsonOf(findings, words))}\n` : textOf(findings, badCount, words));
      finish(badCount === 0 ? 0 : 1);
    });
}

function jsonOf(findings: readonly Finding[], words: DoctorMessages) {
  return {
    ok: findings.every(({ state }) => state !== 'bad'),
    findings: findings.map(({ name, state, values, mend }) => ({
      name,
      state,
      message: fill(words[name], values),
      mend,
      values,
    })),
  };
}

function textOf(findings: readonly Finding[], badCount: number, words: DoctorMessages): string {
  const marks = (['ok', 'warn', 'bad', 'unknown'] as const).map((state) => words[`state-${state}`]);
  const width = Math.max(...marks.map(columnsOf)) + 2;
  const lines = findings.flatMap(({ name, state, values, mend }) => {
    const line = padRight(words[`state-${state}`], width) + fill(words[name], values);
    return mend === null || state === 'ok' ? [line] : [line, `${' '.repeat(width)}${words.mend} ${mend}`];
  });
  const warnings = findings.filter(({ state }) => state === 'warn').length;
  const verdict =
    badCount === 0
      ? fill(words['all-ok'], { warnings })
      : fill(words['some-bad'], { count: badCount, total: findings.length });
  return `${[...lines, verdict].join('\n')}\n`;
}
