import { gatt } from '@maibo/protocols';
import { toHex } from '@maibo/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AttRefusal } from '../gatt-device.ts';
import { RecordServer, type StoredRecord } from './record-server.ts';

const records: StoredRecord[] = Array.from({ length: 12 }, (_, index) => ({
  sequence: 10 + index,
  localIso: `2026-01-${String(index + 1).padStart(2, '0')}T08:00:00`,
}));

interface Run {
  readonly server: RecordServer<StoredRecord>;
  readonly reported: number[];
  readonly answers: Uint8Array[];
}

function started(): Run {
  const reported: number[] = [];
  const answers: Uint8Array[] = [];
  const server = new RecordServer<StoredRecord>({
    records,
    report: async ({ sequence }) => void reported.push(sequence),
    indicate: async (bytes) => void answers.push(bytes),
  });
  return { server, reported, answers };
}

/** Everything the server had to do is done. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function request(
  opCode: gatt.RacpOpCode,
  operator: gatt.RacpOperator,
  operand: gatt.RacpOperand = { kind: 'none' },
): Uint8Array {
  return gatt.recordAccessControlPoint.encode({
    opCode: gatt.racpOpCodes.named(opCode),
    operator: gatt.racpOperators.named(operator),
    operand,
  });
}

async function answerTo(...requests: readonly Uint8Array[]): Promise<Run> {
  const run = started();
  for (const one of requests) run.server.write(one);
  await settled();
  return run;
}

describe('a store of records', () => {
  it('reports what a collector asks for, and the collector ends as completed', async () => {
    const transfer = new gatt.RecordTransfer();
    const { reported, answers } = await answerTo(transfer.begin(gatt.racpRequestFrom('report-records', 18), 0));
    expect(reported).toEqual([18, 19, 20, 21]);
    for (const _ of reported) transfer.record(1);
    expect(transfer.push(answers[0]!, 2)).toEqual({ type: 'completed', notifiedCount: 4, statedCount: null });
  });

  const day = (number: number) => ({ year: 2026, month: 1, day: number, hours: 0, minutes: 0, seconds: 0 });
  it.each([
    ['all', { kind: 'none' }, 12],
    ['first', { kind: 'none' }, 1],
    ['last', { kind: 'none' }, 1],
    ['at-most', { kind: 'sequence', atLeast: null, atMost: 12 }, 3],
    ['within', { kind: 'sequence', atLeast: 12, atMost: 15 }, 4],
    ['at-least', { kind: 'time', atLeast: day(10), atMost: null }, 3],
    ['within', { kind: 'time', atLeast: day(2), atMost: day(4) }, 2],
  ] as const)('counts and reports by %s %j', async (operator, operand, count) => {
    const counted = await answerTo(request('report-count', operator, operand));
    expect(toHex(counted.answers[0]!)).toBe(`0500${toHex(Uint8Array.of(count))}00`);
    expect((await answerTo(request('report-records', operator, operand))).reported).toHaveLength(count);
  });

  it.each([
    ['nothing of that kind', request('report-records', 'at-least', { kind: 'sequence', atLeast: 99, atMost: null }), 6],
    [
      'a count of nothing is a count',
      request('report-count', 'at-least', { kind: 'sequence', atLeast: 99, atMost: null }),
      null,
    ],
    ['deleting is not done', request('delete-records', 'all'), 2],
    ['a report without an operator', request('report-records', 'null'), 3],
    ['an operator nobody knows', Uint8Array.of(1, 9), 4],
    ['an upside-down range', request('report-records', 'within', { kind: 'sequence', atLeast: 9, atMost: 3 }), 5],
    ['a filter nobody knows', Uint8Array.of(1, 3, 7, 1, 0), 5],
    ['an abort with an operator', Uint8Array.of(3, 1), 3],
  ] as const)('answers %s', async (_, bytes, result) => {
    const { reported, answers } = await answerTo(bytes);
    expect(reported).toEqual([]);
    expect(toHex(answers[0]!)).toBe(result === null ? '05000000' : `0600${toHex(Uint8Array.of(bytes[0]!, result))}`);
  });

  it('refuses a second request meanwhile, and ends the first when told to', async () => {
    const { server, reported, answers } = started();
    server.write(request('report-records', 'all'));
    expect(() => server.write(request('report-count', 'all'))).toThrow(AttRefusal);
    server.write(request('abort', 'null'));
    await settled();
    expect(reported.length).toBeLessThan(12);
    expect(answers.map(toHex)).toEqual(['06000301']);
    server.write(request('report-records', 'last'));
    await settled();
    expect(reported.at(-1)).toBe(21);
  });

  it('answers every write once, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 24 }), async (bytes) => {
        const { answers } = await answerTo(bytes);
        expect(answers).toHaveLength(1);
        expect(gatt.recordAccessControlPoint.decode(answers[0]!).ok).toBe(true);
      }),
    );
  });
});
