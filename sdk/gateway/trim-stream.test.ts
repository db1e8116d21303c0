// What is old leaves the store, and what is left still proves itself.
import { copyFileSync } from 'node:fs';
import { CONTENT_RECORD, type EvidenceRecord, sealCose } from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import { verifyStore } from '../audit/verify-store.ts';
import { MaiboError } from '../errors.ts';
import { readRecord } from '../evidence/open-record.ts';
import { ecgBlocks, makeEcg } from '../pipeline/made-signals.testkit.ts';
import { confirmedItem } from '../platform/confirmed-item.ts';
import { Store } from '../store/store.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import { openStoreFile } from '../world/node-store.ts';
import {
  confirmAll,
  gatewayKey,
  itemOf,
  MARK,
  meddle,
  openWriter,
  platformKey,
  useFolder,
} from './made-store.testkit.ts';
import type { TrimPlan } from './stream-writer.ts';
import { planTrim, trimStream } from './trim-stream.ts';

const path = useFolder('trim');
const blocks = ecgBlocks(makeEcg(4_200).counts);
const DAY_US = 24 * 3_600e6;
const LATER = MARK.utcUs + DAY_US;
const RETENTION = { beforeUtcUs: LATER, reason: 'retention' } as const;

/** A stream that was taken up three times, all of it confirmed but what is behind the last segment. */
const WHOLE = path('whole.sqlite');
await makeWhole();

async function makeWhole(): Promise<void> {
  const { store, close } = openStoreFile(WHOLE);
  store.addKey(gatewayKey.keyId, gatewayKey.publicKey, 'gateway-lab');
  store.addKey(platformKey.keyId, platformKey.publicKey, 'platform-lab');
  for (const [from, to] of [
    [0, 1_400],
    [1_400, 2_900],
    [2_900, 4_000],
  ] as const) {
    const writer = openWriter(store);
    if (from === 0) writer.markClock(MARK, 'lab');
    for (const block of blocks.slice(from, to)) writer.take(itemOf(block));
    await writer.commit();
  }
  confirmAll(store);
  close();
}

let copies = 0;
function copy(): { store: Store; file: string; close: () => void } {
  const file = path(`copy-${copies++}.sqlite`);
  copyFileSync(WHOLE, file);
  return { ...openStoreFile(file), file };
}

function planOf(store: Store, wish: Parameters<typeof planTrim>[2] = RETENTION): TrimPlan {
  const plan = planTrim(store, 1, wish);
  if (typeof plan === 'string') throw new Error(`nothing goes: ${plan}`);
  return plan;
}

const recordsOf = (store: Store): EvidenceRecord[] =>
  [...store.records(1)].map(({ bytes }) => readRecord(bytes).record);

describe('trimming a stream', () => {
  it('takes out what is old and leaves a stream that holds, with the results behind the cut run again', async () => {
    const { store, close } = copy();
    const whole = store.streams()[0]!.chain.recordCount;
    const [restart] = store.restartPoints(1);
    const plan = planOf(store);
    const gone = await trimStream(store, 1, openWriter(store), plan);
    expect(gone.recordCount).toBe(plan.before - 1);
    expect(plan.before).toBeGreaterThan(2_000);
    expect(plan.before).toBeLessThanOrEqual(restart!.fromSeq);
    const records = recordsOf(store);
    expect(records.map(({ place }) => place.seq).slice(0, 2)).toEqual([0, plan.before]);
    expect(records.at(-1)).toMatchObject({ kind: 'trim', before: plan.before, reason: 'retention' });
    expect(store.streams()[0]!.chain.recordCount).toBe(whole + 1);
    expect(store.segments(1)[0]).toMatchObject({ first: plan.before });
    const check = verifyStore(store);
    expect(check.problems).toEqual([]);
    const [stream] = check.streams;
    expect(stream).toMatchObject({ replayed: true, keptFrom: plan.before, recordCount: whole + 2 - plan.before });
    expect(stream!.resultsSkipped).toBeGreaterThan(0);
    expect(stream!.resultsAgreed + stream!.resultsSkipped).toBe(stream!.resultCount);
    expect(stream!.resultsAgreed).toBeGreaterThan(100);
    close();
  });

  it('leaves what the platform has confirmed as it was, and where the writer goes on', async () => {
    const { store, close } = copy();
    const item = confirmedItem(store, 1);
    expect(item).toBeGreaterThan(3_800);
    await trimStream(store, 1, openWriter(store), planOf(store));
    expect(confirmedItem(store, 1)).toBe(item);
    const writer = openWriter(store);
    expect(writer.nextBlock).toBe(4_000);
    for (const block of blocks.slice(4_000)) writer.take(itemOf(block));
    writer.take({ kind: 'end', head: blocks.length, final: true });
    await writer.commit();
    confirmAll(store);
    expect(confirmedItem(store, 1)).toBe(blocks.length - 1);
    expect(verifyStore(store).problems).toEqual([]);
    close();
  });

  it('says what was confirmed also where no kept segment is', async () => {
    const { store, file, close } = copy();
    const plan = planOf(store);
    close();
    meddle(file, (db) => db.exec(`UPDATE segment SET receipt = NULL WHERE first >= ${plan.before}`));
    const again = openStoreFile(file);
    const before = confirmedItem(again.store, 1);
    await trimStream(again.store, 1, openWriter(again.store), planOf(again.store));
    expect(confirmedItem(again.store, 1)).toBe(before);
    expect(before).toBeGreaterThan(2_000);
    again.close();
  });

  it('can be done again and again', async () => {
    const { store, close } = copy();
    const restarts = store.restartPoints(1);
    const first = planOf(store, { ...RETENTION, beforeUtcUs: MARK.utcUs + 1_500e6 });
    expect(first.before).toBeLessThanOrEqual(restarts.at(-1)!.fromSeq);
    await trimStream(store, 1, openWriter(store), first);
    const second = planOf(store);
    expect(second.before).toBeGreaterThan(first.before);
    await trimStream(store, 1, openWriter(store), second);
    expect(verifyStore(store)).toMatchObject({ problems: [], streams: [{ keptFrom: second.before }] });
    expect(planTrim(store, 1, RETENTION)).toBe('no-restart');
    close();
  });

  it('leaves a stream alone and says why', async () => {
    const { store, file, close } = copy();
    expect(planTrim(store, 1, { ...RETENTION, beforeUtcUs: MARK.utcUs })).toBe('too-young');
    close();
    meddle(file, (db) => db.exec('UPDATE segment SET receipt = NULL WHERE idx = 2'));
    const open = openStoreFile(file);
    expect(planTrim(open.store, 1, RETENTION)).toBe('unconfirmed');
    const forced = planOf(open.store, { ...RETENTION, unconfirmed: true });
    expect(forced.trimmed).toEqual({ confirmedItem: confirmedItem(open.store, 1), isOpen: true });
    await trimStream(open.store, 1, openWriter(open.store), forced);
    expect(verifyStore(open.store).problems).toEqual([]);
    expect(confirmedItem(open.store, 1)).toBe(forced.trimmed.confirmedItem);
    open.close();
    const short = Store.openForWriting(openSqlite(path('short.sqlite')));
    const writer = openWriter(short);
    for (const block of blocks.slice(0, 200)) writer.take(itemOf(block));
    await writer.commit();
    expect(planTrim(short, 1, RETENTION)).toBe('no-restart');
    short.close();
  });

  it('leaves a stream alone whose times nobody knows', async () => {
    const store = Store.openForWriting(openSqlite(path('timeless.sqlite')));
    for (const [from, to] of [
      [0, 1_400],
      [1_400, 1_500],
    ] as const) {
      const writer = openWriter(store);
      for (const block of blocks.slice(from, to)) writer.take(itemOf(block));
      await writer.commit();
    }
    expect(store.restartPoints(1)).toHaveLength(1);
    expect(planTrim(store, 1, RETENTION)).toBe('no-clock');
    store.close();
  });
});

describe('a trim that is cut short', { timeout: 120_000 }, () => {
  it('anywhere is finished at the next opening, and the store holds at every step', async () => {
    let steps = 0;
    for (let failAt = 1; ; failAt++) {
      const { store, file, close } = copy();
      const plan = planOf(store);
      const writer = openWriter(store);
      writer.takeTrim(plan);
      await writer.commit();
      close();
      const db = openSqlite(file);
      let deletes = 0;
      const failing = {
        ...db,
        prepare: (sql: string) => {
          const statement = db.prepare(sql);
          if (!sql.startsWith('DELETE')) return statement;
          const run = (...values: Parameters<typeof statement.run>) => {
            if (++deletes === failAt) throw new MaiboError('store-full', 'the store said SQLITE_FULL');
            return statement.run(...values);
          };
          return { ...statement, run };
        },
      };
      let failed = false;
      try {
        Store.openForWriting(failing).close();
      } catch (failure) {
        expect(failure).toMatchObject({ code: 'store-full' });
        failed = true;
        db.close();
      }
      const reader = openStoreFile(file, { readOnly: true });
      expect(verifyStore(reader.store), `cut at delete ${failAt}`).toMatchObject({
        problems: [],
        streams: [{ keptFrom: plan.before }],
      });
      reader.close();
      const again = openStoreFile(file);
      expect([...again.store.records(1, 1, plan.before - 1)]).toEqual([]);
      expect(verifyStore(again.store).problems).toEqual([]);
      again.close();
      steps++;
      if (!failed) break;
    }
    expect(steps).toBeGreaterThan(2);
  });
});

describe('a hole that nobody signed for', () => {
  async function after(change: (plan: TrimPlan) => string | TrimPlan): Promise<string[]> {
    const { store, file, close } = copy();
    const plan = planOf(store);
    const changed = change(plan);
    await trimStream(store, 1, openWriter(store), typeof changed === 'string' ? plan : changed);
    close();
    if (typeof changed === 'string') meddle(file, (db) => db.exec(changed));
    const reader = openStoreFile(file, { readOnly: true });
    const { problems } = verifyStore(reader.store);
    reader.close();
    return problems.map(({ message }) => message);
  }

  it('is told: records were taken out without a trim record', async () => {
    const { store, file, close } = copy();
    const { before } = planOf(store);
    close();
    meddle(file, (db) =>
      db.exec(`DELETE FROM record WHERE seq > 0 AND seq < ${before}; DELETE FROM segment WHERE first < ${before};
        DELETE FROM restart_point WHERE seq < ${before}; UPDATE stream SET kept_from = ${before}`),
    );
    const reader = openStoreFile(file, { readOnly: true });
    const { problems } = verifyStore(reader.store);
    expect(problems.map(({ message }) => message)).toContainEqual(expect.stringContaining('no trim record says so'));
    reader.close();
  });

  it('is told: the trim record names another hash', async () => {
    const messages = await after((plan) => ({ ...plan, hash: new Uint8Array(32).fill(1) }));
    expect(messages).toContainEqual(expect.stringContaining('no trim record says so'));
  });

  it('is told: more is gone than was signed for', async () => {
    const messages = await after(({ before }) => `DELETE FROM record WHERE seq = ${before}`);
    expect(messages).toContainEqual(expect.stringContaining('no trim record says so'));
  });

  it('is told: the store hides records that it still has', async () => {
    const messages = await after(() => 'UPDATE stream SET kept_from = kept_from + 64');
    expect(messages.length).toBeGreaterThan(0);
  });

  it('is told: the trim record was taken out of the end', async () => {
    const messages = await after(() => 'DELETE FROM record WHERE seq = (SELECT max(seq) FROM record)');
    expect(messages).toContainEqual(expect.stringContaining('no trim record says so'));
  });

  it('is told: the first record is another one', async () => {
    const bytes = Buffer.from(
      sealCose(new Uint8Array(3), { contentType: CONTENT_RECORD, signer: gatewayKey }),
    ).toString('hex');
    const messages = await after(() => `UPDATE record SET bytes = x'${bytes}' WHERE seq = 0`);
    expect(messages.length).toBeGreaterThan(0);
  });
});
