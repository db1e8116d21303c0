// maibo sleep INPUT [--mode live|morning] [--classes 2|3|4] [--json | --fhir] [--language en|zh]: stages of a night and what is said of them.
import { type Command, Option } from 'commander';
import { nightObservations } from '../analysis/night-observations.ts';
import { analyzeSleep, type SleepAnalysis, type SleepClasses, type SleepMode } from '../analysis/sleep.ts';
import { type SleepLanguage, sleepText } from './sleep-text.ts';

interface Options {
  readonly mode: SleepMode;
  readonly classes: string;
  readonly id?: string;
  readonly json?: boolean;
  readonly fhir?: boolean;
  readonly subject?: string;
  readonly language: SleepLanguage;
}

export function addSleep(program: Command, finish: (code: number) => void): void {
  program
    .command('sleep')
    .description('stages of a night, from movement, heart beat or features of its epochs; for wellness and research')
    .argument(
      '<input>',
      'a folder of <id>_count_feature.out, _hr_feature.out and _time_feature.out, or of an Empatica E4, or of acc.csv and rr.csv; or a file of RR intervals',
    )
    .addOption(
      new Option('--mode <name>', 'live: nothing later is looked at').choices(['live', 'morning']).default('morning'),
    )
    .addOption(new Option('--classes <n>', 'stages to tell apart').choices(['2', '3', '4']).default('4'))
    .option('--id <name>', 'which night of a folder')
    .option('--json', 'print everything as JSON')
    .addOption(new Option('--fhir', 'print a FHIR R4 bundle of observations').conflicts('json'))
    .option('--subject <pseudonym>', 'whose night it is, in the FHIR bundle; never a name')
    .addOption(new Option('--language <code>', 'language of the text').choices(['en', 'zh']).default('en'))
    .action(async (input: string, options: Options) => {
      const classes = Number(options.classes) as SleepClasses;
      const analysis = await analyzeSleep(input, { mode: options.mode, classes, id: options.id });
      process.stdout.write(outputOf(analysis, options));
      finish(0);
    });
}

function outputOf(analysis: SleepAnalysis, { json, fhir, subject, language }: Options): string {
  if (json) return `${JSON.stringify(analysis)}\n`;
  if (!fhir) return sleepText(analysis, language);
  const entry = nightObservations(analysis, { subject }).map((resource) => ({ resource }));
  return `${JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry })}\n`;
}
