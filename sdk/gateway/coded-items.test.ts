// A log of coded items beside the same log of plain ones: the same findings, less to keep, and a re-check that runs the decoder again.
import { coreCatalog } from '@maibo/cores';
import { type EvidenceRecord, encodeItem } from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import { verifyStore } from '../audit/verify-store.ts';
import type { LogItem } from '../device/device-session.ts';
import { readRecord } from '../evidence/open-record.ts';
import { verifyStream } from '../evidence/verify-stream.ts';
import { Store } from '../store/store.ts';
import { blockFromItem, type SampleBlock } from '../stream/sample-block.ts';
import { encodeWave, installedDecoder } from '../stream/wave-samples.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import { gatewayKey, itemOf, MARK, minuteOfBlocks, openWriter, useFolder } from './made-store.testkit.ts';

const path = useFolder('coded');
const blocks = minuteOfBlocks();

function codedItem({ seq, firstSample, ticks, bytes }: SampleBlock): Extract<LogItem, { kind: 'item' }> {
  const item = { type: 'sample-item', boot: 1, ticks, firstSample, format: 3, samples: encodeWave(bytes)! } as const;
  return { kind: 'item', seq, bytes: encodeItem(item), block: blockFromItem(seq, item) as SampleBlock };
}

interface Written {
  readonly records: readonly EvidenceRecord[];
  readonly sealed: readonly Uint8Array[];
  readonly problems: readonly unknown[];
  readonly modules: readonly string[];
}

/** Writes the items with a writer of their own for each portion, as a gateway does that is started again. */
async function write(name: string, make: (block: SampleBlock) => LogItem, portion = blocks.length): Promise<Written> {
  const store = Store.openForWriting(openSqlite(path(name)));
  store.addKey(gatewayKey.keyId, gatewayKey.publicKey, 'gateway-lab');
  for (let at = 0; at < blocks.length; at += portion) {
    const writer = openWriter(store);
    if (at === 0) writer.markClock(MARK, 'lab');
    for (const block of blocks.slice(at, at + portion)) writer.take(make(block));
    if (at + portion >= blocks.length) writer.take({ kind: 'end', head: blocks.length, final: true });
    await writer.commit();
  }
  const sealed = [...store.records(store.streams()[0]!.id)].map((row) => row.bytes);
  const { problems } = verifyStore(store);
  const modules = store.modules().map((module) => module.name);
  store.close();
  return { sealed, records: sealed.map((bytes) => readRecord(bytes).record), problems, modules };
}

/** Results without the modules that made them. */
function findingsOf({ records }: Written): unknown[] {
  return records.flatMap((record) => {
    if (record.kind !== 'result') return [];
    const { result, method, quality, values, time } = record;
    return [{ result, parameters: method.parameters, quality, values, time: { ...time, clockSeq: null } }];
  });
}

function coresOf({ records }: Written): Set<string> {
  return new Set(
    records.flatMap((record) => (record.kind === 'result' ? record.method.cores.map((core) => core.name) : [])),
  );
}

const bytesOf = (written: Written) => written.sealed.reduce((sum, { length }) => sum + length, 0);

const plain = await write('plain.sqlite', itemOf);
const coded = await write('coded.sqlite', codedItem);

describe('a log of coded items', () => {
  it('gives the findings of the plain log, in less room', () => {
    expect(findingsOf(plain).length).toBeGreaterThan(10);
    expect(findingsOf(coded)).toEqual(findingsOf(plain));
    expect(bytesOf(coded)).toBeLessThan(0.8 * bytesOf(plain));
  });

  it('is kept byte for byte as it was sent', () => {
    const items = coded.records.flatMap((record) => (record.kind === 'item' ? [record.item] : []));
    expect(items).toEqual(blocks.map((block) => codedItem(block).bytes));
  });

  it('names the decoder among the modules of its results and keeps it; a plain log names none', () => {
    expect([...coresOf(coded)].sort()).toEqual(['ecg', 'hrv', 'rr', 'wave-decode']);
    expect([...coresOf(plain)].sort()).toEqual(['ecg', 'hrv', 'rr']);
    expect(coded.modules).toContain('wave-decode');
  });

  it('holds at a re-check, and does not where the decoder is not at hand', () => {
    expect([coded.problems, plain.problems]).toEqual([[], []]);
    const sources = { publicKey: () => gatewayKey.publicKey, module: () => null };
    const { problems } = verifyStream(() => coded.sealed, sources);
    expect(problems.every(({ code }) => code === 'module-missing')).toBe(true);
    expect(problems.some(({ message }) => message.includes(installedDecoder().sha256))).toBe(true);
  });

  it('runs the module that its results name, not the one that is installed', () => {
    const installed = installedDecoder();
    // The same code under another hash: an empty section of its own at the end.
    const other = coreCatalog.fromBytes(
      'wave-decode',
      '1.0.1',
      Uint8Array.of(...installed.bytes, 0x00, 0x02, 0x01, 0x78),
    );
    const sources = {
      publicKey: () => gatewayKey.publicKey,
      module: (hash: string) => (hash === installed.sha256 ? other : coreCatalog.byHash(hash)),
    };
    const check = verifyStream(() => coded.sealed, sources);
    expect(check.resultsAgreed).toBe(0);
    expect(check.problems.every(({ code }) => code === 'result')).toBe(true);
  });

  it('goes on where it stood when the gateway is started again', async () => {
    const inTwo = await write('in-two.sqlite', codedItem, Math.ceil(blocks.length / 2));
    expect(findingsOf(inTwo)).toEqual(findingsOf(coded));
    expect(inTwo.problems).toEqual([]);
  });

  it('may change to coded in the middle', async () => {
    const mixed = await write('mixed.sqlite', (block) => (block.seq < 40 ? itemOf(block) : codedItem(block)));
    expect(findingsOf(mixed)).toEqual(findingsOf(plain));
    expect(mixed.problems).toEqual([]);
  });
});
