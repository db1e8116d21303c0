// Stores whose results name modules that this program does not ship: `verify` runs the store's own copy, within limits.

import { copyFileSync, writeFileSync } from 'node:fs';
import { coreCatalog } from '@maibo/cores';
import {
  CONTENT_RECORD,
  decodeRecord,
  type EvidenceRecord,
  encodeRecord,
  openCose,
  sealCose,
  sha256,
} from '@maibo/protocols';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyStore } from '../audit/verify-store.ts';
import { maibo } from '../cli/run-maibo.testkit.ts';
import { toHex } from '../evidence/record-types.ts';
import { SegmentBuilder } from '../evidence/segment-builder.ts';
import { gatewayKey, IDENTITY, makeStoreFile, meddle, receiptFor, useFolder } from '../gateway/made-store.testkit.ts';
import { openStoreFile } from '../world/node-store.ts';
import type { SqlDatabase } from '../world/world.ts';
import { constant, makeModule, OP, oneFinding } from './hostile-modules.testkit.ts';
import { ThreadEngine } from './thread-engine.ts';

const path = useFolder('elsewhere');
const WHOLE = path('whole.sqlite');
beforeAll(() => makeStoreFile(WHOLE));

/** A store like the whole one, signed by the same gateway, whose results were made with these bytes as their core `name`. */
function storeOf(name: string, bytes: Uint8Array): string {
  const file = path(`${name}-${toHex(sha256(bytes)).slice(0, 8)}.sqlite`);
  copyFileSync(WHOLE, file);
  meddle(file, (db) => {
    const hash = sha256(bytes);
    db.prepare('INSERT INTO module (hash, name, version, bytes) VALUES (?, ?, ?, ?)').run(hash, name, '9.9.9', bytes);
    sealAgain(db, (record) => {
      if (record.kind !== 'result') return record;
      const cores = record.method.cores.map((core) =>
        core.name === name ? { name, version: '9.9.9', sha256: hash } : core,
      );
      return { ...record, method: { ...record.method, cores } };
    });
  });
  return file;
}

function sealAgain(db: SqlDatabase, change: (record: EvidenceRecord) => EvidenceRecord): void {
  let prev: Uint8Array = new Uint8Array(32);
  const builder = new SegmentBuilder(IDENTITY, gatewayKey, { segmentCount: 0, hash: prev, open: [], openFrom: 0 });
  db.exec('DELETE FROM segment; UPDATE stream SET link_chain = NULL');
  const insert = 'INSERT INTO segment (stream, idx, first, last, hash, header, receipt) VALUES (1, ?, ?, ?, ?, ?, ?)';
  const keep = (segment: ReturnType<SegmentBuilder['close']>) => {
    if (segment === null) return;
    const receipt = receiptFor({ ...segment, streamId: 1, receipt: null });
    db.prepare(insert).run(segment.index, segment.first, segment.last, segment.hash, segment.header, receipt);
  };
  for (const [seq, old] of db.prepare('SELECT seq, bytes FROM record ORDER BY seq').all()) {
    const record = change({ ...recordIn(new Uint8Array(old as Uint8Array)), prev } as EvidenceRecord);
    const bytes = sealCose(encodeRecord(record), { contentType: CONTENT_RECORD, signer: gatewayKey });
    prev = sha256(bytes);
    db.prepare('UPDATE record SET bytes = ?, hash = ? WHERE seq = ?').run(bytes, prev, Number(seq));
    keep(builder.add(bytes));
  }
  keep(builder.close());
}

function recordIn(bytes: Uint8Array): EvidenceRecord {
  const sealed = openCose(bytes);
  const record = sealed.ok ? decodeRecord(sealed.value.payload) : sealed;
  if (!record.ok) throw new Error(record.fault.detail);
  return record.value;
}

/** The same core with another hash, as another release of it would have: a custom section stands behind it. */
function relabelled(name: string): Uint8Array {
  return Uint8Array.of(...coreCatalog.get(name).bytes, 0, 2, 1, 0x78);
}

/** With a short patience, so that a test of a loop does not wait for the real one. */
function verify(file: string) {
  const engine = new ThreadEngine({ callMs: 1_000 });
  const { store, close } = openStoreFile(file, { readOnly: true });
  try {
    return verifyStore(store, { engine });
  } finally {
    close();
    engine.close();
  }
}

describe('a store whose modules are another release', () => {
  for (const name of ['ecg', 'rr', 'hrv']) {
    it(`holds, when its own ${name} gives the same again`, () => {
      const check = verify(storeOf(name, relabelled(name)));
      expect(check.problems).toEqual([]);
      expect(check.streams[0]).toMatchObject({ replayed: true, resultsAgreed: check.streams[0]?.resultCount });
    });
  }
});

describe('a store whose module does what no core does', () => {
  const hostile: Record<string, [string, Uint8Array, string, RegExp]> = {
    'loops in push': ['ecg', makeModule({ bodies: { push: OP.loopForever } }), 'module-stopped', /push did not answer/],
    'loops when it is started': [
      'hrv',
      makeModule({ bodies: { abi: OP.loopForever } }),
      'module-stopped',
      /abi did not/,
    ],
    traps: ['rr', makeModule({ bodies: { push: OP.trap } }), 'module-stopped', /push unreachable/],
    'gives a finding of no kind': [
      'ecg',
      makeModule({ bodies: { poll: oneFinding(1, 9) } }),
      'module-stopped',
      /cannot be read/,
    ],
    'answers with a status': ['rr', makeModule({ bodies: { push: constant(-2) } }), 'module-stopped', /cannot be used/],
    'says no to every rate': ['ecg', makeModule({ bodies: { init: constant(-2) } }), 'shape', /does not take/],
    'gives beats that are none': ['ecg', makeModule({ bodies: { poll: oneFinding(1e300, 1) } }), 'result', /another/],
    'imports something': ['ecg', makeModule({ hasImport: true }), 'module-refused', /imports/],
    'has no end': ['ecg', makeModule().slice(0, -3), 'module-refused', /end early/],
  };
  for (const [what, [name, bytes, code, why]] of Object.entries(hostile)) {
    it(`fails: it ${what}`, () => {
      const { problems } = verify(storeOf(name, bytes));
      const told = problems.find((problem) => problem.code === code);
      expect(told?.message, JSON.stringify(problems)).toMatch(why);
    });
  }

  it('makes `maibo verify` end with 1 and name it', async () => {
    const said = await maibo('verify', storeOf('ecg', makeModule({ bodies: { flush: OP.loopForever } })));
    expect(said.code).toBe(1);
    expect(said.out).toMatch(/core ecg 9\.9\.9 \([0-9a-f]{16}\) was stopped: flush did not answer within 2 s/);
  });

  it('is told by `maibo verify` of an export too', async () => {
    const bytes = makeModule({ bodies: { push: OP.trap } });
    const file = storeOf('ecg', bytes);
    const out = path('export');
    expect((await maibo('store', 'export', file, '--out', out)).code).toBe(0);
    writeFileSync(`${out}/modules/odd@1.wasm`, 'no module');
    const said = await maibo('verify', out, '--trust', toHex(gatewayKey.publicKey));
    expect(said.code).toBe(1);
    expect(said.out).toMatch(/was stopped: push unreachable/);
  });
});
