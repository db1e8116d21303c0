// A stream that is taken up in its middle: what is read again, what is sealed, and what a re-check says of it.
import { coreCatalog } from '@maibo/cores';
import { CONTENT_RECORD, type EvidenceRecord, encodeRecord, sealCose, sha256 } from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import { verifyStore } from '../audit/verify-store.ts';
import { readRecord } from '../evidence/open-record.ts';
import { verifyStream } from '../evidence/verify-stream.ts';
import { WARM_UP_S } from '../evidence/warm-up.ts';
import { createChance, ecgBlocks, makeEcg, pick, rrBlocks } from '../pipeline/made-signals.testkit.ts';
import { HRV_STEP_S, type Result } from '../pipeline/result.ts';
import { Store } from '../store/store.ts';
import type { SampleBlock } from '../stream/sample-block.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import { gatewayKey, IDENTITY, itemOf, MARK, openWriter, useFolder } from './made-store.testkit.ts';
import { REPLAY_RECORDS_MAX, StreamWriter } from './stream-writer.ts';

const path = useFolder('restart');
const MINUTES = 45;
const blocks = ecgBlocks(makeEcg(MINUTES * 60).counts);

type Signal = 'ecg' | 'rr';

/** Writes all blocks, with a writer of its own for each portion; `between` may look at the store. */
async function write(
  name: string,
  input: readonly SampleBlock[],
  portions: readonly number[],
  signal: Signal = 'ecg',
  end = true,
): Promise<Store> {
  const store = Store.openForWriting(openSqlite(path(name)));
  store.addKey(gatewayKey.keyId, gatewayKey.publicKey, 'gateway-lab');
  let at = 0;
  for (const portion of [...portions, input.length]) {
    const writer = openWriter(store, signal);
    expect(writer.nextBlock).toBe(at);
    if (at === 0) writer.markClock(MARK, 'lab');
    for (const block of input.slice(at, portion)) {
      writer.take(itemOf(block));
      if (writer.pendingBlocks >= 64) await writer.commit();
    }
    if (portion === input.length && end) writer.take({ kind: 'end', head: input.length, final: true });
    await writer.commit();
    at = portion;
  }
  return store;
}

function recordsOf(store: Store): EvidenceRecord[] {
  const [stream] = store.streams();
  return [...store.records(stream!.id)].map(({ bytes }) => readRecord(bytes).record);
}

function resultsOf(store: Store, name: Result['result']): Extract<EvidenceRecord, { kind: 'result' }>[] {
  return recordsOf(store).flatMap((record) => (record.kind === 'result' && record.result === name ? [record] : []));
}

const restartsOf = (store: Store) => recordsOf(store).filter((record) => record.kind === 'restart');

/** Where results of this kind begin and end must follow each other without a hole and without an overlap. */
function expectContiguous(results: readonly Extract<EvidenceRecord, { kind: 'result' }>[]): void {
  results.slice(1).forEach((result, index) => {
    expect(result.time.fromTicks, `result ${index + 1}`).toBe(results[index]!.time.toTicks);
  });
}

describe('a stream that is opened by what the store says of it', () => {
  it('goes on as one that is opened by its device', async () => {
    const some = blocks.slice(0, 60);
    const store = await write('stored.sqlite', some.slice(0, 40), [], 'ecg', false);
    const [stream] = store.streams();
    const writer = StreamWriter.openStored(store, stream!, gatewayKey);
    expect(writer.nextBlock).toBe(40);
    for (const block of some.slice(40)) writer.take(itemOf(block));
    await writer.commit();
    const whole = await write('as-ever.sqlite', some, [], 'ecg', false);
    const itemsOf = (one: Store) => recordsOf(one).filter(({ kind }) => kind === 'item' || kind === 'stream').length;
    expect([store.streams().length, itemsOf(store)]).toEqual([1, itemsOf(whole)]);
    expect(verifyStore(store).problems).toEqual([]);
  });

  it('is refused where the store says nothing', () => {
    const store = Store.openForWriting(openSqlite(path('nothing.sqlite')));
    const stream = store.openStream(IDENTITY);
    const opening = () => StreamWriter.openStored(store, stream, gatewayKey);
    expect(opening).toThrow(expect.objectContaining({ code: 'evidence-bad' }));
  });
});

describe('a stream that is taken up where much is stored', { timeout: 120_000 }, () => {
  it('goes on behind a restart record, says the clock mark again, and holds at a re-check', async () => {
    const store = await write('two.sqlite', blocks, [1_500]);
    const records = recordsOf(store);
    const at = records.findIndex((record) => record.kind === 'restart');
    const restart = records[at] as Extract<EvidenceRecord, { kind: 'restart' }>;
    expect(at).toBeGreaterThan(REPLAY_RECORDS_MAX);
    expect(records[at + 1]).toMatchObject({ kind: 'clock', utcUs: MARK.utcUs, ticks: MARK.ticks });
    const fed = records.slice(restart.fromSeq, at).filter((record) => record.kind === 'item').length;
    expect(fed).toBeGreaterThanOrEqual(WARM_UP_S);
    expect(fed).toBeLessThan(WARM_UP_S + 5);
    const check = verifyStore(store);
    expect(check.problems).toEqual([]);
    expect(check.streams[0]).toMatchObject({ replayed: true, resultsSkipped: 0, blockCount: blocks.length });
    expect(check.streams[0]!.resultsAgreed).toBe(check.streams[0]!.resultCount);
    store.close();
  });

  it('gives every span and step once, and the same heart beats and variability as without it', async () => {
    const whole = await write('whole.sqlite', blocks, []);
    const cut = await write('cut.sqlite', blocks, [1_500]);
    expect([restartsOf(whole).length, restartsOf(cut).length]).toEqual([0, 1]);
    for (const name of ['beats', 'rr'] as const) {
      expectContiguous(resultsOf(cut, name));
      expect(resultsOf(cut, name).map(({ time }) => time.toTicks)).toEqual(
        resultsOf(whole, name).map(({ time }) => time.toTicks),
      );
    }
    const ofWhole = resultsOf(whole, 'hrv').map(({ values }) => [values.toS, values.HRV_MeanNN, values.HRV_RMSSD]);
    const ofCut = resultsOf(cut, 'hrv').map(({ values }) => [values.toS, values.HRV_MeanNN, values.HRV_RMSSD]);
    expect(ofCut).toEqual(ofWhole);
    whole.close();
    cut.close();
  });

  it('seals none while little is stored, and none at an opening that takes nothing', async () => {
    const store = await write('few.sqlite', blocks.slice(0, 900), [300, 600], 'ecg', false);
    expect(restartsOf(store)).toEqual([]);
    store.close();
    const long = await write('idle.sqlite', blocks.slice(0, 1_500), [], 'ecg', false);
    const before = long.streams()[0]!.chain.recordCount;
    for (let opening = 0; opening < 3; opening++) await openWriter(long).commit();
    expect(long.streams()[0]!.chain.recordCount).toBe(before);
    long.close();
  });

  it('reads a bounded part of it: as much at the end of a long stream as of a short one', async () => {
    const reads = async (minutes: number) => {
      const name = `reads-${minutes}.sqlite`;
      const store = await write(name, blocks.slice(0, minutes * 60), [], 'ecg', false);
      store.close();
      let rows = 0;
      const db = openSqlite(path(name));
      const counted = {
        ...db,
        prepare: (sql: string) => {
          const statement = db.prepare(sql);
          const all = (...values: Parameters<typeof statement.all>) => {
            const found = statement.all(...values);
            rows += found.length;
            return found;
          };
          return { ...statement, all };
        },
      };
      const again = Store.openForWriting(counted);
      openWriter(again).take(itemOf(blocks[minutes * 60]!));
      again.close();
      return rows;
    };
    const [short, long] = [await reads(25), await reads(44)];
    expect(long).toBeLessThan(short * 1.2);
  });

  it('takes up a stream of intervals whose sum has run away from the ticks, without a span twice or left out', async () => {
    const chance = createChance(8);
    const intervals = Array.from({ length: 9_000 }, () => 780 + pick(chance, 60));
    const honest = rrBlocks(intervals, 4);
    // The ticks say that one second in a thousand is missing from the intervals.
    const input = honest.map((block) => ({ ...block, ticks: Math.round(block.ticks * 1.001) }));
    const store = await write('drift.sqlite', input, [1_200, 2_000], 'rr');
    expect(restartsOf(store).length).toBeGreaterThan(0);
    expect(verifyStore(store).problems).toEqual([]);
    for (const name of ['beats', 'rr'] as const) expectContiguous(resultsOf(store, name));
    store.close();
  });

  it('holds for any places at which it is cut, across holes and with blocks of any size', async () => {
    for (let round = 0; round < 4; round++) {
      const chance = createChance(900 + round);
      const sized = ecgBlocks(makeEcg(1_800, round + 2).counts, [50, 125, 250, 500][round]);
      const holed = sized
        .filter((_, index) => index % 400 < 380 || round === 3)
        .map((block, seq) => ({ ...block, seq }));
      const cuts = Array.from({ length: 3 }, () => pick(chance, holed.length)).sort((a, b) => a - b);
      const store = await write(`any-${round}.sqlite`, holed, [...new Set(cuts)]);
      const seed = `seed ${900 + round}, cuts ${cuts}`;
      expect(verifyStore(store).problems, seed).toEqual([]);
      const ends = resultsOf(store, 'beats').map(({ time }) => time.toTicks);
      expect(new Set(ends).size, seed).toBe(ends.length);
      expect(
        resultsOf(store, 'hrv').every(({ values }) => Number(values.toS) % HRV_STEP_S < 61),
        seed,
      ).toBe(true);
      store.close();
    }
  });

  it('is cut once a day while it runs', async () => {
    // A strap that is worn for four minutes of every hour: eight blocks of 32 intervals of a second each.
    const hours = Array.from({ length: 27 }, (_, hour) => {
      return rrBlocks(Array.from({ length: 256 }, (_, index) => 990 + ((index + hour) % 21))).map((block) => {
        const seq = hour * 8 + block.seq;
        return { ...block, seq, firstSample: block.firstSample + hour * 1_000, ticks: block.ticks + hour * 3_600e6 };
      });
    });
    const store = await write('day.sqlite', hours.flat(), [], 'rr', false);
    const restarts = restartsOf(store);
    expect(restarts).toHaveLength(1);
    const before = recordsOf(store).filter(({ kind, place }) => kind === 'item' && place.seq < restarts[0]!.place.seq);
    expect(before).toHaveLength(24 * 8);
    expect(verifyStore(store).problems).toEqual([]);
    store.close();
  });
});

describe('a restart record that lies', { timeout: 120_000 }, () => {
  let forgeries = 0;

  /** The stream sealed again by the same key, with another restart record, and everything else as it was. */
  async function forged(change: (restart: Extract<EvidenceRecord, { kind: 'restart' }>) => object) {
    const store = await write(`forged-${forgeries++}.sqlite`, blocks.slice(0, 1_800), [1_500], 'ecg', false);
    let prev: Uint8Array = new Uint8Array(32);
    const sealed = recordsOf(store).map((record) => {
      const own = record.kind === 'restart' ? { ...record, ...change(record) } : record;
      const bytes = sealCose(encodeRecord({ ...own, prev } as EvidenceRecord), {
        contentType: CONTENT_RECORD,
        signer: gatewayKey,
      });
      prev = sha256(bytes);
      return bytes;
    });
    store.close();
    const check = verifyStream(() => sealed, {
      publicKey: () => gatewayKey.publicKey,
      module: (hash) => coreCatalog.byHash(hash),
    });
    return check.problems;
  }

  it('is told: it names itself, or one behind it', async () => {
    for (const away of [0, 1, 500]) {
      const problems = await forged(({ place }) => ({ fromSeq: place.seq + away }));
      expect(problems[0]).toMatchObject({ code: 'restart', message: expect.stringContaining('not one before it') });
    }
  });

  it('is told: its warm-up is too short', async () => {
    const problems = await forged(({ place }) => ({ fromSeq: place.seq - 100 }));
    expect(problems[0]).toMatchObject({ code: 'restart', message: expect.stringContaining('too short') });
  });
});
