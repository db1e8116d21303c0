// The built lab as a process of its own (npm test builds first), ended by pid; and what it leaves behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const LAB = fileURLToPath(new URL('../dist/lab/main.js', import.meta.url));

export function useFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `maibo-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

export interface LabRun {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** What it has printed so far. */
  readonly text: () => string;
}

let runs = 0;

/** Starts the lab; output goes to a file in `folder`. */
export function startLab(folder: string, args: readonly string[]): LabRun {
  const path = join(folder, `output-${runs++}.txt`);
  const output = openSync(path, 'w');
  const child = spawn(process.execPath, [LAB, ...args], { stdio: ['ignore', output, output] });
  closeSync(output);
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  return { pid: child.pid ?? -1, child, ended, text: () => readFileSync(path, 'utf8') };
}

/** Processes whose command line names this folder, the lab's helpers among them. Linux only; elsewhere none. */
export function processesOf(folder: string): number[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(folder) ? [Number(name)] : [];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

/** Polls until it holds, or gives up after a while. */
export async function eventually(holds: () => boolean, tries = 100): Promise<boolean> {
  for (let attempt = 0; attempt < tries; attempt++) {
    if (holds()) return true;
    await sleep(50);
  }
  return holds();
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
