// Generated files say so: which command, which sources, their hash, and no time stamp. (That they are what their sources give is tested
// beside the generators.)

import { describe, expect, it } from 'vitest';
import { isGenerated, readText, repositoryFiles } from './repository.ts';

const generated = repositoryFiles().filter(isGenerated);
const BANNER_LINES = 6;

function headOf(path: string): string {
  return readText(path).split('\n').slice(0, BANNER_LINES).join('\n');
}

describe('generated files', () => {
  it('are there, each in a folder called generated', () => {
    expect(generated.length).toBeGreaterThan(0);
    expect(generated.filter((path) => !path.includes('/generated/'))).toEqual([]);
  });

  it.each(generated)('%s opens with the banner', (path) => {
    const head = headOf(path);
    expect(head).toMatch(/generated ?by/i);
    expect(head).toMatch(/do not edit/i);
    expect(head).toMatch(/\b[0-9a-f]{16,64}\b/);
  });

  it('carry no time stamp', () => {
    expect(generated.filter((path) => /\b20\d\d-\d\d-\d\d\b|\d\d:\d\d:\d\d/.test(headOf(path)))).toEqual([]);
  });
});
