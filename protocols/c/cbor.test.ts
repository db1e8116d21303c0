// The C reader and writer of CBOR: the published and the malformed vectors, and on every other input the word of the TypeScript reader:
// accepted or refused, with which fault, at which byte.

import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { arbCborValue } from '../cbor/arbitraries.testkit.ts';
import { decodeCbor, encodeCbor } from '../cbor/cbor.ts';
import { type CborLimits, MESSAGE_LIMITS } from '../cbor/cbor-value.ts';
import { fromHex, toHex } from '../inspect/hex.ts';
import { randomOf } from '../packet/wire.testkit.ts';
import { mutate } from '../vectors/mutate.testkit.ts';
import { readVectors } from '../vectors/read-vectors.ts';
import { Answers, compileTest, FAULTS, inputOf, isSkipped, removeFolders, run } from './c.testkit.ts';

const SOURCES = ['ml_cbor.c', 'ml_cbor_check.c', 'ml_cbor_text.c', 'ml_cbor_write.c'];
const SEED = Number(process.env.MAIBO_FUZZ_SEED ?? Date.now() & 0x7fff_ffff);
const INPUTS = 200_000;
const BATCH = 20_000;
const HEX_FILES = ['messages.json', 'extended-messages.json', 'malformed-messages.json', 'items.json'];

afterAll(removeFolders);

describe.skipIf(isSkipped('gcc'))('CBOR in C', () => {
  let program = '';
  beforeAll(() => {
    program = compileTest('cbor', ['test/cbor.c', ...SOURCES]);
  }, 120_000);

  /** 'ok', or fault and byte, of each input; an accepted one has also been written again, which must give the same bytes. */
  function judge(inputs: readonly Uint8Array[], limits: CborLimits = MESSAGE_LIMITS): string[] {
    const { bytesMax, itemsMax, depthMax } = limits;
    const answers = new Answers(run(program, [], inputOf(bytesMax, itemsMax, depthMax, ...inputs)));
    const verdicts = inputs.map((input) => {
      const status = answers.i32();
      const at = answers.u32();
      const copy = answers.bytes();
      if (status === 0 && !Buffer.from(copy).equals(input))
        throw new Error(`written as ${toHex(copy)}: ${toHex(input)}`);
      return status === 0 ? 'ok' : `${FAULTS[status]} at ${at}`;
    });
    expect(answers.isOver).toBe(true);
    return verdicts;
  }

  function expectAgreement(inputs: readonly Uint8Array[], limits: CborLimits = MESSAGE_LIMITS): Record<string, number> {
    const seen: Record<string, number> = {};
    for (const [index, verdict] of judge(inputs, limits).entries()) {
      const input = inputs[index]!;
      const found = decodeCbor(input, limits);
      const expected = found.ok ? 'ok' : `${found.fault.code} at ${found.fault.at}`;
      if (verdict !== expected) throw new Error(`C says ${verdict}, TypeScript ${expected}: ${toHex(input)}`);
      const kind = verdict.split(' ')[0]!;
      seen[kind] = (seen[kind] ?? 0) + 1;
    }
    return seen;
  }

  it('keeps and refuses what the profile does of RFC 8949, Appendix A', () => {
    const { kept, refused } = readVectors('rfc8949-appendix-a.json') as Record<string, [string][]>;
    expect(judge(kept!.map(([hex]) => fromHex(hex)))).toEqual(kept!.map(() => 'ok'));
    for (const verdict of judge(refused!.map(([hex]) => fromHex(hex)))) expect(verdict).not.toBe('ok');
  });

  it('gives each malformed input its fault and byte', () => {
    const { cases } = readVectors('malformed-cbor.json') as { cases: [string, string, number, string][] };
    const verdicts = judge(cases.map(([hex]) => fromHex(hex)));
    expect(cases.map(([hex, , , why], index) => [hex, why, verdicts[index]])).toEqual(
      cases.map(([hex, code, at, why]) => [hex, why, code === 'ok' ? 'ok' : `${code} at ${at}`]),
    );
  });

  it('reads what messages and items are, and are not', () => {
    const inputs = HEX_FILES.flatMap((file) => hexOf(readVectors(file)));
    expect(inputs.length).toBeGreaterThan(100);
    expect(expectAgreement(inputs).ok).toBeGreaterThan(50);
  });

  it('writes every value as it was', () => {
    fc.assert(
      fc.property(fc.array(arbCborValue, { minLength: 20, maxLength: 60 }), (values) => {
        const inputs = values.map(encodeCbor).filter(({ length }) => length <= MESSAGE_LIMITS.bytesMax);
        expectAgreement(inputs);
      }),
      { numRuns: 40, seed: SEED },
    );
  });

  test(`${INPUTS} mutated and random inputs: the fault and the byte that TypeScript says (MAIBO_FUZZ_SEED=${SEED})`, () => {
    const random = randomOf(SEED);
    const corpus = [
      ...fc.sample(arbCborValue, { numRuns: 1_000, seed: SEED }).map(encodeCbor),
      ...HEX_FILES.flatMap((file) => hexOf(readVectors(file))),
      ...(readVectors('malformed-cbor.json').cases as [string][]).map(([hex]) => fromHex(hex)),
    ].filter(({ length }) => length < 200);
    const limits = { bytesMax: 300, itemsMax: 60, depthMax: 4 };
    const seen: Record<string, number> = {};
    for (let turn = 0; turn < INPUTS / BATCH; turn++) {
      const inputs = Array.from({ length: BATCH }, () =>
        random() < 0.15 ? randomBytes(random) : mutate(corpus[Math.floor(random() * corpus.length)]!, random),
      );
      for (const [kind, count] of Object.entries(expectAgreement(inputs, limits)))
        seen[kind] = (seen[kind] ?? 0) + count;
    }
    for (const kind of ['ok', 'torn', 'not-canonical', 'over-budget', 'bad-shape'])
      expect(seen[kind], kind).toBeGreaterThan(INPUTS / 200);
  }, 120_000);

  it('goes by the budgets, each at its limit', () => {
    const inputs = ['82810080', '83010203', '8181818100', 'a10101', '4401020304'].map(fromHex);
    for (const bytesMax of [4, 5])
      for (const itemsMax of [1, 2, 3, 4])
        for (const depthMax of [0, 1, 3, 4]) expectAgreement(inputs, { bytesMax, itemsMax, depthMax });
  });

  it('answers wrong use, and ranges, with a status', () => {
    const use = compileTest('cbor-use', ['test/cbor-use.c', ...SOURCES]);
    expect(run(use).toString()).toBe('all as it should be\n');
  });
});

function randomBytes(random: () => number): Uint8Array {
  return Uint8Array.from({ length: Math.floor(random() * 24) }, () => Math.floor(random() * 256));
}

/** Every string of hex digits in a vector file. */
function hexOf(json: unknown): Uint8Array[] {
  if (typeof json === 'string') return /^([0-9a-f]{2})+$/.test(json) ? [fromHex(json)] : [];
  return typeof json === 'object' && json !== null ? Object.values(json).flatMap(hexOf) : [];
}
