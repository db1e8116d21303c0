// Activity and spread of the heart rate from counts and heart rates: against the published definition (vectors/sleep-features.json), and
// with what devices do to it.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { COUNT, compileProbe, featuresOf, HEART_RATE, inputsOf, madeNight } from './raw-features.testkit.ts';
import { type Finding, type Input, LIVE, MORNING, Sleep } from './sleep.testkit.ts';

interface Golden {
  readonly series: readonly {
    readonly name: string;
    readonly stepS: number;
    readonly seed: number;
    readonly activity: readonly number[];
    readonly heartSpread: readonly number[];
  }[];
}

const BAD_ARGUMENT = -2;
const EPOCHS = 120;
const golden = JSON.parse(
  readFileSync(new URL('../../vectors/sleep-features.json', import.meta.url), 'utf8'),
) as Golden;

let module: Uint8Array;
beforeAll(async () => {
  module = await compileProbe();
}, 120_000);

function run(inputs: readonly Input[], mode = MORNING, epochCountMax = 1200) {
  const sleep = new Sleep(module, mode, epochCountMax);
  const findings = sleep.run(inputs);
  return { findings, ...featuresOf(sleep, findings.length) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A night as the golden one, of any length. */
function nightOf(epochCount: number, stepS = 5): Input[] {
  const { counts, rates } = madeNight(epochCount, stepS, 3);
  return inputsOf(counts, rates, stepS);
}

function intervalsOf(rates: readonly number[]): Input[] {
  const intervals: Input[] = [];
  for (let timeS = 0; ; ) {
    const rate = rates[Math.floor(timeS)];
    timeS += 60 / (rate ?? 60);
    if (rate === undefined || timeS >= rates.length) return intervals;
    intervals.push({ timeS, value: 60_000 / rate, kind: 3 });
  }
}

function byTime(inputs: readonly Input[]): Input[] {
  return inputs.toSorted((a, b) => a.timeS - b.timeS);
}

function expectSound(findings: readonly Finding[]): void {
  for (const { probabilities, used } of findings) {
    expect(probabilities.reduce((sum, share) => sum + share, 0)).toBeCloseTo(used === 0 ? 0 : 1, 5);
  }
}

describe('features from counts and heart rates, in the morning', () => {
  it.each(golden.series)('are those of the published definition: $name', ({ stepS, seed, activity, heartSpread }) => {
    const { counts, rates } = madeNight(EPOCHS, stepS, seed);
    const made = run(inputsOf(counts, rates, stepS));
    expect(made.activity).toHaveLength(EPOCHS);
    // What the model sees are logarithms.
    const activityErrors = made.activity.map((value, epoch) =>
      Math.abs(Math.log((1 + value!) / (1 + activity[epoch]!))),
    );
    expect(Math.max(...activityErrors.slice(10, -10))).toBeLessThan(0.02);
    // At the ends the line there begins in the middle of the first count and ends in the middle of the last.
    expect(Math.max(...activityErrors)).toBeLessThan(0.1);
    const spreadErrors = made.heartSpread.map((value, epoch) => Math.abs(Math.log(value! / heartSpread[epoch]!)));
    expect(meanOf(spreadErrors)).toBeLessThan(0.015);
    expect(Math.max(...spreadErrors)).toBeLessThan(0.08);
  });

  it('come from RR intervals too, where nobody measured the heart rate', () => {
    const { counts, rates } = madeNight(EPOCHS, 1, 2);
    const measured = run(inputsOf(counts, rates, 1));
    const fromIntervals = run(byTime([...inputsOf(counts, [], 1), ...intervalsOf(rates)]));
    const errors = fromIntervals.heartSpread.map((value, epoch) =>
      Math.abs(Math.log(value! / measured.heartSpread[epoch]!)),
    );
    expect(meanOf(errors)).toBeLessThan(0.03);
    expect(measured.findings[60]!.used).toBe(3);
    expect(fromIntervals.findings[60]!.used).toBe(7);
  });

  it('a measured heart rate goes before one from intervals', () => {
    const { counts, rates } = madeNight(EPOCHS, 5, 1);
    const measured = run(inputsOf(counts, rates, 5));
    const both = run(byTime([...inputsOf(counts, rates, 5), ...intervalsOf(Array<number>(30 * EPOCHS).fill(90))]));
    expect(both.heartSpread).toEqual(measured.heartSpread);
    const zeros = run(
      byTime([
        ...inputsOf(counts, Array<number>(720).fill(0), 5),
        ...intervalsOf(rates.flatMap((rate) => Array<number>(5).fill(rate))),
      ]),
    );
    expect(zeros.findings[60]!.used).toBe(7);
  });

  it('intervals beside the activity of epochs make no spread: what version 1.0.0 took it takes as before', () => {
    const activity = Array.from({ length: EPOCHS }, (_, epoch) => ({ timeS: 30 * epoch, value: 1, kind: 1 }));
    const { findings, heartSpread } = run(byTime([...activity, ...intervalsOf(madeNight(EPOCHS, 1, 2).rates)]));
    expect(heartSpread.every((value) => value === null)).toBe(true);
    expect(findings[60]!.used).toBe(5);
  });

  it('a heart rate beside the activity of epochs does', () => {
    const activity = Array.from({ length: EPOCHS }, (_, epoch) => ({ timeS: 30 * epoch, value: 1, kind: 1 }));
    const { findings } = run(byTime([...activity, ...inputsOf([], madeNight(EPOCHS, 5, 1).rates, 5)]));
    expect(findings[60]!.used).toBe(3);
  });
});

describe('features from counts and heart rates, live', () => {
  it('are the same whatever the size of the pushes and polls, and nothing later changes them', () => {
    const { counts, rates } = madeNight(300, 1, 4);
    const inputs = byTime([...inputsOf(counts, [], 1), ...intervalsOf(rates)]);
    const whole = run(inputs, LIVE);
    const sleep = new Sleep(module, LIVE);
    const findings: Finding[] = [];
    for (const input of inputs) {
      sleep.push([input]);
      findings.push(...sleep.poll());
    }
    expect(findings).toEqual(whole.findings.slice(0, findings.length));
    expect(findings.length).toBe(298);
    const half = run(
      inputs.filter(({ timeS }) => timeS < 4500),
      LIVE,
    );
    expect(half.findings.slice(0, 148)).toEqual(whole.findings.slice(0, 148));
  });

  it('end as those of the morning but for the last minutes, and where the morning moves the curve', () => {
    const inputs = nightOf(300);
    const [live, morning] = [run(inputs, LIVE), run(inputs, MORNING)];
    // Older epochs are no longer there.
    expect(live.activity.slice(190, 290)).toEqual(morning.activity.slice(190, 290));
    expect(live.heartSpread.slice(190)).toEqual(morning.heartSpread.slice(190));
  });

  it('take counts of the epoch that has just ended, after inputs of its end', () => {
    const { counts, rates } = madeNight(EPOCHS, 5, 1);
    const late: Input[] = [];
    for (let epoch = 0; epoch < EPOCHS; epoch++) {
      late.push(...inputsOf([], rates.slice(6 * epoch, 6 * epoch + 6), 5).map((input) => shifted(input, 30 * epoch)));
      late.push(...inputsOf(counts.slice(2 * epoch, 2 * epoch + 2), [], 5).map((input) => shifted(input, 30 * epoch)));
    }
    expect(run(late, LIVE).findings).toEqual(run(inputsOf(counts, rates, 5), LIVE).findings);
  });

  it('know no spread before two and a half minutes', () => {
    expect(
      run(nightOf(20), LIVE)
        .findings.map(({ used }) => used)
        .slice(0, 5),
    ).toEqual([1, 1, 1, 3, 3]);
  });
});

function shifted(input: Input, byS: number): Input {
  return { ...input, timeS: input.timeS + byS };
}

describe('raw inputs nobody wishes for', () => {
  it('a silence of the heart rate of two minutes is bridged, one of three is missing', () => {
    const heldBack = (fromS: number, toS: number) =>
      nightOf(EPOCHS).filter(({ timeS, kind }) => kind === COUNT || timeS < fromS || timeS >= toS);
    expect(run(heldBack(1500, 1620)).heartSpread.every((value) => value !== null)).toBe(true);
    const { heartSpread, findings } = run(heldBack(1500, 1680));
    expect(heartSpread.slice(50, 56)).toEqual(Array(6).fill(null));
    expect(heartSpread[49]).not.toBeNull();
    expect(heartSpread[56]).not.toBeNull();
    expectSound(findings);
  });

  it('hours without counts are unknown but for the three epochs beside them', () => {
    const { counts, rates } = madeNight(900, 5, 5);
    const inputs = inputsOf(counts, rates, 5).filter(({ timeS }) => timeS < 9000 || timeS >= 18_000);
    const { findings, activity } = run(inputs);
    expect(activity.slice(300, 600).every((value) => value === null)).toBe(true);
    expect(findings.map(({ used }) => used).slice(296, 305)).toEqual([3, 3, 3, 3, 3, 3, 3, 0, 0]);
    expect(findings.slice(303, 597).every(({ used }) => used === 0)).toBe(true);
    expectSound(findings);
  });

  it('a heart rate that never varies has no spread, and no NaN', () => {
    const { heartSpread, findings } = run(inputsOf(madeNight(60, 5, 1).counts, Array<number>(360).fill(61.7), 5));
    expect(heartSpread.every((value) => Math.abs(value!) < 1e-3)).toBe(true);
    expectSound(findings);
  });

  it('no heart rate, no movement, three epochs, forty hours', () => {
    const { counts, rates } = madeNight(60, 5, 1);
    expect(run(inputsOf(counts, [], 5)).findings[30]!.used).toBe(1);
    expect(run(inputsOf([], rates, 5)).findings[30]!.used).toBe(0);
    expect(run(nightOf(3)).findings.map(({ used }) => used)).toEqual([1, 1, 1]);
    const long = run(nightOf(4800, 15), MORNING, 4800);
    expect(long.findings).toHaveLength(4800);
    expect(long.findings.at(-1)!.used).toBe(3);
    expectSound(long.findings);
  }, 60_000);

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1e30, 1e30, 0])(
    'the value %s: as if it were not there, or sound',
    (value) => {
      const { findings } = run(nightOf(40).map((input, index) => (index % 3 === 0 ? { ...input, value } : input)));
      expect(findings).toHaveLength(40);
      expectSound(findings);
      const { heartSpread } = run(
        nightOf(40).map((input) => (input.kind === HEART_RATE ? { ...input, value } : input)),
      );
      expect(heartSpread.every((spread) => spread === null)).toBe(true);
    },
  );

  it('a count more than a minute late, or before the beginning: bad argument, and nothing is taken', () => {
    const sleep = new Sleep(module, MORNING);
    const rate = { timeS: 100, value: 60, kind: HEART_RATE };
    expect(sleep.push([rate, { timeS: 39, value: 5, kind: COUNT }])).toBe(BAD_ARGUMENT);
    expect(
      sleep.push([
        { ...rate, timeS: 10 },
        { timeS: -1, value: 5, kind: COUNT },
      ]),
    ).toBe(BAD_ARGUMENT);
    expect(sleep.push([rate, { timeS: 40, value: 5, kind: COUNT }])).toBe(2);
    expect(sleep.push([{ ...rate, timeS: 99 }])).toBe(BAD_ARGUMENT);
  });

  it('whatever comes, in order: every answer is sound, and live the same in one push or many', () => {
    const value = fc.oneof(fc.float({ min: 0, max: 2000, noNaN: true }), fc.float());
    const step = fc.record({
      afterS: fc.double({ min: 0, max: 90, noNaN: true }),
      kind: fc.integer({ min: 1, max: 5 }),
      value,
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), fc.constantFrom(LIVE, MORNING), (steps, mode) => {
        let timeS = 0;
        const inputs = steps.map(({ afterS, kind, value: measured }) => ({
          timeS: (timeS += afterS),
          value: measured,
          kind,
        }));
        const { findings, activity, heartSpread } = run(inputs, mode);
        expectSound(findings);
        for (const feature of [...activity, ...heartSpread])
          expect(feature === null || Number.isFinite(feature)).toBe(true);
        const sleep = new Sleep(module, mode);
        const again = inputs.flatMap((input) => {
          sleep.push([input]);
          return sleep.poll();
        });
        sleep.core.flush(sleep.at);
        expect([...again, ...sleep.poll()]).toEqual(findings);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
