import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import {
  CONTENT_RECORD,
  decodeRecord,
  type EvidenceRecord,
  encodeRecord,
  openCose,
  sealCose,
  sha256,
} from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import { isMaiboError } from '../errors.ts';
import { toHex } from '../evidence/record-types.ts';
import { SegmentBuilder } from '../evidence/segment-builder.ts';
import {
  confirmAll,
  contentOf,
  fill,
  gatewayKey,
  IDENTITY,
  makeStoreFile,
  meddle,
  minuteOfBlocks,
  openWriter,
  platformKey,
  receiptFor,
  useFolder,
} from '../gateway/made-store.testkit.ts';
import { createChance, pick, rrBlocks } from '../pipeline/made-signals.testkit.ts';
import { Store } from '../store/store.ts';
import { createLabKey } from '../world/node-keys.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import { openStoreFile } from '../world/node-store.ts';
import type { SqlDatabase } from '../world/world.ts';
import { type StoreCheck, verifyStore } from './verify-store.ts';

const path = useFolder('verify');
const WHOLE = path('whole.sqlite');
await makeStoreFile(WHOLE);

function verifyFile(file: string): StoreCheck {
  const { store, close } = openStoreFile(file, { readOnly: true });
  try {
    return verifyStore(store);
  } finally {
    close();
  }
}

/** What verify says of the whole store after a change behind its back. */
function after(change: (db: SqlDatabase) => void): StoreCheck {
  const file = path('changed.sqlite');
  copyFileSync(WHOLE, file);
  meddle(file, change);
  return verifyFile(file);
}

function codes(check: StoreCheck): string[] {
  return [...new Set(check.problems.map((problem) => problem.code))].sort();
}

interface Row {
  readonly seq: number;
  readonly bytes: Uint8Array;
}

function rowsOf(db: SqlDatabase): Row[] {
  const rows = db.prepare('SELECT seq, bytes FROM record ORDER BY seq').all();
  return rows.map((row) => ({ seq: Number(row[0]), bytes: new Uint8Array(row[1] as Uint8Array) }));
}

function recordIn(bytes: Uint8Array): EvidenceRecord {
  const sealed = openCose(bytes);
  const record = sealed.ok ? decodeRecord(sealed.value.payload) : sealed;
  if (!record.ok) throw new Error(record.fault.detail);
  return record.value;
}

function putRow(db: SqlDatabase, row: Row): void {
  db.prepare('UPDATE record SET bytes = ?, hash = ? WHERE seq = ?').run(row.bytes, sha256(row.bytes), row.seq);
}

/** Seals the whole stream again behind a change, with the same key: chain, segments, receipts and notes all agree. */
function forge(db: SqlDatabase, change: (record: EvidenceRecord) => EvidenceRecord): void {
  let prev: Uint8Array = new Uint8Array(32);
  for (const row of rowsOf(db)) {
    const record = change({ ...recordIn(row.bytes), prev } as EvidenceRecord);
    const bytes = sealCose(encodeRecord(record), { contentType: CONTENT_RECORD, signer: gatewayKey });
    prev = sha256(bytes);
    putRow(db, { seq: row.seq, bytes });
  }
  // The device's own chain is not sealed again here: a store of version 1 did not note it.
  db.exec('DELETE FROM segment; UPDATE stream SET link_chain = NULL');
  const builder = new SegmentBuilder(IDENTITY, gatewayKey, {
    segmentCount: 0,
    hash: new Uint8Array(32),
    open: [],
    openFrom: 0,
  });
  const segments = rowsOf(db).map((row) => builder.add(row.bytes));
  for (const segment of [...segments, builder.close()]) {
    if (segment === null) continue;
    const receipt = receiptFor({ ...segment, streamId: 1, receipt: null });
    const insert = 'INSERT INTO segment (stream, idx, first, last, hash, header, receipt) VALUES (1, ?, ?, ?, ?, ?, ?)';
    db.prepare(insert).run(segment.index, segment.first, segment.last, segment.hash, segment.header, receipt);
  }
}

const isResult = (record: EvidenceRecord) => record.kind === 'result';

describe('a store that nobody touched', () => {
  it('holds, and every result comes out the same again', () => {
    const check = verifyFile(WHOLE);
    expect(check.problems).toEqual([]);
    const [stream] = check.streams;
    expect(stream?.resultCount).toBeGreaterThan(8);
    expect(stream).toMatchObject({ blockCount: 90, replayed: true, resultsAgreed: stream?.resultCount });
    expect(stream?.receiptCount).toBe(stream?.segmentCount);
    expect(stream?.segmentCount).toBeGreaterThan(1);
  });

  it('holds while the stream still goes on, and with a stream of intervals beside it', async () => {
    const store = Store.openForWriting(openSqlite(path('open.sqlite')));
    await fill(store, minuteOfBlocks().slice(0, 40), { end: false });
    expect(verifyStore(store).problems).toEqual([]);
    store.close();
    const rr = Store.openForWriting(openSqlite(path('rr.sqlite')));
    await fill(rr, rrBlocks(Array.from({ length: 200 }, (_, index) => 780 + (index % 7) * 5)), { signal: 'rr' });
    expect(verifyStore(rr)).toMatchObject({ problems: [], streams: [{ replayed: true }] });
    rr.close();
  });

  it('holds when it was written in many small commits, each by a writer of its own', async () => {
    const store = Store.openForWriting(openSqlite(path('restarts.sqlite')));
    const blocks = minuteOfBlocks();
    for (let count = 7; count < blocks.length; count += 7) await fill(store, blocks.slice(0, count), { end: false });
    await fill(store, blocks);
    confirmAll(store);
    const check = verifyStore(store);
    expect(check.problems).toEqual([]);
    expect(check.streams[0]?.blockCount).toBe(blocks.length);
    store.close();
  });

  it('holds after being sealed again whole by the same key, as the forgeries below start from', () => {
    expect(after((db) => forge(db, (record) => record)).problems).toEqual([]);
  });
});

describe('a flipped byte', () => {
  it('in any record makes verify name that record', () => {
    const file = path('flipped.sqlite');
    copyFileSync(WHOLE, file);
    const db = openSqlite(file);
    const rows = rowsOf(db);
    const chance = createChance(20);
    const reading = openStoreFile(file, { readOnly: true });
    for (let round = 0; round < 70; round++) {
      const row = rows[round % rows.length]!;
      const at = pick(chance, row.bytes.length);
      const bytes = row.bytes.slice();
      bytes[at] = bytes[at]! ^ (1 << pick(chance, 8));
      // The hash column is set right, as one who meddles would.
      putRow(db, { seq: row.seq, bytes });
      const named = verifyStore(reading.store).problems.filter((problem) =>
        new RegExp(`record ${row.seq}$`).test(problem.where),
      );
      expect(named.length, `seed 20, round ${round}: record ${row.seq}, byte ${at}`).toBeGreaterThan(0);
      putRow(db, row);
    }
    expect(verifyStore(reading.store).problems).toEqual([]);
    reading.close();
    db.close();
  });

  it('anywhere in the file is told, or lies where nothing is kept', () => {
    const whole = readFileSync(WHOLE);
    const content = contentOf(WHOLE);
    const chance = createChance(21);
    const file = path('file-flip.sqlite');
    let told = 0;
    for (let round = 0; round < 120; round++) {
      const at = round < 30 ? pick(chance, 4_096) : pick(chance, whole.length);
      const bit = 1 << pick(chance, 8);
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ bit;
      writeFileSync(file, bytes);
      if (isTold(file)) told++;
      else expect(contentOf(file), `seed 21, round ${round}: byte ${at}, bit ${bit}`).toBe(content);
    }
    expect(told, 'most of the file is kept content').toBeGreaterThan(60);
  });

  /** Told as a problem, or as a file that cannot be read at all; any other error is ours. */
  function isTold(file: string): boolean {
    try {
      return verifyFile(file).problems.length > 0;
    } catch (failure) {
      if (isMaiboError(failure, 'store-open', 'store-foreign', 'evidence-bad', 'store-full')) return true;
      throw failure;
    }
  }
});

describe('a stream that was changed', () => {
  it('fails at both places when two records are swapped', () => {
    const check = after((db) => {
      const rows = rowsOf(db);
      putRow(db, { seq: 10, bytes: rows[11]!.bytes });
      putRow(db, { seq: 11, bytes: rows[10]!.bytes });
    });
    expect(codes(check)).toEqual(expect.arrayContaining(['chain', 'place']));
    for (const seq of [10, 11])
      expect(check.problems.some((problem) => problem.where.endsWith(`record ${seq}`))).toBe(true);
  });

  it('fails when a record is taken out, and when the numbers are closed up behind it', () => {
    expect(codes(after((db) => db.exec('DELETE FROM record WHERE seq = 20')))).toContain('chain');
    const closed = after((db) =>
      db.exec('DELETE FROM record WHERE seq = 20; UPDATE record SET seq = seq - 1 WHERE seq > 20'),
    );
    expect(codes(closed)).toEqual(expect.arrayContaining(['chain', 'place']));
  });

  it('fails when the last records are taken out', () => {
    const check = after((db) => db.exec('DELETE FROM record WHERE seq > (SELECT max(seq) - 5 FROM record)'));
    expect(codes(check)).toContain('store');
  });

  it('fails when a record is put in', () => {
    const check = after((db) => {
      const row = rowsOf(db)[30]!;
      db.exec('UPDATE record SET seq = -seq - 1 WHERE seq > 30; UPDATE record SET seq = -seq WHERE seq < 0');
      db.prepare('INSERT INTO record (stream, seq, hash, bytes) VALUES (1, 31, ?, ?)').run(
        sha256(row.bytes),
        row.bytes,
      );
    });
    expect(codes(check)).toEqual(expect.arrayContaining(['chain', 'place']));
  });

  it('fails at the result when a value is changed and everything is signed again with the same key', () => {
    let changed = -1;
    const check = after((db) =>
      forge(db, (record) => {
        if (!isResult(record) || changed >= 0 || record.kind !== 'result' || record.result !== 'hrv') return record;
        changed = record.place.seq;
        return { ...record, values: { ...record.values, HRV_RMSSD: 99 } };
      }),
    );
    expect(check.problems).toHaveLength(1);
    expect(check.problems[0]).toMatchObject({
      code: 'result',
      message: expect.stringContaining('running its modules again gives another'),
    });
    expect(check.problems[0]?.where).toMatch(new RegExp(`record ${changed}$`));
  });

  it('fails when a beat is moved by the smallest step and everything is signed again', () => {
    let done = false;
    const check = after((db) =>
      forge(db, (record) => {
        if (done || record.kind !== 'result' || record.result !== 'beats') return record;
        done = true;
        const [first, ...rest] = record.values.beatS as number[];
        return { ...record, values: { ...record.values, beatS: [first! + 2 ** -45, ...rest] } };
      }),
    );
    expect(codes(check)).toEqual(['result']);
  });

  it('fails when one sample of the input is changed and everything is signed again', () => {
    const check = after((db) =>
      forge(db, (record) => {
        if (record.kind !== 'item' || record.itemSeq !== 12) return record;
        const item = record.item.slice();
        // The samples are the end of the item.
        for (let at = item.length - 200; at < item.length; at += 2) item[at] = item[at]! ^ 0xff;
        return { ...record, item };
      }),
    );
    expect(codes(check)).toEqual(['result']);
  });

  it('fails when a result is hidden: turned into a clock record and signed again', () => {
    const check = after((db) =>
      forge(db, (record) => {
        if (record.kind !== 'result' || record.place.seq > 40) return record;
        const { v, place, prev } = record;
        return {
          kind: 'clock',
          v,
          place,
          prev,
          boot: 1,
          ticks: 0,
          utcUs: 1_767_225_600_000_000,
          uncertaintyUs: 0,
          source: 'lab',
        };
      }),
    );
    expect(codes(check)).toContain('result-missing');
  });

  it('fails, and does not stumble, when a signed stream is one that cannot be', () => {
    const impossible = [{ rateHz: 0 }, { rateHz: null }, { tickRateHz: 0 }, { gain: 0 }];
    for (const change of impossible) {
      const check = after((db) =>
        forge(db, (record) => (record.kind === 'stream' ? { ...record, ...change } : record)),
      );
      expect(codes(check), JSON.stringify(change)).toContain('shape');
    }
    const behindEnd = after((db) =>
      forge(db, (record) => {
        if (record.place.seq !== 40) return record;
        const { v, place, prev } = record;
        return { kind: 'end', v, place, prev, blockHead: 1 };
      }),
    );
    expect(codes(behindEnd)).toContain('shape');
  });

  it('fails as unknown-key when somebody else signed', () => {
    const stranger = createLabKey('stranger', 5);
    const check = after((db) => {
      const row = rowsOf(db)[5]!;
      const bytes = sealCose(encodeRecord(recordIn(row.bytes)), { contentType: CONTENT_RECORD, signer: stranger });
      putRow(db, { seq: 5, bytes });
    });
    expect(check.problems).toContainEqual(
      expect.objectContaining({ code: 'unknown-key', where: expect.stringMatching(/record 5$/) }),
    );
  });

  it('fails as unknown-key when only other keys are to be trusted', () => {
    const { store, close } = openStoreFile(WHOLE, { readOnly: true });
    const trust = [toHex(createLabKey('stranger', 5).publicKey)];
    expect(codes(verifyStore(store, { trust }))).toContain('unknown-key');
    expect(
      verifyStore(store, { trust: [gatewayKey, platformKey].map((key) => toHex(key.publicKey)) }).problems,
    ).toEqual([]);
    close();
  });

  it('fails when a result names a module that is not at hand', () => {
    const check = after((db) =>
      forge(db, (record) => {
        if (record.kind !== 'result') return record;
        const cores = record.method.cores.map((core) => ({ ...core, sha256: new Uint8Array(32).fill(1) }));
        return { ...record, method: { ...record.method, cores } };
      }),
    );
    expect(codes(check)).toContain('module-missing');
  });
});

describe('what the store notes beside the records', () => {
  const changes: Record<string, string> = {
    'the next block': 'UPDATE stream SET next_block = next_block + 1',
    'whether it has ended': 'UPDATE stream SET ended = 0',
    'the device': "UPDATE stream SET device = x'00112233445566778899aabbccddeeff'",
    'the log number': 'UPDATE stream SET log = 9',
    'the epoch': "UPDATE stream SET epoch = x'00000000'",
    'a record hash': "UPDATE record SET hash = x'00' WHERE seq = 3",
    'the stream of the records': 'PRAGMA foreign_keys = 0; UPDATE record SET stream = 2',
    'a segment hash': 'UPDATE segment SET hash = zeroblob(32) WHERE idx = 0',
    'a segment header': 'UPDATE segment SET header = zeroblob(length(header)) WHERE idx = 1',
    'where a segment ends': 'UPDATE segment SET last = last - 1 WHERE idx = 0',
    'the first segment': 'DELETE FROM segment WHERE idx = 0',
    'the last segment': 'DELETE FROM segment WHERE idx = (SELECT max(idx) FROM segment)',
    'all segments': 'DELETE FROM segment',
    'a receipt': 'UPDATE segment SET receipt = (SELECT receipt FROM segment WHERE idx = 1) WHERE idx = 0',
    'a byte of a receipt':
      "UPDATE segment SET receipt = CAST(substr(receipt, 1, 80) || x'00' || substr(receipt, 82) AS BLOB) WHERE idx = 0",
    'the bytes of a module':
      "UPDATE module SET bytes = CAST(substr(bytes, 1, 100) || x'ff' || substr(bytes, 102) AS BLOB)",
    'the name of a module': "UPDATE module SET name = 'other'",
    'the version of a module': "UPDATE module SET version = '9.9.9'",
    'a public key': 'UPDATE signer_key SET public_key = zeroblob(32)',
    'a short public key': "UPDATE signer_key SET public_key = x'00'",
    'a key id': "UPDATE signer_key SET key_id = zeroblob(16) WHERE role = 'gateway-lab'",
    'the role of a key': "UPDATE signer_key SET role = 'friend' WHERE role = 'gateway-lab'",
  };
  for (const [what, sql] of Object.entries(changes)) {
    it(`is told when it does not agree: ${what}`, () => {
      expect(after((db) => db.exec(sql)).problems).not.toEqual([]);
    });
  }
});

it('continues a stream only from a first record that describes it', () => {
  const file = path('headless.sqlite');
  copyFileSync(WHOLE, file);
  meddle(file, (db) => putRow(db, { seq: 0, bytes: rowsOf(db)[3]!.bytes }));
  const { store, close } = openStoreFile(file);
  expect(() => openWriter(store)).toThrow(expect.objectContaining({ code: 'evidence-bad' }));
  close();
});
