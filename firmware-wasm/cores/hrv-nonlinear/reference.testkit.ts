// The definitions written down plainly: runs are cut out first, and everything is compared with everything.

export type Run = readonly number[];

/** What lies between gaps. */
export function runsOf(rrMs: readonly number[], afterGapAt: readonly number[]): Run[] {
  const runs: number[][] = [];
  rrMs.forEach((rr, i) => {
    if (i === 0 || afterGapAt.includes(i)) runs.push([]);
    runs.at(-1)!.push(rr);
  });
  return runs;
}

/** All rows of `length` successive intervals. */
function rowsOf(runs: readonly Run[], length: number): number[][] {
  return runs.flatMap((run) => {
    const count = Math.max(0, run.length - length + 1);
    return Array.from({ length: count }, (_, i) => run.slice(i, i + length));
  });
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
const farthest = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

function toleranceOf(runs: readonly Run[]): number {
  const all = runs.flat();
  const centre = mean(all);
  return 0.2 * Math.sqrt(sum(all.map((rr) => (rr - centre) ** 2)) / (all.length - 1));
}

/** Templates of two that a third interval follows, so that there are as many as of three. */
const pairsWithThird = (runs: readonly Run[]) => rowsOf(runs, 3).map((row) => row.slice(0, 2));

export function approximateEntropy(runs: readonly Run[]): number {
  const tolerance = toleranceOf(runs);
  const phi = (rows: number[][]) =>
    mean(rows.map((row) => Math.log(rows.filter((other) => farthest(row, other) <= tolerance).length / rows.length)));
  return Math.abs(phi(rowsOf(runs, 2)) - phi(rowsOf(runs, 3)));
}

/** Mean over all pairs of different rows. */
function meanOverPairs(rows: readonly number[][], degree: (a: number[], b: number[]) => number): number {
  return mean(rows.flatMap((row, i) => rows.slice(i + 1).map((other) => degree(row, other))));
}

/** NaN where nothing matches. */
function sampleEntropyOf(pairs: number, triples: number): number {
  return pairs > 0 && triples > 0 ? -Math.log(triples / pairs) : Number.NaN;
}

export function fuzzyEntropy(runs: readonly Run[]): number {
  const tolerance = toleranceOf(runs);
  const centred = (rows: number[][]) => rows.map((row) => row.map((rr) => rr - mean(row)));
  const degree = (a: number[], b: number[]) => Math.exp(-farthest(a, b) / tolerance);
  return sampleEntropyOf(
    meanOverPairs(centred(pairsWithThird(runs)), degree),
    meanOverPairs(centred(rowsOf(runs, 3)), degree),
  );
}

function shares(runs: readonly Run[], tolerance: number): [number, number] {
  const degree = (a: number[], b: number[]) => Number(farthest(a, b) <= tolerance);
  return [meanOverPairs(pairsWithThird(runs), degree), meanOverPairs(rowsOf(runs, 3), degree)];
}

/** Every run in boxes of `scale`, of which `pick` makes one number. */
function coarse(runs: readonly Run[], scale: number, pick: (box: readonly number[]) => number): Run[] {
  return runs.map((run) =>
    Array.from({ length: Math.floor(run.length / scale) }, (_, i) => pick(run.slice(i * scale, (i + 1) * scale))),
  );
}

/** Multiscale entropy, plain, composite and refined composite; NaN with less than two scales. */
export function multiscale(runs: readonly Run[]): [number, number, number] {
  const tolerance = toleranceOf(runs);
  const curves: [number[], number[], number[]] = [[], [], []];
  for (let scale = 1; scale < Math.floor(runs.flat().length / 12); scale++) {
    curves[0].push(sampleEntropyOf(...shares(coarse(runs, scale, mean), tolerance)));
    const shifted = Array.from({ length: scale }, (_, shift) => coarse(runs, scale, (box) => box[shift]!));
    const each = shifted.map((series) => shares(series, tolerance)).filter(([pairs]) => !Number.isNaN(pairs));
    const entropies = each.map(([pairs, triples]) => sampleEntropyOf(pairs, triples)).filter(Number.isFinite);
    curves[1].push(mean(entropies));
    curves[2].push(sampleEntropyOf(mean(each.map(([pairs]) => pairs)), mean(each.map(([, triples]) => triples))));
  }
  return curves.map((curve) => {
    const points = curve.filter(Number.isFinite);
    const area = sum(points) - (points[0]! + points.at(-1)!) / 2;
    return points.length < 2 ? Number.NaN : area / points.length;
  }) as [number, number, number];
}

function slopeOf(xs: readonly number[], ys: readonly number[]): number {
  const [x, y] = [mean(xs), mean(ys)];
  return sum(xs.map((value, i) => (value - x) * (ys[i]! - y))) / sum(xs.map((value) => (value - x) ** 2));
}

export function correlationDimension(runs: readonly Run[]): number {
  const points = rowsOf(runs, 2);
  const distances = points.flatMap((a, i) => points.slice(i + 1).map((b) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!)));
  const low = Math.log(1 + 0.025 * Math.max(...distances));
  const high = Math.log(1 + 0.5 * Math.max(...distances));
  const radii = Array.from({ length: 64 }, (_, i) => Math.exp(low + ((high - low) * i) / 63) / 2);
  const counted = radii.map((radius) => [radius, distances.filter((distance) => distance < radius).length] as const);
  const used = counted.filter(([, count]) => count > 0);
  return slopeOf(
    used.map(([radius]) => Math.log(radius)),
    used.map(([, count]) => Math.log(count)),
  );
}

/** Lengths of the rows of equal cells; a hole ends a row and is none. */
function linesOf(cells: readonly (boolean | null)[], kind: boolean): number[] {
  const lines: number[] = [];
  cells.forEach((cell, i) => {
    if (cell !== kind) return;
    if (i > 0 && cells[i - 1] === kind) lines[lines.length - 1]! += 1;
    else lines.push(1);
  });
  return lines.filter((length) => length >= 2);
}

function entropyOf(lengths: readonly number[]): number {
  const counts = [...new Set(lengths)].map((length) => lengths.filter((other) => other === length).length);
  return -sum(counts.map((count) => (count / lengths.length) * Math.log(count / lengths.length)));
}

/** The recurrence matrix as it is defined, holes where one of the two states has a gap in it. */
export function recurrence(runs: readonly Run[]) {
  const all = runs.flat();
  const numbers = all.map((_, i) => i);
  const slope = slopeOf(numbers, all);
  const values = all.map((rr, i) => rr - slope * i);
  const radius =
    meanOverPairs(
      values.map((value) => [value, value]),
      (a, b) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!),
    ) / 2;
  const states: (number[] | null)[] = [];
  for (const run of runs) {
    const from = states.length;
    run.forEach((_, i) => {
      states.push(i < 6 ? null : values.slice(from + i - 6, from + i + 1));
    });
  }
  const cell = (i: number, j: number): boolean | null => {
    const [a, b] = [states[i], states[j]];
    return a && b ? Math.hypot(...a.map((value, k) => value - b[k]!)) <= radius : null;
  };
  const count = states.length;
  const lags = numbers.slice(1).map((lag) => Array.from({ length: count - lag }, (_, i) => cell(i, i + lag)));
  const rows = numbers.map((i) => Array.from({ length: count - 1 - i }, (_, k) => cell(i, i + 1 + k)));
  const known = rows.flat().filter((value) => value !== null);
  const recurrences = known.filter(Boolean).length;
  const diagonals = lags.flatMap((cells) => linesOf(cells, true));
  const black = rows.flatMap((cells) => linesOf(cells, true));
  const white = rows.flatMap((cells) => linesOf(cells, false));
  return {
    RecurrenceRate: recurrences / known.length,
    Determinism: sum(diagonals) / recurrences,
    L: diagonals.length ? mean(diagonals) : 0,
    LEn: entropyOf(diagonals),
    Laminarity: sum(black) / recurrences,
    TrappingTime: black.length ? mean(black) : 0,
    VMax: Math.max(0, ...black),
    VEn: entropyOf(black),
    W: white.length ? mean(white) : 0,
    WMax: Math.max(0, ...white),
    WEn: entropyOf(white),
  };
}
