// A result of a clinic device is run again from the stored bytes: one that was made up is found, however well it is signed.
import { encodeItem, type ResultRecord } from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import { NO_HASH, RecordChain } from '../evidence/record-chain.ts';
import { fromHex, type RecordBody } from '../evidence/record-types.ts';
import { verifyStream } from '../evidence/verify-stream.ts';
import { VitalProcessor } from '../pipeline/vital-processor.ts';
import { createLabKey } from '../world/node-keys.ts';

const signer = createLabKey('gateway', 1);
const device = new Uint8Array(16).fill(1);
const identity = { device, log: 0x1810, epoch: new Uint8Array(4).fill(2) };
/** nordic-android: 138/88 (protocols/gatt/vectors/values.json). */
const value = fromHex('1e8a00580078000000041114293b3c00012700');
const item = { type: 'gatt-item', boot: 1, ticks: 3_000_000, count: 0, characteristic: 0x2a35, value } as const;

const description: Extract<RecordBody, { kind: 'stream' }> = {
  kind: 'stream',
  source: { device, sensor: 'cuff', signal: 'vital' },
  ...{ firmware: '', tickRateHz: 1_000_000, rateHz: null, unit: '', gain: 1, offset: 0, bits: 0 },
};

type Change = (result: ResultRecord['values']) => ResultRecord['values'] | null;

/** Codes of what a re-check finds in a stream whose only result was changed, or left out, before it was sealed. */
function codesOf(change: Change): string[] {
  const chain = new RecordChain(identity, signer, { recordCount: 0, hash: NO_HASH });
  const stream = chain.seal(description);
  const [result] = new VitalProcessor(stream.record as never).value(item);
  const sealed = [stream, chain.seal({ kind: 'item', itemSeq: 0, item: encodeItem(item) })];
  const values = change(result!.values);
  if (values !== null) sealed.push(chain.seal({ kind: 'result', ...result!, values }));
  const sources = { publicKey: () => signer.publicKey, module: () => null };
  const check = verifyStream(() => sealed.map(({ bytes }) => bytes), sources);
  expect(check.replayed).toBe(true);
  return check.problems.map(({ code }) => code);
}

describe('a re-check of a measurement', () => {
  it('agrees with what its bytes say', () => {
    expect(codesOf((values) => values)).toEqual([]);
  });

  it('finds one millimetre of mercury, a null in place of a number, and a result that was kept back', () => {
    expect(codesOf((values) => ({ ...values, systolicMmHg: 137 }))).toEqual(['result']);
    expect(codesOf((values) => ({ ...values, pulseRatePerMin: null }))).toEqual(['result']);
    expect(codesOf(() => null)).toEqual(['result-missing']);
  });
});
