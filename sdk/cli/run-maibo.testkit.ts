// Runs the command line inside the test's own process and keeps what it says.
import { expect, vi } from 'vitest';
import { runMaibo } from './main.ts';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function maibo(...argv: string[]): Promise<Said> {
  let out = '';
  let err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
  const code = await runMaibo(argv);
  vi.restoreAllMocks();
  return { code, out, err };
}

/** Bad usage or input: exit code 2, nothing on stdout, one line of our own that says where, and no stack. */
export function expectRefusal(said: Said, place: string): void {
  expect(said.code, said.err).toBe(2);
  expect(said.out).toBe('');
  expect(said.err).toMatch(/^maibo: [^\n]+\n$/);
  expect(said.err).toContain(place);
}
