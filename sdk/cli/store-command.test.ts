import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { verifyStore } from '../audit/verify-store.ts';
import { toHex } from '../evidence/record-types.ts';
import {
  confirmAll,
  gatewayKey,
  itemOf,
  MARK,
  meddle,
  openWriter,
  platformKey,
  useFolder,
} from '../gateway/made-store.testkit.ts';
import { ecgBlocks, makeEcg } from '../pipeline/made-signals.testkit.ts';
import { openStoreFile } from '../world/node-store.ts';
import { expectRefusal, maibo } from './run-maibo.testkit.ts';

const path = useFolder('store-command');
const blocks = ecgBlocks(makeEcg(2_000).counts);
const WHOLE = path('whole.sqlite');
// The seed of the lab key that made-store.testkit.ts signs with.
const SEED = createHash('sha256').update('maibo-lab-gateway-key1').digest('hex');
const KEY = path('gateway.key');
writeFileSync(KEY, `${SEED}\n`, { mode: 0o600 });
const TRUST = ['--trust', toHex(gatewayKey.publicKey)];

await makeWhole();

/** A stream with one place to cut, confirmed but for its open end. */
async function makeWhole(): Promise<void> {
  const { store, close } = openStoreFile(WHOLE);
  store.addKey(gatewayKey.keyId, gatewayKey.publicKey, 'gateway-lab');
  store.addKey(platformKey.keyId, platformKey.publicKey, 'platform-lab');
  for (const to of [1_400, 2_000]) {
    const writer = openWriter(store);
    if (to === 1_400) writer.markClock(MARK, 'lab');
    for (const block of blocks.slice(writer.nextBlock, to)) writer.take(itemOf(block));
    await writer.commit();
  }
  confirmAll(store);
  close();
}

let copies = 0;
function copy(): string {
  const file = path(`copy-${copies++}.sqlite`);
  copyFileSync(WHOLE, file);
  return file;
}

describe('maibo store info', () => {
  it('says what a store holds, also while a gateway writes to it', async () => {
    const file = copy();
    const { close } = openStoreFile(file);
    const text = await maibo('store', 'info', file);
    expect(text.code, text.err).toBe(0);
    expect(text.out).toContain('1 stream(s)');
    const { streams } = JSON.parse((await maibo('store', 'info', file, '--json')).out);
    expect(streams).toEqual([
      expect.objectContaining({ items: 2_000, restarts: 1, unconfirmed: 0, keptFrom: null, ended: false }),
    ]);
    close();
    expectRefusal(await maibo('store', 'info', path('missing.sqlite')), 'missing.sqlite');
    expectRefusal(await maibo('store', 'info', KEY), 'gateway.key');
  });
});

describe('maibo store compact', () => {
  it('takes out what is old, gives the room back, and leaves a store that holds', async () => {
    const file = copy();
    const before = readFileSync(file).length;
    const said = await maibo('store', 'compact', file, '--older-than', '1d', '--key', KEY);
    expect(said.code, said.err).toBe(0);
    expect(said.out).toMatch(/\d+ records in \d+ segments taken out/);
    expect(readFileSync(file).length).toBeLessThan(before * 0.75);
    const verified = await maibo('verify', file);
    expect(verified.code, verified.out).toBe(0);
    expect(verified.out).toContain('were trimmed');
    const again = await maibo('store', 'compact', file, '--older-than', '1d', '--key', KEY);
    expect(again.out).toContain('kept whole');
  });

  it('keeps what no platform has confirmed, and says so, unless it is told otherwise', async () => {
    const file = copy();
    meddle(file, (own) => own.exec('UPDATE segment SET receipt = NULL WHERE idx = 1'));
    const kept = await maibo('store', 'compact', file, '--older-than', '1d', '--key', KEY);
    expect(kept.code).toBe(0);
    expect(kept.out).toContain('the platform has not confirmed it');
    const forced = await maibo('store', 'compact', file, '--older-than', '1d', '--key', KEY, '--unconfirmed');
    expect(forced.out).toContain('taken out');
    const { store: left, close: done } = openStoreFile(file, { readOnly: true });
    expect(verifyStore(left).problems).toEqual([]);
    done();
  });

  it('only gives room back when no age is given, and keeps what is younger than the age', async () => {
    const file = copy();
    const said = await maibo('store', 'compact', file);
    expect(said.code, said.err).toBe(0);
    expect(said.out).not.toContain('taken out');
    const young = await maibo('store', 'compact', file, '--older-than', '99999d', '--key', KEY);
    expect(young.out).toContain('nothing before a place to cut is that old');
  });

  it('refuses a store that a gateway writes to, a key of somebody else, and what is no age', async () => {
    const file = copy();
    const { close } = openStoreFile(file);
    const busy = await maibo('store', 'compact', file);
    expect(busy.code).toBe(1);
    expect(busy.err).toContain('another process writes to this store');
    close();
    const other = path('other.key');
    writeFileSync(other, `${'07'.repeat(32)}\n`, { mode: 0o600 });
    expectRefusal(await maibo('store', 'compact', file, '--older-than', '1d', '--key', other), 'other.key');
    expectRefusal(await maibo('store', 'compact', file, '--older-than', '1d', '--key', path('none.key')), 'none.key');
    expectRefusal(await maibo('store', 'compact', file, '--older-than', '1d'), '--key');
    expectRefusal(await maibo('store', 'compact', file, '--older-than', 'soon', '--key', KEY), 'soon');
    expectRefusal(await maibo('store', 'compact', path('nowhere.sqlite')), 'nowhere.sqlite');
    expect(existsSync(path('none.key'))).toBe(false);
    expect(existsSync(path('nowhere.sqlite'))).toBe(false);
  });
});

describe('maibo store export', () => {
  const ISO = (afterS: number) => new Date(MARK.utcUs / 1_000 + afterS * 1_000).toISOString();

  it('writes files that verify by themselves, with the records behind the last segment, while a gateway writes', async () => {
    const file = copy();
    const { store, close } = openStoreFile(file);
    const { segments, chain } = store.streams()[0]!;
    const out = path('all');
    const said = await maibo('store', 'export', file, '--out', out);
    expect(said.code, said.err).toBe(0);
    close();
    expect(readdirSync(out).sort()).toEqual(['keys.json', 'modules', 'records', 'segments']);
    expect(readdirSync(`${out}/segments`)).toHaveLength(segments.segmentCount);
    expect(readdirSync(`${out}/records`)).toHaveLength(chain.recordCount - segments.openFrom);
    const verified = await maibo('verify', out, ...TRUST, '--json');
    expect(verified.code, verified.out).toBe(0);
    const [stream] = JSON.parse(verified.out).streams;
    expect(stream).toMatchObject({ replayed: true, records: chain.recordCount, resultsAgreed: stream.results });
    const [name] = readdirSync(`${out}/records`);
    writeFileSync(`${out}/records/${name}`, readFileSync(`${out}/records/${name}`).fill(1, 60, 61));
    expect((await maibo('verify', out, ...TRUST)).code).toBe(1);
  });

  it('of a trimmed store has its description beside it, and is run again from the place at which it was cut', async () => {
    const file = copy();
    await maibo('store', 'compact', file, '--older-than', '1d', '--key', KEY);
    const out = path('trimmed');
    expect((await maibo('store', 'export', file, '--out', out)).code).toBe(0);
    const verified = await maibo('verify', out, ...TRUST, '--json');
    expect(verified.code, verified.out).toBe(0);
    const [stream] = JSON.parse(verified.out).streams;
    expect(stream).toMatchObject({ replayed: true });
    expect(stream.keptFrom).toBeGreaterThan(100);
    expect(stream.resultsAgreed).toBeGreaterThan(50);
  });

  it('of some minutes holds the segments of these minutes, and they hold', async () => {
    const out = path('part');
    const said = await maibo('store', 'export', WHOLE, '--out', out, '--from', ISO(600), '--to', ISO(900));
    expect(said.code, said.err).toBe(0);
    const count = readdirSync(`${out}/segments`).length;
    expect(count).toBeGreaterThan(4);
    expect(count).toBeLessThan(10);
    const verified = await maibo('verify', out, ...TRUST);
    expect(verified.code, verified.out).toBe(0);
    expect(verified.out).toContain('results not run again');
  });

  it('refuses a device, a time or a folder that cannot be', async () => {
    const out = path('refused');
    expectRefusal(await maibo('store', 'export', WHOLE, '--out', out, '--device', 'ff'), 'nothing of this');
    expectRefusal(await maibo('store', 'export', WHOLE, '--out', path('r2'), '--device', 'xyz'), 'xyz');
    expectRefusal(await maibo('store', 'export', WHOLE, '--out', path('r3'), '--from', 'yesterday'), 'yesterday');
    expectRefusal(await maibo('store', 'export', WHOLE, '--out', path('.')), 'not empty');
    expect((await maibo('store', 'export', WHOLE, '--out', path('mine'), '--device', '0707')).code).toBe(0);
  });
});
