import { coreCatalog, EcgCore } from '@maibo/cores';
import { encodeRecord } from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import type { SampleBlock } from '../stream/sample-block.ts';
import {
  ECG_RATE_HZ,
  ecgBlocks,
  makeEcg,
  rrBlock,
  rrBlocks,
  streamRecord,
  TICK_RATE_HZ,
} from './made-signals.testkit.ts';
import type { Result } from './result.ts';
import { type CoreName, StreamProcessor } from './stream-processor.ts';
import { ACTION_NUMBERS, ARTEFACT_NUMBERS } from './window-results.ts';

const modules = (name: CoreName) => coreCatalog.get(name);

function run(signal: 'ecg' | 'rr', blocks: readonly SampleBlock[], options: { end?: boolean } = {}): Result[] {
  const processor = new StreamProcessor(streamRecord(signal), modules);
  const results = blocks.flatMap((block) => processor.block(block));
  return options.end === false ? results : [...results, ...processor.end()];
}

function column(results: readonly Result[], name: string): number[] {
  return results.flatMap((result) => (result.values[name] as number[] | undefined) ?? []);
}

const named = (results: readonly Result[], name: Result['result']) =>
  results.filter((result) => result.result === name);

/** Every result has to fit its record: numbers that are numbers, lists within their limits. */
function expectEncodable(results: readonly Result[]): void {
  const place = { device: new Uint8Array(16), log: 1, epoch: new Uint8Array(4), seq: 1 };
  for (const result of results) encodeRecord({ kind: 'result', v: 1, place, prev: new Uint8Array(32), ...result });
}

const ecg = makeEcg(200);
const wholeBlocks = ecgBlocks(ecg.counts);

/** The made ECG with the samples of some seconds not delivered: the block numbers go on, the sample numbers jump. */
function withHole(fromS: number, toS: number): SampleBlock[] {
  return wholeBlocks
    .filter((block) => block.firstSample < fromS * ECG_RATE_HZ || block.firstSample >= toS * ECG_RATE_HZ)
    .map((block, seq) => ({ ...block, seq }));
}

describe('an ECG stream', () => {
  it('gives every beat once: the spans together are the beats of the core over the whole recording', () => {
    const core = EcgCore.create({ rateHz: ECG_RATE_HZ });
    const samples = Float32Array.from(ecg.counts);
    const beatS = [...core.push(samples), ...core.flush()]
      .filter((finding) => finding.kind === 'beat')
      .map((finding) => finding.sample / ECG_RATE_HZ);
    const results = run('ecg', wholeBlocks);
    expect(column(results, 'beatS')).toEqual(beatS);
    expect(beatS.length).toBeGreaterThan(ecg.beatS.length * 0.95);
  });

  it('finds the beats that are in the signal', () => {
    const found = column(run('ecg', wholeBlocks), 'beatS');
    const missed = ecg.beatS.filter((atS) => atS > 3 && !found.some((timeS) => Math.abs(timeS - atS) < 0.05));
    expect(missed).toEqual([]);
  });

  it('does not depend on how the samples are cut into blocks', () => {
    const expected = run('ecg', wholeBlocks);
    for (const blockSamples of [1, 37, 256, 2_048]) {
      expect(run('ecg', ecgBlocks(ecg.counts, blockSamples)), `${blockSamples} samples`).toEqual(expected);
    }
  });

  it('reports every full span, every minute of HRV, and the rest at the end', () => {
    const results = run('ecg', ecgBlocks(ecg.counts.subarray(0, 125 * ECG_RATE_HZ)));
    expect(named(results, 'beats')).toHaveLength(13);
    expect(named(results, 'hrv').map((result) => result.values.toS)).toEqual([60, 120, 125]);
    expect(named(results, 'beats').at(-1)?.time.toTicks).toBe(125 * TICK_RATE_HZ);
  });

  it('states of a span what the core says of those ten seconds', () => {
    const core = EcgCore.create({ rateHz: ECG_RATE_HZ });
    const findings = [...core.push(Float32Array.from(ecg.counts)), ...core.flush()];
    const stated = findings.flatMap(({ kind, quality }) => (kind === 'window' ? [quality] : []));
    const scores = named(run('ecg', wholeBlocks), 'beats').map((result) => result.quality.score);
    expect(stated.length).toBeGreaterThan(5);
    expect(scores.slice(0, stated.length)).toEqual(stated);
  });

  it('holds back what is not settled until the end', () => {
    const open = run('ecg', ecgBlocks(ecg.counts.subarray(0, 11 * ECG_RATE_HZ)), { end: false });
    expect(open).toEqual([]);
  });

  it('gives nothing for a stream without blocks', () => {
    expect(run('ecg', [])).toEqual([]);
    expect(run('rr', [])).toEqual([]);
  });

  it('takes no interval across a hole in the log, and says so in the spans and the HRV window', () => {
    const results = run('ecg', withHole(63, 75));
    const spans = named(results, 'beats');
    const flags = column(spans, 'rrFlag');
    const intervals = column(spans, 'rrMs').map((ms, index) => ({ ms, flag: flags[index] }));
    const across = intervals.filter((interval) => interval.ms > 10_000);
    expect(across).toHaveLength(1);
    expect(across[0]?.flag).toBe(1);
    const torn = spans.filter((result) => result.quality.flags.includes('gap'));
    expect(torn.map((result) => result.quality.coverage.toFixed(6))).toEqual(['0.300000', '0.500000']);
    const windows = named(results, 'hrv').filter((result) => result.quality.flags.includes('gap'));
    expect(windows.length).toBeGreaterThan(0);
    for (const window of windows) {
      expect(window.quality.coverage).toBeLessThan(1);
      expect(window.values.HRV_MaxNN as number).toBeLessThan(2_400);
    }
  });

  it('skips a span that lies wholly in a hole', () => {
    const results = named(run('ecg', withHole(40, 90)), 'beats');
    const fromS = results.map((result) => result.time.fromTicks / TICK_RATE_HZ);
    expect(fromS).not.toContain(50);
    expect(fromS).toContain(90);
  });

  it('crosses a hole of a hundred years as quickly as one of a minute', () => {
    const yearsInSamples = 100 * 365 * 86_400 * ECG_RATE_HZ;
    const late = wholeBlocks.map((block) => ({
      ...block,
      seq: block.seq + wholeBlocks.length,
      firstSample: block.firstSample + yearsInSamples,
      ticks: block.ticks + (yearsInSamples / ECG_RATE_HZ) * TICK_RATE_HZ,
    }));
    const results = run('ecg', [...wholeBlocks, ...late]);
    expectEncodable(results);
    expect(named(results, 'beats').length).toBeLessThan(50);
  });

  it('gives null and a flag, never 0, where there is too little signal for HRV', () => {
    const results = named(run('ecg', ecgBlocks(ecg.counts.subarray(0, 12 * ECG_RATE_HZ))), 'hrv');
    expect(results).toHaveLength(1);
    expect(results[0]?.quality.flags).toContain('too-little-signal');
    expect(results[0]?.quality.score).toBeNull();
    const hrv = Object.entries(results[0]?.values ?? {}).filter(([name]) => name.startsWith('HRV_'));
    expect(hrv.length).toBeGreaterThan(10);
    expect(hrv.every(([, value]) => value === null)).toBe(true);
  });

  it('says that nothing was there when all samples are missing, and finds no beats in it', () => {
    const missing = new Int16Array(65 * ECG_RATE_HZ).fill(-0x8000);
    const results = run('ecg', ecgBlocks(missing));
    expectEncodable(results);
    expect(column(results, 'beatS')).toEqual([]);
    for (const result of named(results, 'beats')) {
      expect(result.quality.score).toBeNull();
      expect(result.quality.flags).toContain('no-beats');
    }
  });
});

describe('an RR stream', () => {
  const intervalsMs = Array.from({ length: 300 }, (_, index) => 800 + (40 * Math.round(Math.sin(index / 5) * 10)) / 10);

  it('gives the intervals it was sent, each once', () => {
    const results = run('rr', rrBlocks(intervalsMs));
    for (const name of ['beats', 'rr'] as const) {
      const found = column(named(results, name), 'rrMs');
      expect(found).toHaveLength(intervalsMs.length);
      expect(found.every((ms, index) => Math.abs(ms - intervalsMs[index]!) < 0.01)).toBe(true);
    }
    expect(column(results, 'beatS')).toHaveLength(intervalsMs.length + 1);
  });

  it('does not depend on how the intervals are cut into blocks', () => {
    const expected = run('rr', rrBlocks(intervalsMs, 32));
    for (const perBlock of [1, 7, 300]) {
      const results = run('rr', rrBlocks(intervalsMs, perBlock));
      expect(results.map((result) => result.values)).toEqual(expected.map((result) => result.values));
    }
  });

  it('keeps the original beside the corrected interval when a beat was missed, and uses the corrected one', () => {
    const missed = intervalsMs.flatMap((ms, index) =>
      index === 101 ? [] : [index === 100 ? ms + intervalsMs[101]! : ms],
    );
    const steps = named(run('rr', rrBlocks(missed)), 'rr');
    const at = column(steps, 'rrMs').findIndex((ms) => ms > 1_400);
    expect(column(steps, 'artefact')[at]).toBe(ARTEFACT_NUMBERS.missed);
    expect(column(steps, 'action').slice(at, at + 2)).toEqual([ACTION_NUMBERS.split, ACTION_NUMBERS.inserted]);
    const parts = column(steps, 'correctedMs').slice(at, at + 2);
    expect(parts.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(missed[100]!, 3);
    const lastWindow = (rrMs: readonly number[]) =>
      named(run('rr', rrBlocks(rrMs)), 'hrv').at(-1)?.values.HRV_RMSSD as number;
    expect(Math.abs(lastWindow(missed) / lastWindow(intervalsMs) - 1)).toBeLessThan(0.02);
  });

  it('takes no interval across a hole in the log', () => {
    const first = rrBlock(
      0,
      0,
      0,
      Array.from({ length: 40 }, () => 800_000),
    );
    const second = rrBlock(
      1,
      60,
      60_000_000,
      Array.from({ length: 40 }, () => 800_000),
    );
    const flags = column(run('rr', [first, second]), 'rrFlag');
    expect(flags.filter((flag) => flag === 1)).toHaveLength(1);
    expect(flags.filter((flag) => flag === 0)).toHaveLength(80);
  });

  it('takes no interval across one that is missing', () => {
    const intervals = Array.from({ length: 40 }, (_, index) => (index === 20 ? Number.NaN : 800_000));
    const flags = column(run('rr', [rrBlock(0, 0, 0, intervals)]), 'rrFlag');
    expect(flags.filter((flag) => flag === 1)).toHaveLength(1);
  });

  const hostile: Record<string, (index: number) => number> = {
    'huge ones': () => 0x7fff_ffff,
    zeros: () => 0,
    'missing ones': () => Number.NaN,
    'negative ones': () => -500_000,
    'ones of a microsecond': () => 1,
    'ones that go to and fro': (index) => (index % 2 === 0 ? 300_000 : -300_000),
    'a mixture': (index) => [0x7fff_ffff, 0, Number.NaN, -0x7fff_ffff, 1, 800_000][index % 6]!,
  };
  for (const [name, interval] of Object.entries(hostile)) {
    it(`stays within its limits when a device sends nothing but ${name}`, () => {
      const blocks = Array.from({ length: 40 }, (_, seq) =>
        rrBlock(
          seq,
          seq * 1_024,
          seq,
          Array.from({ length: 1_024 }, (_, index) => interval(index)),
        ),
      );
      const results = run('rr', blocks);
      expectEncodable(results);
      // A beat alone between two holes is a span, a step and a window; nothing gives more results than it has intervals.
      expect(results.length).toBeLessThan((40 * 1_024 * 3) / 4);
      const count = named(results, 'hrv').map((result) => result.values.intervalCount as number);
      expect(Math.max(0, ...count)).toBeLessThanOrEqual(3_000);
    });
  }
});
