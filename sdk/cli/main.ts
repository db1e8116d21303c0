// `maibo`: the command line. Exit codes: 0 ok, 1 a check failed or the world did, 2 bad usage or bad input.
import { Command } from 'commander';
import { isMaiboError, MaiboError } from '../errors.ts';
import { MAIBO_VERSION } from '../version.ts';
import { addAnalyze } from './analyze-command.ts';
import { addCore } from './core-command.ts';
import { addDoctor } from './doctor-command.ts';
import { addGateway } from './gateway-command.ts';
import { addInspect } from './inspect-command.ts';
import { addLive } from './live-command.ts';
import { addPair } from './pair-command.ts';
import { addReport } from './report-command.ts';
import { addScan } from './scan-command.ts';
import { addSleep } from './sleep-command.ts';
import { addStore } from './store-command.ts';
import { addVerify } from './verify-command.ts';

const ADD_COMMANDS = [
  ...[addAnalyze, addSleep, addVerify, addStore, addReport, addInspect],
  ...[addScan, addPair, addLive, addGateway, addDoctor, addCore],
];

export const EXIT_FAILED = 1;
export const EXIT_BAD_INPUT = 2;

/** Runs one command line and gives its exit code. */
export async function runMaibo(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('maibo')
    .description('Analyse recordings, re-check signed records, write reports. For wellness and research: no diagnosis.')
    .version(MAIBO_VERSION)
    .showHelpAfterError('(add --help for what there is)');
  const finish = (code: number) => {
    exitCode = code;
  };
  for (const add of ADD_COMMANDS) add(program, finish);
  overrideExit(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (failure) {
    return tell(failure);
  }
}

/** Commander ends the process by itself unless told otherwise, and with 1 for a wrong option. */
function overrideExit(command: Command): void {
  command.exitOverride();
  command.allowExcessArguments(false);
  for (const child of command.commands) overrideExit(child);
}

function tell(failure: unknown): number {
  const commander = failure as { code?: string; exitCode?: number };
  if (commander.code?.startsWith('commander.')) return commander.exitCode === 0 ? 0 : EXIT_BAD_INPUT;
  if (failure instanceof MaiboError) {
    process.stderr.write(`maibo: ${failure.toLine()}\n`);
    return isMaiboError(failure, ...BAD_INPUT) ? EXIT_BAD_INPUT : EXIT_FAILED;
  }
  const system = failure as NodeJS.ErrnoException;
  if (system.syscall === undefined) throw failure;
  process.stderr.write(`maibo: ${system.message}\n`);
  return WRONG_PATH.includes(system.code ?? '') ? EXIT_BAD_INPUT : EXIT_FAILED;
}

/** What the system says of a path that cannot be what it was given for. */
const WRONG_PATH: readonly string[] = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST', 'EACCES', 'EPERM', 'EROFS'];
const BAD_INPUT = [
  'usage',
  'input-missing',
  'input-format',
  'input-range',
  'input-empty',
  'store-open',
  'store-foreign',
  'config-bad',
] as const;
