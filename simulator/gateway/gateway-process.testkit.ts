// The built gateway as a process of its own (npm test builds first), ended by pid, and what it says over HTTP and in its log.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { eventually } from '../lab/lab-process.testkit.ts';

const MAIBO = fileURLToPath(new URL('../../sdk/bin/maibo.js', import.meta.url));

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface GatewayProcess {
  readonly pid: number;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  readonly lines: () => LogLine[];
  readonly errors: () => string;
  /** Body and status of one of its pages. */
  readonly get: (path: string) => Promise<{ status: number; body: string }>;
  /** A metric without labels, or with exactly these. */
  readonly metric: (name: string) => Promise<number | null>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

const running = new Set<ChildProcess>();
const killAll = () => {
  for (const child of running) child.kill('SIGKILL');
};
process.once('exit', killAll);
afterAll(killAll);

let runs = 0;

/** Starts it with this configuration; `http.listen` is on a port of the system's choice. */
export function startGateway(
  folder: string,
  toml: string,
  environment: Readonly<Record<string, string>> = {},
): GatewayProcess {
  mkdirSync(folder, { recursive: true });
  const run = runs++;
  const config = join(folder, `gateway-${run}.toml`);
  writeFileSync(config, `${toml}\n[http]\nlisten = "127.0.0.1:0"\n`);
  const [out, err] = [join(folder, `gateway-${run}.log`), join(folder, `gateway-${run}.err`)];
  const stdio = ['ignore', openSync(out, 'w'), openSync(err, 'w')] as const;
  const child = spawn(process.execPath, [MAIBO, 'gateway', '--config', config], {
    stdio: [...stdio],
    env: { ...process.env, ...environment },
  });
  for (const file of [stdio[1], stdio[2]]) closeSync(file);
  running.add(child);
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(child);
      resolve(code ?? signal);
    });
  });
  const lines = () => linesOf(readFileSync(out, 'utf8'));
  const get = async (path: string) => {
    const url = lines().find(({ msg }) => msg === 'gateway started')?.url;
    if (typeof url !== 'string') throw new Error(`it has not started: ${readFileSync(err, 'utf8')}`);
    const response = await fetch(url + path, { headers: { connection: 'close' } });
    return { status: response.status, body: await response.text() };
  };
  return {
    pid: child.pid ?? -1,
    ended,
    lines,
    errors: () => readFileSync(err, 'utf8'),
    get,
    metric: async (name) => metricOf((await get('/metrics')).body, name),
    kill: (signal) => child.kill(signal),
  };
}

/** Whether it came up. */
export function isStarted(gateway: GatewayProcess): Promise<boolean> {
  return eventually(() => gateway.lines().some(({ msg }) => msg === 'gateway started'), 600);
}

/** Asks again and again until it holds. */
export async function until(holds: () => Promise<boolean>, tries = 600): Promise<boolean> {
  for (let attempt = 0; attempt < tries; attempt++) {
    if (await holds().catch(() => false)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** The last line may be half written. */
function linesOf(text: string): LogLine[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as LogLine);
}

function metricOf(text: string, name: string): number | null {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? null : Number(line.slice(name.length + 1));
}
