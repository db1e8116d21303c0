import { expect, it, vi } from 'vitest';
import { GuestReport, spreadOf } from './guest-report.ts';

async function said(tell: (report: GuestReport) => Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text).trimEnd()) > 0);
  try {
    await tell(new GuestReport());
  } finally {
    spy.mockRestore();
  }
  return lines;
}

it('counts what passed, what failed and what never ended', async () => {
  const lines = await said(async (report) => {
    await report.check('works', 1_000, async () => {});
    await report.check('throws', 1_000, () => Promise.reject(new Error('for a reason')));
    await report.check('hangs', 5, () => new Promise(() => {}));
    report.number('count', 3);
    report.close();
    expect(report.isGood).toBe(false);
  });
  expect(lines.filter((line) => /^(not )?ok /.test(line)).map((line) => line.replace(/ #.*/, ''))).toEqual([
    'ok 1 works',
    'not ok 2 throws: Error: for a reason',
    'not ok 3 hangs: Error: not done after 5 ms',
  ]);
  expect(lines.slice(-2)).toEqual(['NUMBERS {"count":3}', 'PASSED 1 FAILED 2']);
});

it('calls nothing good when nothing ran', async () => {
  const lines = await said(async (report) => {
    report.close();
    expect(report.isGood).toBe(false);
  });
  expect(lines.at(-1)).toBe('PASSED 0 FAILED 0');
});

it('spreads values from the middle to the end', () => {
  const values = Array.from({ length: 200 }, (_, index) => 199 - index);
  expect(spreadOf(values)).toEqual({ count: 200, p50: 100, p99: 198, max: 199 });
});
