// A maker's core over a stream: which streams it takes, and that whatever it finds fits in records and comes back as it went.
import { coreCatalog } from '@maibo/cores';
import { decodeRecord, encodeRecord, type StreamRecord } from '@maibo/protocols';
import { afterAll, describe, expect, it } from 'vitest';
import type { ManifestDraft } from '../engine/core-package.ts';
import { openCorePackage } from '../engine/core-package.ts';
import { constant, makeModule, OP, oneFinding } from '../engine/hostile-modules.testkit.ts';
import { ECG_DRAFT, madePackage } from '../engine/made-package.testkit.ts';
import { ThreadEngine } from '../engine/thread-engine.ts';
import { GuestProcessor, guestMisfit } from './guest-processor.ts';
import { ecgBlocks, makeEcg, streamRecord } from './made-signals.testkit.ts';
import type { Result } from './result.ts';

const engine = new ThreadEngine();
afterAll(() => engine.close());
const stream = streamRecord('ecg');
const blocks = ecgBlocks(makeEcg(20).counts);

function packageOf(wasm = coreCatalog.get('ecg').bytes, change: Partial<ManifestDraft> = {}) {
  const opened = openCorePackage(madePackage(wasm, change));
  if (!opened.ok) throw new Error(opened.fault.detail);
  return opened.value;
}

const create = (...of: Parameters<typeof packageOf>) =>
  new GuestProcessor(stream, packageOf(...of), engine, { engineName: 'v8' });

/** As a store keeps it and gives it back. */
function kept(result: Result): Result {
  const place = { ...stream.place, seq: 1 };
  const bytes = encodeRecord({ kind: 'result', v: 1, place, prev: new Uint8Array(32), ...result });
  expect(bytes.length).toBeLessThan(60_000);
  const decoded = decodeRecord(bytes);
  if (!decoded.ok || decoded.value.kind !== 'result') throw new Error('no record');
  const { kind, v, place: at, prev, ...rest } = decoded.value;
  return rest;
}

describe('a core', () => {
  const misfits: Record<string, [Partial<StreamRecord>, RegExp]> = {
    'another signal': [{ source: { ...stream.source, signal: 'ppg' } }, /takes ecg/],
    'another unit': [{ unit: 'uV' }, /takes mV/],
    'a rate outside its manifest': [{ rateHz: 50 }, /does not take 50/],
    'no rate': [{ rateHz: null }, /not sampled/],
  };
  for (const [what, [change, why]] of Object.entries(misfits)) {
    it(`does not get a stream of ${what}`, () => {
      expect(guestMisfit(packageOf().manifest, { ...stream, ...change })).toMatch(why);
      expect(() => new GuestProcessor({ ...stream, ...change }, packageOf(), engine, { engineName: 'v8' })).toThrow(
        expect.objectContaining({ code: 'input-range' }),
      );
    });
  }

  it('does not get a stream when it takes two channels, or gives nothing', () => {
    const two = packageOf(undefined, { takes: { ...ECG_DRAFT.takes, channelCount: 2 } });
    expect(guestMisfit(two.manifest, stream)).toMatch(/2 channels/);
    expect(guestMisfit(packageOf(undefined, { gives: { bytes: 16, fields: [] } }).manifest, stream)).toMatch(/nothing/);
  });

  it('begins anew behind a hole, and says from which sample it counts', () => {
    const processor = create();
    const before = blocks.slice(0, 8).flatMap((block) => processor.block(block));
    const behind = blocks.slice(12).flatMap((block) => processor.block(block));
    const firsts = [...before, ...behind].map(({ method }) => method.parameters.firstSample);
    expect(new Set(firsts)).toEqual(new Set([0, 12 * 250]));
    const alone = create();
    const found = (results: readonly Result[]) => results.flatMap(({ values }) => values.sample);
    const anew = blocks.slice(12).flatMap((block) => alone.block(block));
    expect(found(behind).slice(-found(anew).length)).toEqual(found(anew));
  });

  it('may find any number that there is, and its records keep it', () => {
    for (const number of [1e300, -1e300, 5e-324, 2 ** 53, 2 ** 63, -(2 ** 64), 0.1, -0, 1e16 + 2]) {
      const processor = create(makeModule({ bodies: { poll: oneFinding(number, 1) } }), { name: 'numbers' });
      const [result] = processor.block(blocks[0]!);
      expect(result?.values.sample, `${number}`).toEqual([number + 0]);
      expect(kept(result!)).toEqual(result);
    }
  });

  it('may find as much as there are samples, in several records, and is stopped beyond', () => {
    // It takes a sample at a time and finds something in each.
    const fields = Array.from(
      { length: 64 },
      (_, at) => ({ name: `f${at}`, type: 'f64', at: 8 * at, unit: '' }) as const,
    );
    const full = create(makeModule({ bodies: { poll: constant(1), push: constant(1) } }), {
      ...{ name: 'much', gives: { bytes: 512, fields } },
    });
    const many = create(makeModule({ bodies: { poll: [0x20, 0x02], push: OP.count } }), { name: 'too-much' });
    const results = full.block(blocks[0]!);
    expect(results.map(({ values }) => (values.f63 as number[]).length)).toEqual([83, 83, 83, 1]);
    for (const result of results) expect(kept(result)).toEqual(result);
    expect(() => {
      for (const block of blocks) many.block(block);
    }).toThrow(expect.objectContaining({ code: 'core-stopped' }));
  });

  it('is sealed as stopped in words that a record takes', () => {
    const stopped = create().stopped({ reason: 'trap', why: `\u{1f600}${'x'.repeat(500)}\n` });
    expect(kept(stopped)).toEqual(stopped);
  });
});
