// Scores of stages against an expert's, over pooled epochs and person by person.

export interface ScoredEpoch {
  readonly index: number;
  /** 0 wake, 1 light, 2 deep, 3 REM. */
  readonly wanted: number;
  readonly wake: number;
  /** Of wake, light, deep and REM, where they are known. */
  readonly probabilities?: readonly number[];
  /** Stages if 2, 3 and 4 classes are told apart. */
  readonly stages: Readonly<Record<ClassCount, number>>;
}

export type ClassCount = 2 | 3 | 4;

const BIN_COUNT = 10;
const LIMIT_DEVIATIONS = 1.96;

export const CLASS_COUNTS: readonly ClassCount[] = [2, 3, 4];

/** The stage that stands for another where fewer classes are told apart. */
export function mergedStage(stage: number, count: ClassCount): number {
  if (count === 4 || stage === 0) return stage;
  return count === 3 && stage === 3 ? 3 : 1;
}

/** Rows: the expert's stage; columns: the core's. */
export function confusion(epochs: readonly ScoredEpoch[], count: ClassCount): number[][] {
  const table = [0, 1, 2, 3].map(() => [0, 0, 0, 0]);
  for (const { wanted, stages } of epochs) table[mergedStage(wanted, count)]![stages[count]]! += 1;
  return table;
}

/** Cohen 1960; NaN where only one stage occurs. */
export function kappa(table: readonly (readonly number[])[]): number {
  const rows = table.map((row) => sum(row));
  const columns = table.map((_, column) => sum(table.map((row) => row[column]!)));
  const total = sum(rows);
  const agreed = sum(table.map((row, index) => row[index]!)) / total;
  const chance = sum(rows.map((row, index) => row * columns[index]!)) / total ** 2;
  return (agreed - chance) / (1 - chance);
}

/** Of each stage the expert used, the share that was found. */
export function recalls(table: readonly (readonly number[])[]): number[] {
  return table.flatMap((row, index) => (sum(row) > 0 ? [row[index]! / sum(row)] : []));
}

/** Mean over the stages the expert used of F1. */
export function macroF1(table: readonly (readonly number[])[]): number {
  const values = table.flatMap((row, index) => {
    const found = sum(table.map((other) => other[index]!));
    return sum(row) > 0 ? [(2 * row[index]!) / (sum(row) + found)] : [];
  });
  return sum(values) / values.length;
}

/** Share of wake epochs that are seen where 93 % of sleep epochs are. */
export function wakeSpecificity(epochs: readonly ScoredEpoch[], sensitivity = 0.93): number {
  const asleep = epochs.filter(({ wanted }) => wanted > 0).map(({ wake }) => wake);
  const limit = asleep.sort((a, b) => b - a)[Math.floor((1 - sensitivity) * asleep.length)]!;
  const awake = epochs.filter(({ wanted }) => wanted === 0);
  return awake.filter(({ wake }) => wake > limit).length / awake.length;
}

/**
 * For each stage, the distance between its probability and its share, in ten equal bins of probability, weighted by their epochs. NaN
 * where there are no probabilities.
 */
export function calibrationErrors(epochs: readonly ScoredEpoch[]): number[] {
  return [0, 1, 2, 3].map((stage) => {
    const bins = Array.from({ length: BIN_COUNT }, () => ({ chances: 0, hits: 0 }));
    for (const { wanted, probabilities } of epochs) {
      const chance = probabilities?.[stage] ?? Number.NaN;
      const bin = bins[Math.min(BIN_COUNT - 1, Math.floor(chance * BIN_COUNT))];
      if (bin === undefined) return Number.NaN;
      bin.chances += chance;
      bin.hits += wanted === stage ? 1 : 0;
    }
    return sum(bins.map(({ chances, hits }) => Math.abs(chances - hits))) / epochs.length;
  });
}

export interface Bias {
  readonly mean: number;
  readonly deviation: number;
}

/** Between these, nineteen of twenty people's differences are expected (Bland & Altman 1986). */
export function limitsOfAgreement({ mean, deviation }: Bias): readonly [number, number] {
  return [mean - LIMIT_DEVIATIONS * deviation, mean + LIMIT_DEVIATIONS * deviation];
}

/** Minutes of a stage, the core's less the expert's, over people (Bland & Altman 1986). */
export function minuteBias(people: readonly (readonly ScoredEpoch[])[], stage: number): Bias {
  return biasOf(
    people.map((epochs) => {
      const mine = epochs.filter(({ stages }) => stages[4] === stage).length;
      return (mine - epochs.filter(({ wanted }) => wanted === stage).length) / 2;
    }),
  );
}

/** Minutes from the first sleep to the first REM, the core's less the expert's, of people in whom both saw some. */
export function remLatencyBias(people: readonly (readonly ScoredEpoch[])[]): Bias & { readonly count: number } {
  const latency = (epochs: readonly ScoredEpoch[], stageOf: (epoch: ScoredEpoch) => number) => {
    const asleep = epochs.find((epoch) => stageOf(epoch) > 0);
    const dreaming = epochs.find((epoch) => stageOf(epoch) === 3);
    return asleep && dreaming ? (dreaming.index - asleep.index) / 2 : Number.NaN;
  };
  const away = people.map(
    (epochs) => latency(epochs, ({ stages }) => stages[4]) - latency(epochs, ({ wanted }) => wanted),
  );
  const known = away.filter((minutes) => !Number.isNaN(minutes));
  return { ...biasOf(known), count: known.length };
}

export function biasOf(values: readonly number[]): Bias {
  const mean = sum(values) / values.length;
  return { mean, deviation: Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1)) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
