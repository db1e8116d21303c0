// maibo report STORE --out FILE.html
import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { MaiboError } from '../errors.ts';
import { reportModelOf } from '../report/model-from-store.ts';
import { type ReportLanguage, renderReport } from '../report/render-report.ts';
import { systemClock } from '../world/node-clock.ts';
import { openStoreFile } from '../world/node-store.ts';

interface Options {
  readonly out: string;
  readonly language: ReportLanguage;
  readonly title?: string;
}

export function addReport(program: Command, finish: (code: number) => void): void {
  program
    .command('report')
    .description('write a self-contained HTML report of a store')
    .argument('<store>', 'store.sqlite as Maibo wrote it')
    .requiredOption('--out <file>', 'HTML file to write')
    .option('--title <text>', 'heading of the report')
    .addOption(new Option('--language <code>', 'language of the report').choices(['en', 'zh']).default('en'))
    .action((storePath: string, options: Options) => {
      const size = writeReport(storePath, options);
      process.stdout.write(`${options.out} (${Math.ceil(size / 1024)} kB)\n`);
      finish(0);
    });
}

function writeReport(storePath: string, options: Options): number {
  const folder = dirname(options.out);
  if (!existsSync(folder)) throw new MaiboError('input-missing', 'no such folder', { where: folder });
  if (!existsSync(storePath)) throw new MaiboError('input-missing', 'no such file', { where: storePath });
  const file = openStoreFile(storePath, { readOnly: true });
  try {
    const title = options.title ?? basename(dirname(storePath));
    const page = renderReport(
      reportModelOf(file.store, { title, createdUtcUs: systemClock.nowUtcUs() }),
      options.language,
    );
    // Whole or not at all: a reader never sees half a report.
    writeFileSync(`${options.out}.new`, page, { mode: 0o600 });
    renameSync(`${options.out}.new`, options.out);
    return statSync(options.out).size;
  } finally {
    file.close();
  }
}
