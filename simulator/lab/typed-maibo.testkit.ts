// `maibo` as somebody types it: a process of its own, what it says, and Ctrl-C. Ended by pid when the test is over.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@maibo/sdk';
import { afterEach } from 'vitest';

const MAIBO = fileURLToPath(new URL('../../sdk/bin/maibo.js', import.meta.url));

export interface Typed {
  readonly bus?: string;
  /** Typed at the keyboard. */
  readonly keys?: string;
  /** Ctrl-C as soon as this was printed. */
  readonly until?: RegExp;
  /** Told of everything that was printed so far, over and over. */
  readonly watch?: (text: string) => void;
}

export interface Printed {
  readonly code: number | null;
  readonly text: string;
}

/** Types in this folder. */
export function useMaibo(folder: string): (typed: Typed, ...args: string[]) => Promise<Printed> {
  const running = new Set<ChildProcess>();
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
  });
  return async ({ bus, keys = '', until, watch }, ...args) => {
    const outputPath = join(folder, `${args[0]}.txt`);
    const output = openSync(outputPath, 'w');
    const env = { ...process.env, ...(bus !== undefined && { DBUS_SYSTEM_BUS_ADDRESS: bus }) };
    const child = spawn(process.execPath, [MAIBO, ...args], { stdio: ['pipe', output, output], env, cwd: folder });
    closeSync(output);
    running.add(child);
    child.stdin!.on('error', () => undefined);
    child.stdin!.end(keys);
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    void exit.then(() => running.delete(child));
    const text = () => readFileSync(outputPath, 'utf8');
    while ((until ?? watch) !== undefined && running.has(child) && !until?.test(text())) {
      watch?.(text());
      await systemClock.sleep(20);
    }
    if (until !== undefined) child.kill('SIGINT');
    return { code: await exit, text: text() };
  };
}
