// What no epoch can say of itself: short sleep after long wake is most likely wake (Webster, Kripke, Messin, Mullaney & Wyborney 1982,
// Sleep 5, 389-399).

import type { SleepScore } from './actigraphy-scores.ts';

/** After at least so many minutes of wake, the next few that are sleep become wake. */
const AFTER_WAKE: readonly { readonly wakeMin: number; readonly sleepMin: number }[] = [
  { wakeMin: 4, sleepMin: 1 },
  { wakeMin: 10, sleepMin: 3 },
  { wakeMin: 15, sleepMin: 4 },
];
/** At most so many minutes of sleep with at least so many of wake on either side become wake. */
const BETWEEN_WAKE: readonly { readonly sleepMin: number; readonly wakeMin: number }[] = [
  { sleepMin: 6, wakeMin: 10 },
  { sleepMin: 10, wakeMin: 20 },
];

interface Run {
  readonly score: SleepScore;
  readonly from: number;
  readonly to: number;
}

/**
 * Webster's five rules over the scores of epochs of `epochS` seconds. The first three look at the scores as they came, the fourth at what
 * these leave, the fifth at what that leaves. An unknown epoch ends wake and sleep alike.
 */
export function webster(scores: readonly SleepScore[], epochS = 60): SleepScore[] {
  const epochsOf = (minutes: number) => Math.round((60 * minutes) / epochS);
  const rescored = [...scores];
  const runs = runsOf(scores);
  for (const [i, { score, from, to }] of runs.entries()) {
    const before = runs[i - 1];
    if (score !== true || before?.score !== false) continue;
    const wakeCount = before.to - before.from;
    const rule = AFTER_WAKE.findLast(({ wakeMin }) => wakeCount >= epochsOf(wakeMin));
    if (rule) rescored.fill(false, from, Math.min(to, from + epochsOf(rule.sleepMin)));
  }
  for (const { sleepMin, wakeMin } of BETWEEN_WAKE) fillBetween(rescored, epochsOf(sleepMin), epochsOf(wakeMin));
  return rescored;
}

function fillBetween(scores: SleepScore[], sleepMax: number, wakeMin: number): void {
  const runs = runsOf(scores);
  const isLongWake = (run: Run | undefined) => run?.score === false && run.to - run.from >= wakeMin;
  for (const [i, { score, from, to }] of runs.entries()) {
    if (score === true && to - from <= sleepMax && isLongWake(runs[i - 1]) && isLongWake(runs[i + 1])) {
      scores.fill(false, from, to);
    }
  }
}

function runsOf(scores: readonly SleepScore[]): Run[] {
  const runs: Run[] = [];
  for (let from = 0, to = 1; from < scores.length; to++) {
    if (to < scores.length && scores[to] === scores[from]) continue;
    runs.push({ score: scores[from] as SleepScore, from, to });
    from = to;
  }
  return runs;
}
