// The storm itself, in small; CI runs a thousand worlds (`npm run sim`).
import { CHAIN_START, chainAfter } from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import { checkAck, checkStore, isClean, noFindings } from './checkers.ts';
import { runStorm } from './run-storm.ts';
import { StormStore } from './storm-store.ts';
import { Truth } from './truth.ts';
import { VirtualTime } from './virtual-time.ts';

describe('link-storm', () => {
  it('loses nothing, stores nothing twice and names every gap', () => {
    for (let seed = 0; seed < 20; seed++) expect([seed, runStorm(seed).broken]).toEqual([seed, []]);
  }, 120_000);

  it('is a function of its seed', () => {
    expect(runStorm(5)).toEqual(runStorm(5));
    expect(runStorm(5)).not.toEqual(runStorm(4));
  });

  it.each([
    ['ack-before-commit', 'acknowledged up to'],
    ['no-dedupe', 'again, expected'],
    ['nak-storm', 'packets sent for one'],
  ] as const)(
    'finds the planted bug %s',
    (bug, words) => {
      const seeds = Array.from({ length: 60 }, (_, seed) => seed);
      expect(seeds.some((seed) => runStorm(seed, bug).broken.some((line) => line.includes(words)))).toBe(true);
    },
    120_000,
  );
});

describe('the checkers', () => {
  const item = (seq: number) => ({ kind: 'item', seq, bytes: Uint8Array.of(seq), chain: null }) as const;

  function found(rows: Parameters<StormStore['commit']>[0], prepare: (truth: Truth) => void = () => undefined) {
    const [findings, truth, store] = [noFindings(), new Truth(), new StormStore(false)];
    for (let seq = 0; seq < 5; seq++) truth.wrote('a', seq, Uint8Array.of(seq));
    prepare(truth);
    store.commit(rows);
    checkStore(findings, truth, store);
    return findings;
  }

  const rowsOf = (...rows: Parameters<StormStore['commit']>[0][number]['row'][]) =>
    rows.map((row) => ({ log: 'a', row }));

  it('are content with what is whole', () => {
    const lost = { kind: 'lost', seq: 2, to: 3, reason: 1, chain: null } as const;
    const gone = (truth: Truth) => [2, 3].forEach((seq) => void truth.lost('a', seq));
    expect(isClean(found(rowsOf(item(0), item(1), lost, item(4)), gone))).toBe(true);
  });

  it('see a gap, a double, a wrong item, and a loss that was none', () => {
    expect(found(rowsOf(item(0), item(2))).unnamedGaps).toBe(1);
    expect(found(rowsOf(item(0), item(1), item(0))).duplicated).toBe(1);
    expect(found(rowsOf({ ...item(0), bytes: Uint8Array.of(9) })).wrong).toBe(1);
    expect(found(rowsOf({ kind: 'lost', seq: 0, to: 1, reason: 1, chain: null })).wrong).toBe(2);
  });

  it('see an acknowledgement of what is not stored', () => {
    const [findings, store] = [noFindings(), new StormStore(true)];
    store.commit(rowsOf(item(0), item(1)));
    checkAck(findings, store, 'a', 1);
    expect(findings.lost).toBe(0);
    checkAck(findings, store, 'a', 4);
    expect(findings.lost).toBe(3);
  });

  it('see a log that was written anew and stored as it was', () => {
    const [findings, truth, store] = [noFindings(), new Truth(), new StormStore(true)];
    truth.wrote('a', 0, Uint8Array.of(1));
    store.commit(rowsOf({ ...item(0), bytes: Uint8Array.of(1) }));
    truth.wrote('a', 0, Uint8Array.of(77));
    checkStore(findings, truth, store);
    expect(findings.unnoticed).toBe(0);
    store.sign('a', 0, chainAfter(CHAIN_START, Uint8Array.of(77)));
    checkStore(findings, truth, store);
    expect(findings.unnoticed).toBe(1);
    store.note('a', 'forked');
    checkStore(findings, truth, store);
    expect(findings.unnoticed).toBe(1);
  });
});

it('virtual time runs events in order, and those of one moment as they were asked for', () => {
  const time = new VirtualTime();
  const seen: string[] = [];
  for (const [atMs, name] of [
    [5, 'c'],
    [1, 'a'],
    [5, 'd'],
    [3, 'b'],
  ] as const)
    time.at(atMs, () => seen.push(name));
  time.after(2, () => time.at(0, () => seen.push('a2')));
  time.run(4, () => false);
  expect([seen.join(' '), time.nowMs]).toEqual(['a a2 b', 3]);
  time.run(10, () => false);
  expect(seen.join(' ')).toBe('a a2 b c d');
});
