// Scores of a suspicion of apnoea: minute by minute against an expert's marks, and person by person against how many there were.

export interface JudgedMinute {
  readonly isApnoea: boolean;
  readonly isSuspect: boolean;
  /** Share 0..1 of the minutes around it, and of itself, that are suspect. */
  readonly suspicion: number;
}

/** Rows: without and with apnoea; columns: not suspect and suspect. */
export function minuteTable(minutes: readonly JudgedMinute[]): number[][] {
  const count = (isApnoea: boolean, isSuspect: boolean) =>
    minutes.filter((minute) => minute.isApnoea === isApnoea && minute.isSuspect === isSuspect).length;
  return [
    [count(false, false), count(false, true)],
    [count(true, false), count(true, true)],
  ];
}

/** Probability that a minute with apnoea is more suspicious than one without; equal ones count half (Mann & Whitney 1947). */
export function areaUnderCurve(minutes: readonly JudgedMinute[]): number {
  const values = (isApnoea: boolean) =>
    minutes.filter((minute) => minute.isApnoea === isApnoea).map(({ suspicion }) => suspicion);
  const [without, having] = [values(false), values(true)];
  let won = 0;
  for (const value of having) {
    for (const other of without) won += value > other ? 1 : value === other ? 0.5 : 0;
  }
  return won / (having.length * without.length);
}

/** Pearson's correlation. */
export function correlation(x: readonly number[], y: readonly number[]): number {
  const [meanX, meanY] = [meanOf(x), meanOf(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [index, value] of x.entries()) {
    xy += (value - meanX) * (y[index]! - meanY);
    xx += (value - meanX) ** 2;
    yy += (y[index]! - meanY) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

/** Spearman's correlation: of ranks, equal values sharing theirs. */
export function rankCorrelation(x: readonly number[], y: readonly number[]): number {
  return correlation(ranksOf(x), ranksOf(y));
}

function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    return below + (values.filter((other) => other === value).length - 1) / 2;
  });
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
