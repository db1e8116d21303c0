import { describe, expect, it } from 'vitest';
import type { SleepAnalysis } from './sleep.ts';
import { regularityOfNights, sleepRegularity } from './sleep-regularity.ts';

describe('sleep regularity', () => {
  const day = [...Array<boolean>(960).fill(true), ...Array<boolean>(1_920).fill(false)];

  it('is 100 for days that are all alike, and -100 for days turned round', () => {
    const week = Array.from({ length: 7 }, () => day).flat();
    expect(sleepRegularity(week)).toBe(100);
    const turned = Array.from({ length: 7 }, (_, i) => (i % 2 ? day.map((asleep) => !asleep) : day)).flat();
    expect(sleepRegularity(turned)).toBe(-100);
  });

  it('needs five days with another behind them, and counts what is unknown as nothing', () => {
    const week = Array.from({ length: 7 }, () => day).flat();
    expect(sleepRegularity(week.slice(0, 5 * 2_880))).toBeNull();
    const holes = week.map((asleep, i) => (i % 20 === 0 ? null : asleep));
    expect(sleepRegularity(holes)).toBe(100);
  });
});

describe('regularity of nights', () => {
  const nightAt = (startUtc: string | null) =>
    ({
      input: { path: 'night', kind: 'rr', startUtc },
      sleep: { startS: 0, stage: Array<'W' | 'S'>(960).fill('S') },
    }) as unknown as SleepAnalysis;
  const week = Array.from({ length: 8 }, (_, day) => nightAt(`2026-01-0${1 + day}T23:00:00.000Z`));

  it('places them by their clocks, in any order', () => {
    expect(regularityOfNights(week, { outside: 'awake' })).toBe(100);
    expect(regularityOfNights(week.toReversed(), { outside: 'awake' })).toBe(100);
    const later = week.map((night, day) => (day % 2 ? nightAt(`2026-01-0${1 + day}T01:00:00.000Z`) : night));
    // Every day four hours of 24 differ: the two before and the two behind.
    expect(regularityOfNights(later, { outside: 'awake' })).toBeLessThan(100);
  });

  it('knows nothing of the days unless told, of nights without a clock, and of nights that are years apart', () => {
    expect(regularityOfNights(week)).toBeNull();
    expect(
      regularityOfNights(
        week.map(() => nightAt(null)),
        { outside: 'awake' },
      ),
    ).toBeNull();
    expect(regularityOfNights([...week, nightAt('2036-01-01T23:00:00.000Z')], { outside: 'awake' })).toBeNull();
    expect(regularityOfNights([])).toBeNull();
  });
});
