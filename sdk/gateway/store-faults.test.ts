// A store that cannot be written to for a while: each cause has its code, nothing is acknowledged meanwhile, and the same open store goes on when it
// is over.
import { describe, expect, it } from 'vitest';
import { verifyStore } from '../audit/verify-store.ts';
import { DeviceSession } from '../device/device-session.ts';
import { fixedEntropy, hurriedClock, PAIRED, ScriptedDevice } from '../device/scripted-device.testkit.ts';
import { isMaiboError } from '../errors.ts';
import { ecgBlocks, makeEcg } from '../pipeline/made-signals.testkit.ts';
import { Store } from '../store/store.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import { openStoreFile } from '../world/node-store.ts';
import type { SqlDatabase } from '../world/world.ts';
import { collectLog } from './collector.ts';
import { gatewayKey, itemOf, MARK, openWriter, useFolder } from './made-store.testkit.ts';

const path = useFolder('faults');
const blocks = ecgBlocks(makeEcg(40).counts);

interface Fault {
  readonly code: string;
  readonly hint: string;
  /** Begins it, and gives what ends it. */
  readonly begin: (db: SqlDatabase, file: string) => () => void;
}

const faults: Record<string, Fault> = {
  'a disk that is full': {
    code: 'store-full',
    hint: 'free some space',
    begin: (db) => {
      const pages = Number(db.prepare('PRAGMA page_count').get()?.[0]);
      db.prepare(`PRAGMA max_page_count = ${pages}`).get();
      return () => void db.prepare('PRAGMA max_page_count = 1000000').get();
    },
  },
  'a file that may only be read': {
    code: 'store-open',
    hint: 'may only be read',
    begin: (db) => {
      db.exec('PRAGMA query_only = 1');
      return () => db.exec('PRAGMA query_only = 0');
    },
  },
  'the lock of a backup': {
    code: 'store-busy',
    hint: 'backup',
    begin: (_, file) => {
      const backup = openSqlite(file);
      backup.exec('BEGIN IMMEDIATE');
      return () => {
        backup.exec('ROLLBACK');
        backup.close();
      };
    },
  },
};

/** One session up to the end of the log, or to its first failure. */
async function collect(store: Store): Promise<{ code: string | null; hint: string; acked: number }> {
  const device = new ScriptedDevice(blocks);
  let session: DeviceSession | null = null;
  try {
    session = await DeviceSession.open(device.host, { clock: hurriedClock, entropy: fixedEntropy }, PAIRED);
    await collectLog({ session, log: session.info.logs[0]!, store, clock: hurriedClock, signer: gatewayKey });
    return { code: null, hint: '', acked: device.acked };
  } catch (failure) {
    if (!isMaiboError(failure)) throw failure;
    return { code: failure.code, hint: failure.hint ?? '', acked: device.acked };
  } finally {
    await session?.close();
    await device.close();
  }
}

describe('a store that cannot be written to', () => {
  for (const [name, { code, hint, begin }] of Object.entries(faults)) {
    it(`because of ${name} says ${code}, acknowledges nothing, and goes on without being opened again`, async () => {
      const file = path(`${code}.sqlite`);
      const db = openSqlite(file);
      const store = Store.openForWriting(db);
      store.addKey(gatewayKey.keyId, gatewayKey.publicKey, 'gateway-lab');
      const end = begin(db, file);
      const failed = await collect(store);
      expect(failed).toMatchObject({ code, acked: -1 });
      expect(failed.hint).toContain(hint);
      end();
      expect(store.streams().every(({ nextBlock }) => nextBlock === 0)).toBe(true);
      expect(await collect(store)).toMatchObject({ code: null });
      expect(verifyStore(store)).toMatchObject({ problems: [], streams: [{ blockCount: blocks.length }] });
      store.close();
    });

    it(`because of ${name} leaves what was taken with its writer, which commits it when that is over`, async () => {
      const file = path(`writer-${code}.sqlite`);
      const db = openSqlite(file);
      const store = Store.openForWriting(db);
      store.addKey(gatewayKey.keyId, gatewayKey.publicKey, 'gateway-lab');
      const writer = openWriter(store);
      writer.markClock(MARK, 'lab');
      for (const block of blocks.slice(0, 10)) writer.take(itemOf(block));
      await writer.commit();
      const end = begin(db, file);
      for (const block of blocks.slice(10, 20)) writer.take(itemOf(block));
      for (let attempt = 0; attempt < 3; attempt++) await expect(writer.commit()).rejects.toMatchObject({ code });
      expect(store.streams()[0]!.nextBlock).toBe(10);
      expect(writer.pendingBlocks).toBe(10);
      end();
      for (const block of blocks.slice(20)) writer.take(itemOf(block));
      await writer.commit();
      expect(writer.pendingBlocks).toBe(0);
      expect(verifyStore(store)).toMatchObject({ problems: [], streams: [{ blockCount: blocks.length }] });
      store.close();
    });
  }

  it('is copied by a backup while it is written to, and the copy holds', async () => {
    const { store, close } = openStoreFile(path('live.sqlite'));
    store.addKey(gatewayKey.keyId, gatewayKey.publicKey, 'gateway-lab');
    const writer = openWriter(store);
    for (const block of blocks.slice(0, 20)) writer.take(itemOf(block));
    await writer.commit();
    const backup = openSqlite(path('live.sqlite'));
    backup.exec(`VACUUM INTO '${path('backup.sqlite')}'`);
    for (const block of blocks.slice(20)) writer.take(itemOf(block));
    await writer.commit();
    backup.close();
    close();
    const copy = openStoreFile(path('backup.sqlite'), { readOnly: true });
    expect(verifyStore(copy.store)).toMatchObject({ problems: [], streams: [{ blockCount: 20 }] });
    copy.close();
  });
});
