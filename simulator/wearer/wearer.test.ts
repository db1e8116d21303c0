import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createWearer, MISSING_COUNT, type Wearer, type WearerOptions } from './wearer.ts';

const BASE: WearerOptions = { seed: 7, durationS: 300, rateHz: 250 };

function allCounts(wearer: Wearer): Int16Array {
  const all = new Int16Array(wearer.sampleCount);
  let at = 0;
  for (const block of wearer.counts()) {
    all.set(block, at);
    at += block.length;
  }
  expect(at).toBe(wearer.sampleCount);
  return all;
}

function digest(counts: Int16Array): string {
  const bytes = Buffer.alloc(counts.length * 2);
  counts.forEach((count, index) => {
    bytes.writeInt16LE(count, index * 2);
  });
  return createHash('sha256').update(bytes).digest('hex');
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Power of the RR series at one frequency: the intervals as they stand in time, mean removed, plain Fourier sum. */
function rrPower(wearer: Wearer, hz: number): number {
  const { rrMs, beatTimesS } = wearer.truth;
  const average = mean([...rrMs]);
  let cos = 0;
  let sin = 0;
  rrMs.forEach((ms, index) => {
    const angle = 2 * Math.PI * hz * beatTimesS[index + 1]!;
    cos += (ms - average) * Math.cos(angle);
    sin += (ms - average) * Math.sin(angle);
  });
  return (cos * cos + sin * sin) / rrMs.length;
}

function bandPower(wearer: Wearer, fromHz: number, toHz: number): number {
  let sum = 0;
  for (let hz = fromHz; hz < toHz; hz += 0.0005) sum += rrPower(wearer, hz);
  return sum * 0.0005;
}

describe('wearer', () => {
  it('gives the same bytes for the same seed, on every engine', () => {
    const first = digest(allCounts(createWearer(BASE)));
    expect(digest(allCounts(createWearer(BASE)))).toBe(first);
    expect(digest(allCounts(createWearer({ ...BASE, seed: 8 })))).not.toBe(first);
    // Pinned: a change here is a change of every recorded run, and needs a reason in the commit.
    expect(first).toBe('cba2ade89995aa1128b58d21cc1f75c7219105ee60a7823a1073d8e1f728e396');
  });

  it('serves any block as it stands in the whole', () => {
    const wearer = createWearer({ ...BASE, durationS: 61.3, blockSampleCount: 100 });
    const all = allCounts(wearer);
    for (const index of [wearer.blockCount - 1, 0, 77, 3, 77]) {
      expect(wearer.block(index)).toEqual(all.slice(index * 100, index * 100 + 100));
    }
    const otherBlocks = createWearer({ ...BASE, durationS: 61.3, blockSampleCount: 333 });
    expect(digest(allCounts(otherBlocks))).toBe(digest(all));
    expect(() => wearer.block(wearer.blockCount)).toThrow(RangeError);
    expect(() => wearer.block(-1)).toThrow(RangeError);
  });

  it('puts an R peak at every true beat', () => {
    const wearer = createWearer({ ...BASE, ectopicsPerHour: 200, wanderMv: 0, noiseMv: 0.002, mainsMv: 0 });
    const counts = allCounts(wearer);
    const { beatTimesS, beatKind } = wearer.truth;
    expect(beatKind.filter((kind) => kind === 'V').length).toBeGreaterThan(5);
    beatTimesS.forEach((timeS, beat) => {
      const centre = Math.round(timeS * wearer.rateHz);
      if (centre < 30 || centre > counts.length - 30) return;
      let peak = centre - 25;
      for (let at = peak; at <= centre + 25; at++) if (counts[at]! > counts[peak]!) peak = at;
      const toleranceS = beatKind[beat] === 'N' ? 0.006 : 0.012;
      expect(Math.abs(peak / wearer.rateHz - timeS), `beat ${beat}`).toBeLessThan(toleranceS);
      expect(counts[peak]!).toBeGreaterThan(0.9 * wearer.gain);
    });
  });

  it('shows no peak where there is no beat', () => {
    const wearer = createWearer({ ...BASE, ectopicsPerHour: 0, wanderMv: 0 });
    const counts = allCounts(wearer);
    const beatSamples = [...wearer.truth.beatTimesS].map((timeS) => Math.round(timeS * wearer.rateHz));
    let next = 0;
    counts.forEach((count, index) => {
      while (next < beatSamples.length - 1 && beatSamples[next]! < index - 10) next++;
      const isNearBeat = Math.abs(beatSamples[next]! - index) <= 10;
      if (!isNearBeat) expect(count).toBeLessThan(0.6 * wearer.gain);
    });
  });

  it.each([45, 70, 120])('keeps the mean heart rate of %d within two per cent', (bpm) => {
    const { truth } = createWearer({ ...BASE, durationS: 600, meanHeartRateBpm: bpm, sdnnMs: 30 });
    expect(Math.abs(60_000 / mean([...truth.rrMs]) / bpm - 1)).toBeLessThan(0.02);
  });

  it('spreads the intervals as asked', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { truth } = createWearer({ ...BASE, seed, durationS: 900, ectopicsPerHour: 0, sdnnMs: 50 });
      const average = mean([...truth.rrMs]);
      const sdnn = Math.sqrt(mean([...truth.rrMs].map((ms) => (ms - average) ** 2)));
      expect(sdnn, `seed ${seed}`).toBeGreaterThan(40);
      expect(sdnn, `seed ${seed}`).toBeLessThan(60);
      expect(Math.min(...truth.rrMs)).toBeGreaterThan(500);
    }
  });

  it('swings at 0.1 Hz and with the breath', () => {
    const wearer = createWearer({ ...BASE, durationS: 900, ectopicsPerHour: 0, respirationHz: 0.25 });
    const [lf, between, hf, above] = [
      bandPower(wearer, 0.07, 0.13),
      bandPower(wearer, 0.145, 0.205),
      bandPower(wearer, 0.22, 0.28),
      bandPower(wearer, 0.31, 0.37),
    ];
    for (const peak of [lf, hf]) for (const floor of [between, above]) expect(peak).toBeGreaterThan(10 * floor);
    expect(lf / hf).toBeGreaterThan(0.5);
    expect(lf / hf).toBeLessThan(2);
  });

  it('follows an early ventricular beat by a full compensatory pause', () => {
    const { truth } = createWearer({ ...BASE, durationS: 1800, ectopicsPerHour: 60 });
    const early = truth.beatKind.flatMap((kind, index) => (kind === 'V' ? [index] : []));
    expect(early.length).toBeGreaterThan(10);
    for (const index of early) {
      expect(truth.rrMs[index - 1]!).toBeLessThan(0.75 * truth.rrMs[index]!);
      expect(truth.rrMs[index - 1]! + truth.rrMs[index]!).toBeGreaterThan(1.6 * truth.rrMs[index - 2]!);
    }
  });

  it('marks the lead-off stretch as missing, not as zero', () => {
    const wearer = createWearer({ ...BASE, durationS: 20, leadOff: { fromS: 5, toS: 7.5 } });
    const counts = allCounts(wearer);
    expect(wearer.truth.missing).toEqual([{ fromSample: 1250, toSample: 1875, reason: 'lead-off' }]);
    counts.forEach((count, index) => {
      expect(count === MISSING_COUNT).toBe(index >= 1250 && index < 1875);
    });
  });

  it('clips at the range of its converter without using the count for missing', () => {
    const counts = allCounts(createWearer({ ...BASE, durationS: 10, bits: 8, gain: 200, offset: -60 }));
    expect(counts.reduce((a, b) => Math.max(a, b))).toBe(127);
    expect(counts.reduce((a, b) => Math.min(a, b))).toBeGreaterThanOrEqual(-127);
  });

  it('refuses what no body or device has', () => {
    for (const wrong of [
      { durationS: 0 },
      { rateHz: 0 },
      { meanHeartRateBpm: 500 },
      { sdnnMs: 200 },
      { seed: -1 },
      { seed: 0.5 },
    ]) {
      expect(() => createWearer({ ...BASE, ...wrong })).toThrow(RangeError);
    }
  });

  it('reaches the end of a day without going through it', () => {
    const wearer = createWearer({ ...BASE, durationS: 86_400 });
    const last = wearer.block(wearer.blockCount - 1);
    expect(last.some((count) => count !== 0)).toBe(true);
    expect(wearer.truth.beatTimesS.length).toBeGreaterThan(98_000);
  });
});
