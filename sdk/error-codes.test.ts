// error-codes.md describes every code, and no code that there is not.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

it('describes every error code: what it means, why, and what to do', () => {
  const union = /export type MaiboErrorCode =([\s\S]*?);\n/.exec(read('./errors.ts'))![1]!;
  const codes = [...union.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map((match) => match[1]);
  const rows = [...read('./error-codes.md').matchAll(/^\| `([a-z-]+)` \|(.+)\|$/gm)];
  expect(codes.length).toBeGreaterThan(20);
  expect(rows.map((match) => match[1])).toEqual(codes);
  for (const [, , cells] of rows) expect(cells!.split('|').filter((cell) => cell.trim().length > 5)).toHaveLength(3);
});
