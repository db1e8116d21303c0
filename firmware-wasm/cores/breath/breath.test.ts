// The breath core over its verbs: rates that are there are found, and what is no breath is not.

import { describe, expect, it } from 'vitest';
import { BreathCore, type BreathFinding, type BreathInput } from '../../index.ts';
import { beatsOf, chance, chestOf, inputOf, KIND, REASON, rrOf, sorted, whole } from './breath.testkit.ts';

const core = BreathCore.create();
const findingsOf = (inputs: readonly BreathInput[]): BreathFinding[] => core.compute(inputs);
const ratesOf = (findings: readonly BreathFinding[], name: keyof BreathFinding['values'] = 'rateBrpm') =>
  findings.map(({ values }) => values[name]);

function expectRate(rates: readonly (number | null)[], brpm: number, within = 0.5): void {
  expect(rates.length).toBeGreaterThan(0);
  for (const rate of rates) expect(Math.abs((rate ?? Number.NaN) - brpm)).toBeLessThanOrEqual(within);
}

describe('breath', () => {
  it('has an instance within its budget', () => {
    expect(core.instanceBytes).toBeLessThanOrEqual(32_768);
    expect(core.module.bytes.length).toBeLessThanOrEqual(12 * 1024);
  });

  it.each([6, 8, 10, 12, 15, 18, 21, 24, 27, 30])('finds %i a minute in ECG beats, in pulses and in both', (brpm) => {
    for (const seed of [1, 2, 3]) {
      const wish = { brpm, heartBpm: 90, seed };
      for (const inputs of [
        beatsOf('ecg-beat', wish),
        beatsOf('ppg-beat', wish),
        sorted(beatsOf('ecg-beat', wish), beatsOf('ppg-beat', wish)),
      ]) {
        const found = whole(findingsOf(inputs));
        expectRate(ratesOf(found), brpm);
        expect(found.every(({ quality, why }) => quality > 0.8 && why === 0)).toBe(true);
      }
    }
  });

  it.each([10, 12, 15, 18, 21, 24, 27, 30])('finds %i a minute in RR intervals', (brpm) => {
    for (const seed of [1, 2, 3]) {
      const found = whole(findingsOf(rrOf({ brpm, heartBpm: 80, seed })));
      expectRate(ratesOf(found), brpm);
      expect(ratesOf(found, 'rrBrpm')).toEqual(ratesOf(found));
    }
  });

  it.each([4, 6, 15, 30, 40])(
    'finds %i a minute in a respiration signal of any rate, and keeps it out of the fused one',
    (brpm) => {
      for (const rateHz of [4, 25, 125]) {
        const found = whole(findingsOf(chestOf(rateHz, { brpm })));
        expectRate(ratesOf(found, 'respirationBrpm'), brpm);
        expect(ratesOf(found).every((rate) => rate === null)).toBe(true);
        expect(found.every(({ sourceCount, why }) => sourceCount === 0 && why === REASON.short)).toBe(true);
      }
    },
  );

  it('gives one finding every 10 s, at most 3 s after its window', () => {
    const stream = BreathCore.create();
    let last = 0;
    for (const input of rrOf({ seconds: 200 })) {
      for (const { values } of stream.push([input])) {
        expect(values.timeS).toBe(last + 10);
        expect(input.timeS).toBeLessThan(values.timeS! + 3 + 1.5);
        last = values.timeS!;
      }
    }
    expect(last).toBe(190);
    expect(stream.flush().map(({ values }) => values.timeS)).toEqual([200]);
    expect(stream.flush()).toEqual([]);
  });

  it('knows how sure it is: a standard error that grows with the noise', () => {
    const errorOf = (noiseMs: number) => {
      const errors = ratesOf(whole(findingsOf(rrOf({ seconds: 600, swingMs: 30, noiseMs }))), 'standardErrorBrpm');
      const known = errors.filter((error) => error !== null);
      return known.reduce((sum, error) => sum + error, 0) / known.length;
    };
    expect(errorOf(2)).toBeLessThan(0.5);
    expect(errorOf(40)).toBeGreaterThan(1.2 * errorOf(2));
  });

  it('says nothing where sources name different rates', () => {
    const found = whole(findingsOf(sorted(beatsOf('ecg-beat', { brpm: 12 }), beatsOf('ppg-beat', { brpm: 24 }))));
    expect(found.some(({ values }) => values.ecgHeightBrpm !== null && values.ppgHeightBrpm !== null)).toBe(true);
    for (const { values, why } of found) {
      expect(values.rateBrpm).toBeNull();
      expect(why).toBe(REASON.disagree);
    }
  });

  it('says hardly ever anything of noise', () => {
    let [given, all] = [0, 0];
    for (let seed = 1; seed <= 20; seed++) {
      const found = whole(findingsOf(rrOf({ seconds: 300, swingMs: 0, noiseMs: 40, seed })));
      given += ratesOf(found).filter((rate) => rate !== null).length;
      all += found.length;
    }
    expect(given / all).toBeLessThan(0.05);
  });

  it('leaves a few ectopic beats out', () => {
    const random = chance(5);
    const inputs = rrOf({ seconds: 300, noiseMs: 8 }).map((input) =>
      random() < 0.04 ? { ...input, value: 500 } : input,
    );
    const found = whole(findingsOf(inputs));
    expectRate(
      ratesOf(found).filter((rate) => rate !== null),
      15,
    );
    expect(ratesOf(found).filter((rate) => rate !== null).length).toBeGreaterThan(0.8 * found.length);
  });
});

describe('breath with bad input', () => {
  it('has nothing to say of equal and of alternating intervals', () => {
    for (const swing of [0, 40]) {
      const inputs = Array.from({ length: 200 }, (_, i) => inputOf(KIND.rr, i + 1, 1000 + (i % 2 ? swing : -swing)));
      const found = findingsOf(inputs);
      expect(found.length).toBe(20);
      expect(ratesOf(found).every((rate) => rate === null)).toBe(true);
    }
  });

  it('needs half of the window', () => {
    for (const count of [0, 1, 2, 3]) {
      const found = findingsOf(rrOf({ seconds: 60 }).slice(0, count));
      expect(found.every(({ values, why }) => values.rateBrpm === null && why === REASON.short)).toBe(true);
    }
    const [first, second, third] = findingsOf(beatsOf('ecg-beat', { seconds: 40 }));
    expect([first!.why, second!.why]).toEqual([REASON.short, REASON.short]);
    expectRate([third!.values.rateBrpm], 15);
    expect(third!.covered).toBeCloseTo(30 / 48, 1);
  });

  it('says that RR intervals are in seconds', () => {
    const found = findingsOf(rrOf().map((input) => ({ ...input, value: input.value / 1000 })));
    expect(found.every(({ why }) => why === (REASON.short | REASON.seconds))).toBe(true);
    expect(found[0]!.ignoredCount).toBeGreaterThan(10);
  });

  it('counts what it ignores: no number, no interval, out of order', () => {
    const good = beatsOf('ecg-beat');
    const bad = [
      inputOf(KIND.ecg, Number.NaN, 1),
      inputOf(KIND.ecg, 50, Number.NaN),
      inputOf(KIND.ecg, 50, Number.POSITIVE_INFINITY),
      inputOf(KIND.ecg, 50, 1, { baseline: Number.NaN }),
      inputOf(KIND.ecg, 1e300, 1),
      inputOf(KIND.rr, 50, -800),
      inputOf(KIND.ecg, 40, 1),
    ];
    const at = good.findIndex(({ timeS }) => timeS > 50);
    const found = findingsOf([...good.slice(0, at), ...bad, ...good.slice(at)]);
    expect(ratesOf(found)).toEqual(ratesOf(findingsOf(good)));
    expect(found.reduce((sum, { ignoredCount }) => sum + ignoredCount, 0)).toBe(bad.length);
  });

  it('begins anew when time jumps by more than a window, forwards or back', () => {
    for (const startS of [5000, -5000]) {
      const found = findingsOf([...beatsOf('ecg-beat', { brpm: 12 }), ...beatsOf('ecg-beat', { brpm: 20, startS })]);
      const [before, after] = [found.filter(({ values }) => Math.abs(values.timeS!) < 200), found.slice(12)];
      expectRate(ratesOf(whole(before)), 12);
      expectRate(ratesOf(whole(after, startS)), 20);
    }
  });

  it('bridges gaps inside a window and at both ends of it', () => {
    const inputs = sorted(beatsOf('ecg-beat', { seconds: 300 }), rrOf({ seconds: 300 }));
    const holes = inputs.filter(({ timeS }) => timeS > 20 && !(timeS > 100 && timeS < 112) && timeS < 280);
    let hole = false;
    const marked = holes.map((input) => {
      const afterGap = !hole && input.timeS >= 112;
      if (afterGap) hole = true;
      return { ...input, afterGap };
    });
    const found = whole(findingsOf(marked), 20);
    expectRate(ratesOf(found), 15);
    expect(Math.min(...found.map(({ covered }) => covered))).toBeLessThan(0.8);
  });

  it('refuses what is no input and takes nothing of that push', () => {
    const stream = BreathCore.create();
    const [first] = beatsOf('ecg-beat');
    // A kind without a name is written as 0.
    const nameless = { ...first!, kind: 'pulse' as 'rr' };
    expect(() => stream.push([first!, nameless])).toThrow(/bad-argument/);
    expect(() => stream.push([nameless])).toThrow(/bad-argument/);
    expect(stream.flush()).toEqual([]);
    expect(() => stream.push([first!])).toThrow(/wrong-state/);
  });

  it('takes a million inputs', () => {
    const stream = BreathCore.create();
    const block = rrOf({ seconds: 40_000, noiseMs: 20 });
    let taken = 0;
    let given = 0;
    for (let startS = 0; taken < 1e6; startS += 40_000) {
      given += stream.push(block.map((input) => ({ ...input, timeS: input.timeS + startS }))).length;
      taken += block.length;
    }
    expect(given).toBeGreaterThan(70_000);
  }, 120_000);
});
