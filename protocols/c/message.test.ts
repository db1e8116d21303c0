// The C reader of messages and items, and its writers of items: the shared vectors, and on every other input the word of the TypeScript
// codec: read or refused, with which fault, at which byte, for which member.

import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { decodeCbor } from '../cbor/cbor.ts';
import type { CborValue } from '../cbor/cbor-value.ts';
import type { Item } from '../generated/types.gen.ts';
import { fromHex, toHex } from '../inspect/hex.ts';
import { decodeMessage } from '../message/message-codec.ts';
import { randomOf } from '../packet/wire.testkit.ts';
import { decodeItem } from '../sync/item-codec.ts';
import { mutate } from '../vectors/mutate.testkit.ts';
import { fromVector, readVectors } from '../vectors/read-vectors.ts';
import type { Decoded } from '../wire-fault.ts';
import { Answers, compileTest, FAULTS, inputOf, isSkipped, removeFolders, run } from './c.testkit.ts';
import { compileWithCrypto, isCryptoSkipped } from './crypto.testkit.ts';

const CBOR = ['ml_cbor.c', 'ml_cbor_check.c', 'ml_cbor_text.c', 'ml_cbor_write.c'];
const SEED = Number(process.env.MAIBO_FUZZ_SEED ?? Date.now() & 0x7fff_ffff);
const INPUTS = 100_000;
const BATCH = 20_000;
const MEMBERS_MAX = 7;
const MESSAGE = 0;
const ITEM = 1;

interface Vector {
  readonly hex: string;
  readonly why?: string;
  readonly code?: string;
  readonly at?: number;
  readonly detail?: string;
  readonly as?: string;
  readonly value?: unknown;
}

function vectors(file: string): Vector[] {
  return readVectors(file).cases;
}

afterAll(removeFolders);

describe.skipIf(isSkipped('gcc'))('messages and items in C', () => {
  let program = '';
  beforeAll(() => {
    program = compileTest('messages', ['test/messages.c', 'ml_message.c', 'ml_shape.c', ...CBOR]);
  }, 120_000);

  interface Verdict {
    /** 'ok', or fault, byte and member. */
    readonly said: string;
    readonly number: number;
    readonly members: Member[];
  }

  interface Member {
    readonly type: number;
    readonly number: bigint;
    readonly bytes: Uint8Array;
  }

  function judge(kind: number, inputs: readonly Uint8Array[]): Verdict[] {
    const answers = new Answers(run(program, [], inputOf(...inputs.flatMap((input) => [kind, input]))));
    const verdicts = inputs.map(() => readVerdict(answers));
    expect(answers.isOver).toBe(true);
    return verdicts;
  }

  function readVerdict(answers: Answers): Verdict {
    const status = answers.i32();
    const at = answers.u32();
    const member = Buffer.from(answers.bytes()).toString();
    if (status !== 0) return { said: `${FAULTS[status]} at ${at}: ${member}`, number: 0, members: [] };
    const number = answers.u32();
    const members = Array.from({ length: MEMBERS_MAX }, () => {
      const type = answers.u32();
      const low = BigInt(answers.u32());
      return { type, number: BigInt.asIntN(64, low | (BigInt(answers.u32()) << 32n)), bytes: answers.bytes() };
    });
    return { said: 'ok', number, members };
  }

  /** What was read is what the CBOR says, member by member. */
  function expectMembers({ number, members }: Verdict, bytes: Uint8Array): void {
    const wire = decodeCbor(bytes);
    if (!wire.ok) throw new Error(wire.fault.detail);
    const [first, ...rest] = wire.value as readonly CborValue[];
    expect(number).toBe(first);
    for (const [index, value] of rest.entries()) {
      const member = members[index];
      if (typeof value === 'number') expect(member!.number).toBe(BigInt(value));
      else if (typeof value === 'boolean') expect(member!.number).toBe(value ? 1n : 0n);
      else if (typeof value === 'string') expect(Buffer.from(member!.bytes).toString()).toBe(value);
      else if (value instanceof Uint8Array) expect(toHex(member!.bytes)).toBe(toHex(value));
      else if (value === null) expect(member).toEqual({ type: 8, number: 0n, bytes: Buffer.alloc(0) });
      else if (Array.isArray(value)) expect(decodeCbor(member!.bytes)).toEqual({ ok: true, value });
    }
  }

  test.each(vectors('messages.json'))('reads $name', ({ hex }) => {
    const [verdict] = judge(MESSAGE, [fromHex(hex)]);
    expect(verdict!.said).toBe('ok');
    expectMembers(verdict!, fromHex(hex));
  });

  test.each(vectors('extended-messages.json'))('reads $why as the message without it', ({ hex, as }) => {
    const [extended, plain] = judge(MESSAGE, [fromHex(hex), fromHex(as!)]);
    expect(extended).toEqual(plain);
    expect(extended!.said).toBe('ok');
  });

  test.each(vectors('malformed-messages.json'))('refuses $why: $code at $at', ({ hex, code, at, detail }) => {
    expect(judge(MESSAGE, [fromHex(hex)])[0]!.said).toBe(`${code} at ${at}: ${memberOf(detail!)}`);
  });

  it('reads the items of the vectors', () => {
    const { cases, laterCases } = readVectors('items.json') as Record<string, Vector[]>;
    for (const { hex } of [...cases!, ...laterCases!]) {
      const [verdict] = judge(ITEM, [fromHex(hex)]);
      expect(verdict!.said).toBe('ok');
      expectMembers(verdict!, fromHex(hex));
    }
  });

  it(`says what TypeScript says of ${INPUTS} inputs that are nearly right (MAIBO_FUZZ_SEED=${SEED})`, {
    timeout: 300_000,
  }, () => {
    const random = randomOf(SEED);
    const files = ['messages.json', 'extended-messages.json', 'malformed-messages.json', 'malformed-cbor.json'];
    const good = files.flatMap((file) => vectors(file).map((one) => fromHex(Array.isArray(one) ? one[0] : one.hex)));
    const items = vectors('items.json').map(({ hex }) => fromHex(hex));
    const counts = { ok: 0, refused: 0 };
    for (let done = 0; done < INPUTS; done += BATCH) {
      const kind = done % (2 * BATCH) === 0 ? MESSAGE : ITEM;
      const pool = kind === MESSAGE ? good : items;
      const inputs = Array.from({ length: BATCH }, () => mutate(pool[Math.floor(random() * pool.length)]!, random));
      for (const [index, { said }] of judge(kind, inputs).entries()) {
        const input = inputs[index]!;
        const expected = expectedOf(kind === MESSAGE ? decodeMessage(input) : decodeItem(input));
        counts[said === 'ok' ? 'ok' : 'refused']++;
        if (!expected.includes(said)) throw new Error(`C says ${said}, TypeScript ${expected}: ${toHex(input)}`);
      }
    }
    expect(Math.min(counts.ok, counts.refused)).toBeGreaterThan(INPUTS / 100);
  });

  /** What C may say where TypeScript says `found`. */
  function expectedOf(found: Decoded<unknown>): string[] {
    if (found.ok) return ['ok', ...ruleOf(found.value as Record<string, unknown>)];
    const { code, at, detail } = found.fault;
    // Lists are a host's business: a device looks at their length only.
    const isInList = /^(info\.logs|items\.items)\[/.test(detail);
    return isInList ? ['ok'] : [`${code} at ${at}: ${memberOf(detail)}`];
  }

  /** What the schema cannot say is the business of whoever uses the TypeScript message; C refuses it at once. */
  function ruleOf(value: Record<string, unknown>): string[] {
    if (value.type === 'lost' && (value.from as number) > (value.to as number)) return ['bad-shape at 0: to'];
    const { samples, format } = value as { samples?: Uint8Array; format?: number };
    const width = format === 1 ? 2 : format === 2 ? 4 : 1;
    if (samples === undefined || samples.length % width === 0) return [];
    return Array.from({ length: 64 }, (_, at) => `bad-shape at ${at}: samples`);
  }
});

/** `live.samples: 5000 bytes, at most 4096` is about samples; a fault of CBOR itself is about no member. */
function memberOf(detail: string): string {
  const path = /^([a-z]+(-[a-z]+)*(\.[a-zA-Z]+)*): /.exec(detail)?.[1] ?? '';
  return path.split('.').at(-1)!;
}

describe.skipIf(isCryptoSkipped('gcc'))('items written in C', () => {
  it('are the bytes of the vectors, and so are their chain, its claim and the signature', { timeout: 120_000 }, () => {
    const sources = ['test/items.c', 'ml_item.c', 'ml_log.c', 'ml_chain.c', 'ml_crypto.c', 'ml_sodium.c', ...CBOR];
    const program = compileWithCrypto('items', sources);
    const { cases, laterCases, ...about } = readVectors('items.json');
    const others = (laterCases as Vector[]).map(({ value }) => argumentsOf(fromVector(value) as Item));
    const own = (cases as Vector[]).map(({ value }) => argumentsOf(fromVector(value) as Item));
    const ends = [0, fromHex(about.device), fromHex(about.epoch), fromHex(about.signerSeed)];
    const answers = new Answers(run(program, [], inputOf(...own.flat(), ...ends)));
    for (const { hex } of cases as Vector[]) expect(toHex(answers.bytes())).toBe(hex);
    expect(toHex(answers.bytes())).toBe(about.chain);
    expect(toHex(answers.bytes())).toBe(about.claim);
    expect(toHex(answers.bytes())).toBe(about.signature);
    const later = new Answers(run(program, [], inputOf(...others.flat(), ...ends)));
    for (const { hex } of laterCases as Vector[]) expect(toHex(later.bytes())).toBe(hex);
  });
});

/** As test/items.c takes them: kind, boot, ticks, a number of 64 bits, three of 32, whether one is null, bytes. */
function argumentsOf(item: Item): (number | Uint8Array)[] {
  const none = new Uint8Array(0);
  const { boot, ticks } = item;
  switch (item.type) {
    case 'sample-item':
      return [1, boot, ...halves(ticks), ...halves(item.firstSample), item.format, 0, 0, 0, item.samples];
    case 'number-item': {
      const { code, number, scale, quality } = item;
      return [
        2,
        boot,
        ...halves(ticks),
        ...halves(quality ?? 0),
        code,
        number >>> 0,
        scale >>> 0,
        isNull(quality),
        none,
      ];
    }
    case 'event-item':
      return [3, boot, ...halves(ticks), 0, 0, item.code, (item.number ?? 0) >>> 0, 0, isNull(item.number), none];
    case 'clock-item':
      return [4, boot, ...halves(ticks), ...halves(item.utcUs), item.source, item.uncertaintyUs, 0, 0, none];
    default:
      return [5, boot, ...halves(ticks), ...halves(item.count), item.characteristic, 0, 0, 0, item.value];
  }
}

function halves(value: number): number[] {
  return [value >>> 0, Math.floor(value / 2 ** 32)];
}

function isNull(value: unknown): number {
  return value === null ? 1 : 0;
}
