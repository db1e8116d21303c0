// Logarithm, exponential, cosine, transform and ticks in f32 and whole numbers, against f64 and the sums that define them.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadAsc } from '../codegen/asc.ts';
import { wasm } from '../host/webassembly.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const ENTRY = `
export { cosOfTurns, expOf, logOf } from './single';
export { isLater, ticksOf } from './ticks';
export { placeOfPair, writePowers } from './fft-single';
`;
/** Where the window lies: behind all static data. */
const AT = 4096;
const COUNT = 512;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  cosOfTurns(turns: number): number;
  expOf(value: number): number;
  logOf(value: number): number;
  isLater(timeS: number, thanS: number): number;
  ticksOf(timeS: number): bigint;
  placeOfPair(index: number): number;
  writePowers(at: number, binCount: number): void;
}

async function compile(): Promise<Exports> {
  const written: Uint8Array[] = [];
  const asc = await loadAsc();
  const options = ['--runtime', 'stub', '--use', 'abort=', '--noAssert', '-O3', '--shrinkLevel', '1'];
  const { error } = await asc.main(['entry.ts', '--baseDir', FOLDER, '-o', 'single.wasm', ...options], {
    stdout: { write: () => undefined },
    stderr: { write: () => undefined },
    readFile: (file) => (file === 'entry.ts' ? ENTRY : readIfThere(`${FOLDER}/${file}`)),
    writeFile: (_, contents) => void written.push(contents as Uint8Array),
    listFiles: () => null,
  });
  if (error) throw error;
  return new wasm.Instance(new wasm.Module(Uint8Array.from(written[0]!))).exports as unknown as Exports;
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

let core: Exports;
beforeAll(async () => {
  core = await compile();
}, 120_000);

const single = (min: number, max: number) =>
  fc.float({ min: Math.fround(min), max: Math.fround(max), noNaN: true, noDefaultInfinity: true });

describe('in f32', () => {
  it('logarithms are good to 3e-7 of one or of themselves', () => {
    fc.assert(
      fc.property(single(1e-30, 1e30), (value) => {
        const exact = Math.log(value);
        expect(Math.abs(core.logOf(value) - exact)).toBeLessThan(3e-7 * Math.max(1, Math.abs(exact)));
      }),
    );
  });

  it('exponentials are good to 3e-7 of themselves, and end at e to the 80', () => {
    fc.assert(
      fc.property(single(-79, 79), (value) => {
        expect(Math.abs(core.expOf(value) / Math.exp(value) - 1)).toBeLessThan(3e-7);
      }),
    );
    expect(core.expOf(1e30)).toBe(core.expOf(80));
    expect(core.expOf(-1e30)).toBe(core.expOf(-80));
  });

  it('cosines of up to a hundred turns are good to what is left of the digits of the turns', () => {
    fc.assert(
      fc.property(single(0, 100), (turns) => {
        expect(Math.abs(core.cosOfTurns(turns) - Math.cos(2 * Math.PI * turns))).toBeLessThan(1e-6);
      }),
    );
  });
});

describe('the transform of 512 values', () => {
  const powersOf = (values: readonly number[], binCount: number): number[] => {
    const floats = new Float32Array(core.memory.buffer, AT, COUNT);
    for (let index = 0; index < COUNT; index++) floats[2 * core.placeOfPair(index >> 1) + (index & 1)] = values[index]!;
    core.writePowers(AT, binCount);
    return [...floats.subarray(0, binCount)];
  };

  it("gives the powers of Fourier's sums, to 2e-6 of all of them", () => {
    fc.assert(
      fc.property(fc.array(single(-500, 500), { minLength: COUNT, maxLength: COUNT }), (values) => {
        const all = values.reduce((sum, value) => sum + value * value, 0) + 1e-6;
        for (const [bin, power] of powersOf(values, 129).entries()) {
          const angles = values.map((_, index) => (-2 * Math.PI * bin * index) / COUNT);
          const re = values.reduce((sum, value, index) => sum + value * Math.cos(angles[index]!), 0);
          const im = values.reduce((sum, value, index) => sum + value * Math.sin(angles[index]!), 0);
          expect(Math.abs(power - (re * re + im * im)) / (all * Math.sqrt(COUNT))).toBeLessThan(2e-6);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('puts a wave into its own bin and next to nothing into the others', () => {
    const values = Array.from({ length: COUNT }, (_, index) => Math.cos((2 * Math.PI * 40 * index) / COUNT + 1));
    const powers = powersOf(values, 103);
    expect(powers[40]).toBeCloseTo((COUNT / 2) ** 2, -1);
    expect(Math.max(...powers.filter((_, bin) => bin !== 40))).toBeLessThan(1e-6 * powers[40]!);
  });
});

describe('ticks', () => {
  it('are 2^-20 s, rounded down', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2 ** 30, noNaN: true }), (timeS) => {
        expect(core.ticksOf(timeS)).toBe(BigInt(Math.floor(timeS * 2 ** 20)));
      }),
    );
    expect(core.ticksOf(-1)).toBe(0n);
  });

  it('times are in order as numbers are', () => {
    const any = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, 1));
    fc.assert(
      fc.property(any, any, (one, other) => {
        expect(core.isLater(one, other)).toBe(one > other ? 1 : 0);
      }),
    );
    expect(core.isLater(Number.NaN, Number.POSITIVE_INFINITY)).toBe(1);
  });
});
