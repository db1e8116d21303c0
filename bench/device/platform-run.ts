// What every platform's program prints, lines of a name and a number, and how a program is run.

import { spawnSync } from 'node:child_process';

/** What must be the same everywhere. */
export interface Bits {
  readonly hash: number;
  readonly findingCount: number;
}

const RUN_WAIT_MS = 10 * 60_000;

/** What the program printed; throws, with that, if it failed. */
export function runProgram(program: string, args: readonly string[], folder: string): string {
  const done = spawnSync(program, args, { cwd: folder, encoding: 'utf8', timeout: RUN_WAIT_MS });
  const said = `${done.stdout}${done.stderr}`;
  if (done.status !== 0) throw new Error(`${program} ended with ${done.status ?? done.signal}:\n${said.slice(-2000)}`);
  return said;
}

/** Gives the number that the program said behind a name; throws if it did not. */
export function numbersOf(said: string): (name: string) => number {
  const values = new Map(
    said.split('\n').flatMap((line) => {
      const found = /^([a-z]+) (\d+)$/.exec(line.trim());
      return found === null ? [] : [[found[1]!, Number(found[2])] as const];
    }),
  );
  return (name) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`the program did not say "${name}":\n${said.slice(-2000)}`);
    return value;
  };
}

export function bitsOf(numberOf: (name: string) => number): Bits {
  return { hash: numberOf('hash'), findingCount: numberOf('findings') };
}
