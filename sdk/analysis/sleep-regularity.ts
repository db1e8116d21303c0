// Sleep regularity index (Phillips et al. 2017, Scientific Reports 7): how likely somebody is in the same state, asleep or awake, at two
// moments 24 hours apart. 100: the same every day; 0: no more than chance; below: turned round.

const EPOCHS_PER_DAY = 2_880;
/** Days with another day behind them; the paper's week less one, so that a lost night does not lose the week. */
export const PAIRED_DAYS_MIN = 5;

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
