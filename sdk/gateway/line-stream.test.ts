import { decodeItem } from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import { verifyStore } from '../audit/verify-store.ts';
import { fixedEntropy } from '../device/scripted-device.testkit.ts';
import { makeEcg } from '../pipeline/made-signals.testkit.ts';
import type { Store } from '../store/store.ts';
import { samplesAsNumbers } from '../stream/sample-block.ts';
import { IntervalLineClock, SampledLineClock } from './line-clock.ts';
import { LINE_TICK_RATE_HZ, type LineSignal, LineStream } from './line-stream.ts';
import { DEVICE, openStore, recordsOfKind } from './made-clinic.testkit.ts';
import { gatewayKey, useFolder } from './made-store.testkit.ts';
import { ManualClock } from './manual-clock.testkit.ts';

const file = useFolder('lines');
const ECG: LineSignal = { signal: 'ecg', rateHz: 250, gain: 1 };
const START = 10 * LINE_TICK_RATE_HZ;
const clock = new ManualClock();

function openStream(store: Store, what: LineSignal): LineStream {
  return new LineStream({ what, device: DEVICE, store, clock, entropy: fixedEntropy, signer: gatewayKey });
}

/** A run of ECG as it comes, in pieces of a tenth of a second; `pauseAt` a piece, for three seconds. */
async function run(store: Store, counts: ArrayLike<number>, pauseAt = -1): Promise<void> {
  const [stream, place] = [openStream(store, ECG), new SampledLineClock(250)];
  let ticks = START;
  for (let at = 0; at < counts.length; at += 25) {
    ticks += at === pauseAt * 25 ? 3_100_000 : 100_000;
    const samples = Array.from(counts).slice(at, at + 25);
    for (const placed of place.place(samples, ticks)) stream.take(placed, ticks);
    await stream.commitDue(ticks);
  }
  await stream.end();
}

function itemsOf(store: Store) {
  return recordsOfKind(store, 'item').map(({ item, place }) => {
    const decoded = decodeItem(item);
    if (!decoded.ok || decoded.value.type !== 'sample-item') throw new Error('no samples');
    const { firstSample, format, samples, ticks } = decoded.value;
    const values = samplesAsNumbers(format as 1 | 2, samples);
    return { epoch: Buffer.from(place.epoch).toString('hex'), firstSample, ticks, format, values };
  });
}

describe('a board that prints numbers', () => {
  it('is kept in items of a second, with its beats, and all of it holds', async () => {
    const store = openStore(file('ecg.sqlite'));
    const { counts, beatS } = makeEcg(60);
    await run(store, counts);
    const items = itemsOf(store);
    expect(items).toHaveLength(60);
    expect(items.flatMap(({ values }) => values)).toEqual([...counts]);
    expect(items.map(({ firstSample }) => firstSample)).toEqual(items.map((_, second) => second * 250));
    expect(items.every(({ ticks }, index) => index === 0 || ticks > items[index - 1]!.ticks)).toBe(true);
    const [stream] = recordsOfKind(store, 'stream');
    expect(stream).toMatchObject({ firmware: 'lines', rateHz: 250, unit: 'counts', source: { device: DEVICE } });
    const found = recordsOfKind(store, 'result').filter(({ result }) => result === 'beats');
    const beatCount = found.reduce((sum, { values }) => sum + (values.beatS as number[]).length, 0);
    expect(beatCount).toBeGreaterThan(beatS.length - 3);
    const { problems, streams } = verifyStore(store);
    expect(problems).toEqual([]);
    expect(streams[0]!.resultsAgreed).toBe(streams[0]!.resultCount);
  });

  it('keeps a pause as a hole and a missing sample as missing', async () => {
    const store = openStore(file('pause.sqlite'));
    const counts = Float64Array.from(makeEcg(20).counts);
    counts[3] = Number.NaN;
    await run(store, counts, 100);
    const items = itemsOf(store);
    expect(items[0]!.values[3]).toBeNull();
    const behind = items.find(({ firstSample }) => firstSample >= 2_500);
    expect(behind).toMatchObject({ firstSample: 2_500 + 750, ticks: START + 13_000_000 });
    const flags = recordsOfKind(store, 'result').flatMap(({ quality }) => quality.flags);
    expect(flags).toContain('gap');
    expect(verifyStore(store).problems).toEqual([]);
  });

  it('is another stream each time it runs', async () => {
    const store = openStore(file('runs.sqlite'));
    for (let turn = 0; turn < 3; turn++) await run(store, makeEcg(5).counts);
    expect(new Set(itemsOf(store).map(({ epoch }) => epoch)).size).toBe(3);
    expect(store.streams().map(({ ended }) => ended)).toEqual([true, true, true]);
    expect(verifyStore(store).problems).toEqual([]);
  });

  it('takes counts of a converter of many bits', async () => {
    const store = openStore(file('bits.sqlite'));
    await run(store, [0, 8_388_607, Number.NaN, -8_388_608]);
    expect(itemsOf(store)[0]).toMatchObject({ format: 2, values: [0, 8_388_607, null, -8_388_608] });
  });

  it('that prints intervals is kept once a second', async () => {
    const store = openStore(file('rr.sqlite'));
    const [stream, place] = [openStream(store, { signal: 'rr' }), new IntervalLineClock()];
    let ticks = START;
    for (let beat = 0; beat < 120; beat++) {
      const intervalMs = 780 + (beat % 7) * 10;
      ticks += intervalMs * 1_000;
      const lost = beat === 60 ? Number.NaN : intervalMs;
      for (const placed of place.place([lost], ticks)) stream.take(placed, ticks);
      await stream.commitDue(ticks);
    }
    await stream.end();
    const items = itemsOf(store);
    expect(items.flatMap(({ values }) => values).slice(0, 3)).toEqual([780_000, 790_000, 800_000]);
    expect(items.flatMap(({ values }) => values)).toHaveLength(119);
    expect(items.at(-1)!.firstSample + items.at(-1)!.values.length).toBe(120);
    expect(items.length).toBeGreaterThan(50);
    expect(recordsOfKind(store, 'stream')[0]).toMatchObject({ rateHz: null, unit: 'us' });
    expect(verifyStore(store).problems).toEqual([]);
  });

  it('leaves nothing behind where nothing came', async () => {
    const store = openStore(file('nothing.sqlite'));
    const stream = openStream(store, ECG);
    await stream.end();
    expect(recordsOfKind(store, 'item')).toEqual([]);
    expect(verifyStore(store).problems).toEqual([]);
  });
});
