// Sleep regularity index (Phillips et al. 2017, Scientific Reports 7): how likely somebody is in the same state, asleep or awake, at two
// moments 24 hours apart. 100: the same every day; 0: no more than chance; below: turned round.
import type { SleepAnalysis } from './sleep.ts';
import { EPOCH_S, isAsleep } from './sleep-stage.ts';

export interface RegularityOptions {
  /** What somebody was outside the recordings: 'unknown' when left out; 'awake' where recordings hold all of the sleep. */
  readonly outside?: 'unknown' | 'awake' | undefined;
}

const EPOCHS_PER_DAY = 2_880;
/** Days with another day behind them; the paper's week less one, so that a lost night does not lose the week. */
export const PAIRED_DAYS_MIN = 5;
/** Longer than this between first and last night, and they are not one series. */
const DAYS_MAX = 400;

/** `asleep`: one value per 30 s over days without a break, null where unknown. Null with less than five days' worth of pairs. */
export function sleepRegularity(asleep: readonly (boolean | null)[]): number | null {
  let pairCount = 0;
  let sameCount = 0;
  for (let index = EPOCHS_PER_DAY; index < asleep.length; index++) {
    const [now, dayBefore] = [asleep[index], asleep[index - EPOCHS_PER_DAY]];
    if (now == null || dayBefore == null) continue;
    pairCount++;
    if (now === dayBefore) sameCount++;
  }
  if (pairCount < PAIRED_DAYS_MIN * EPOCHS_PER_DAY) return null;
  return -100 + (200 * sameCount) / pairCount;
}

/**
 * The index of one person's nights, in any order, placed by their own clocks. Nights without a start are left out. Null where there is too
 * little, or more than 400 days from first to last. UTC is the clock: a change to summer time shows, as it does in the body.
 * @example
 * const nights = await Promise.all(['mon.csv', 'tue.csv'].map((path) => analyzeSleep(path)));
 * const index = regularityOfNights(nights, { outside: 'awake' });
 */
export function regularityOfNights(nights: readonly SleepAnalysis[], options: RegularityOptions = {}): number | null {
  const placed = nights.flatMap(({ input, sleep }) =>
    input.startUtc === null || sleep.stage.length === 0
      ? []
      : [{ epoch: Math.round((Date.parse(input.startUtc) / 1000 + sleep.startS) / EPOCH_S), stage: sleep.stage }],
  );
  const from = placed.reduce((first, { epoch }) => Math.min(first, epoch), Number.POSITIVE_INFINITY);
  const to = placed.reduce((last, { epoch, stage }) => Math.max(last, epoch + stage.length), from);
  if (placed.length === 0 || to - from > DAYS_MAX * EPOCHS_PER_DAY) return null;
  const asleep = new Array<boolean | null>(to - from).fill(options.outside === 'awake' ? false : null);
  for (const { epoch, stage } of placed) {
    for (const [index, name] of stage.entries()) asleep[epoch - from + index] = name === null ? null : isAsleep(name);
  }
  return sleepRegularity(asleep);
}
