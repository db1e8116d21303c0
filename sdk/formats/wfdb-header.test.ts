import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMaiboError, type MaiboError } from '../errors.ts';
import { parseWfdbHeader } from './wfdb-header.ts';

const parse = (text: string) => {
  return parseWfdbHeader(
    text.split('\n').map((line, i) => ({ number: i + 1, text: line })),
    'x.hea',
  );
};
const refusal = (text: string): MaiboError => {
  try {
    parse(text);
  } catch (thrown) {
    if (isMaiboError(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('was not refused');
};

describe('a WFDB header', () => {
  it('is read with comments, defaults and the second clock', () => {
    // The record line and first signal of slpdb/slp01a (PhysioNet), then a line with all defaults.
    const header = parse(
      '# note\nslp01a 2 250/0.033333333(94) 1800000 23:07:00 19/1/1989\nslp01a.dat 212 -200/mV 12 0 -17 59911 0 ECG\nslp01a.dat 212\n# end',
    );
    expect(header).toMatchObject({ frameRateHz: 250, frameCount: 1_800_000, startUtcMs: Date.UTC(1989, 0, 19, 23, 7) });
    expect(header.signals[0]).toMatchObject({ gain: -200, baseline: 0, checksum: 59911, name: 'ECG' });
    expect(header.signals[1]).toMatchObject({ gain: 200, unit: 'mV', bits: 12, checksum: null, name: 'signal 2' });
  });

  it('takes the baseline from the gain, else from the ADC zero', () => {
    const header = parse('x 2 250 9\nx.dat 16 4.77778(-477)/mmHg 12 7\nx.dat 16 0 12 1024');
    expect(header.signals[0]).toMatchObject({ gain: 4.77778, baseline: -477, unit: 'mmHg' });
    expect(header.signals[1]).toMatchObject({ gain: 200, baseline: 1024 });
  });

  it('is refused when it has fewer or more signal lines than it says', () => {
    expect(refusal('x 2 250 9\nx.dat 16')).toMatchObject({ code: 'input-format', where: 'x.hea, line 2' });
    const more = refusal('x 1 250 9\nx.dat 16\nx.dat 16');
    expect(more.where).toBe('x.hea, line 3');
    expect(more.message).toBe('the record line says 1 signals, but 2 signal lines follow');
  });

  it('is refused with an unknown format number', () => {
    expect(refusal('x 1 250 9\nx.dat 8').toLine()).toBe(
      'x.hea, line 2: signal format 8 is not read; 16, 80 and 212 are',
    );
    expect(refusal('x 1 250 9\nx.dat two').code).toBe('input-format');
    expect(refusal('x 1 250 9\nx.dat').code).toBe('input-format');
  });

  it.each(['../x.dat', '/etc/passwd', 'a/b.dat', '..', '~', '-', 'C:\\x.dat', '..\\x.dat'])(
    'never leads to %s',
    (name) => {
      expect(refusal(`x 1 250 9\n${name} 16`)).toMatchObject({ code: 'input-format', where: 'x.hea, line 2' });
    },
  );

  it.each(['0', '-250', '1e9', '100001', '1e400'])('is refused with a rate of %s Hz', (rate) => {
    expect(refusal(`x 1 ${rate} 9\nx.dat 16`)).toMatchObject({ code: 'input-range', where: 'x.hea, line 1' });
  });

  it('is refused when samples per frame push the rate too high', () => {
    expect(refusal('x 1 50000 9\nx.dat 16x3').code).toBe('input-range');
    expect(refusal('x 1 250 9\nx.dat 16x0').code).toBe('input-format');
  });

  it('is refused when it is empty, too long, multi-segment or no header', () => {
    expect(refusal('# only a comment\n').code).toBe('input-empty');
    expect(refusal('#\n'.repeat(2000)).code).toBe('input-format');
    expect(refusal('x/3 1 250 9\nx_1 100').message).toContain('multi-segment');
    expect(refusal('time,ecg').code).toBe('input-format');
    expect(refusal(`x 300 250 9\n${'x.dat 16\n'.repeat(300)}`).message).toContain('at most 256');
  });

  it('is parsed or refused, never anything else', () => {
    const field = fc.oneof(
      fc.constantFrom('x', '2', '212', '16x2:1+4', '200(1)/mV', '-1', '1e999', '#', '/', 'é'),
      fc.string(),
    );
    const line = fc.array(field, { maxLength: 10 }).map((fields) => fields.join(' '));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
        try {
          parse(['x 1 250 100', ...lines].slice(lines.length % 2).join('\n'));
        } catch (thrown) {
          expect(isMaiboError(thrown)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
