import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINE_BYTES_MAX, NumberLines } from './number-lines.ts';

const ADC = { min: -32_768, max: 32_767 };
const TORN = '7\n';

function read(text: string, lines = new NumberLines(ADC)): (number | null)[] {
  const samples = lines.push(new Uint8Array(Buffer.from(text, 'latin1')));
  return samples.map((sample) => (Number.isNaN(sample) ? null : sample));
}

describe('numbers in lines', () => {
  it.each([
    ['ended by LF', '512\n513\n', [512, 513]],
    ['ended by CR and LF', '512\r\n513\r\n', [512, 513]],
    ['ended by CR', '512\r513\r', [512, 513]],
    ['with empty lines between', '512\n\n \r\n513\n', [512, 513]],
    ['with signs, zeros and blanks', '-5\n+6\n 007 \n0\n', [-5, 6, 7, 0]],
    ['that have not ended', '512\n51', [512]],
  ])('are read %s', (_, text, samples) => {
    expect(read(TORN + text)).toEqual(samples);
  });

  it('are the first column where there are several', () => {
    expect(read(`${TORN}512,88,3\n513, red\n514;1\n515\t9\n516 x\n`)).toEqual([512, 513, 514, 515, 516]);
  });

  it('are missing, and never 0, in lines that hold none', () => {
    const lines = new NumberLines(ADC);
    expect(read(`${TORN}512\n!\n1.5\n0x1f\n1e3\n--4\n5-\n,6\nnan\n\0\n513\n`, lines)).toEqual([
      512,
      ...Array<null>(9).fill(null),
      513,
    ]);
    expect(lines).toMatchObject({ numberCount: 2, junkCount: 9, outsideCount: 0 });
  });

  it('are missing when they are out of range, however many digits they have', () => {
    const lines = new NumberLines(ADC);
    expect(read(`${TORN}32767\n32768\n-32768\n-32769\n999999999999\n9999999999999999999\n`, lines)).toEqual([
      32_767,
      null,
      -32_768,
      null,
      null,
      null,
    ]);
    expect(lines).toMatchObject({ numberCount: 2, outsideCount: 3, junkCount: 1 });
  });

  it('begin behind what a boot loader says, and behind the line that was under way', () => {
    const lines = new NumberLines(ADC);
    expect(read('2\nets Jun  8 2016 00:22:57\r\n\r\nrst:0x1 (POWERON_RESET)\r\nready!\r\n512\r\n', lines)).toEqual([
      512,
    ]);
    expect(lines).toMatchObject({ numberCount: 1, junkCount: 3, oddText: 'ready!' });
  });

  it('are none in a line that is too long, whatever it begins with', () => {
    const lines = new NumberLines(ADC);
    const full = `5,${'x'.repeat(LINE_BYTES_MAX - 2)}`;
    expect(read(`${TORN}${full}\n${full}x\n6\n`, lines)).toEqual([5, null, 6]);
    for (let count = 0; count < 1_000; count++) expect(read('1'.repeat(9_999), lines)).toEqual([]);
    expect(read('\n7\n', lines)).toEqual([null, 7]);
  });

  it('leave a piece of the junk to show, without what a terminal obeys', () => {
    const lines = new NumberLines(ADC);
    read(`${TORN}\u001b[2J\u0007${'y'.repeat(40)}\n`, lines);
    expect(lines.oddText).toBe(`?[2J?${'y'.repeat(19)}...`);
  });
});

describe('any bytes', () => {
  const line = fc.oneof(
    fc.integer({ min: -40_000, max: 40_000 }).map(String),
    fc.string({ unit: fc.constantFrom(...'0123456789,;-+.! x\t\0\u00ff') }),
    fc.constant('9'.repeat(LINE_BYTES_MAX + 3)),
  );
  const texts = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r', '')), { maxLength: 40 });

  it('give the same samples however they are cut', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(12)), (pieces, sizes) => {
        const bytes = new Uint8Array(Buffer.from(pieces.flat().join(''), 'latin1'));
        const whole = new NumberLines(ADC);
        const cut = new NumberLines(ADC);
        const samples: number[] = [];
        let at = 0;
        for (const size of sizes) {
          samples.push(...cut.push(bytes.subarray(at, at + size)));
          at += size;
        }
        samples.push(...cut.push(bytes.subarray(at)));
        expect(samples).toEqual(whole.push(bytes));
        expect({ ...cut }).toEqual({ ...whole });
      }),
    );
  });

  it('give numbers in range or missing ones, one a line at most, the first one a number', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (bytes, isDense) => {
        // Most random bytes are no digits.
        const chosen = isDense ? bytes.map((byte) => '0123456789\n\r,-'.charCodeAt(byte % 14)) : bytes;
        const samples = new NumberLines(ADC).push(chosen);
        const ends = chosen.filter((byte) => byte === 10 || byte === 13).length;
        expect(samples.length).toBeLessThanOrEqual(ends);
        if (samples.length > 0) expect(samples[0]).not.toBeNaN();
        for (const sample of samples.filter((one) => !Number.isNaN(one))) {
          expect(Number.isInteger(sample) && sample >= ADC.min && sample <= ADC.max).toBe(true);
        }
      }),
    );
  });
});
