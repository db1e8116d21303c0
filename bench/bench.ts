// What a bench is: a name, and a run that gives lines for people and numbers for machines.

export interface BenchReport {
  /** For people, in order. */
  readonly lines: readonly string[];
  /** For machines: plain JSON. */
  readonly numbers: unknown;
  /** Budgets that were not kept, one sentence each. */
  readonly overBudget: readonly string[];
  /** Why there is nothing, or null. */
  readonly skipped: string | null;
}

export interface Bench {
  readonly name: string;
  /** One line for --help. */
  readonly about: string;
  run(): Promise<BenchReport>;
}

export function skippedReport(reason: string): BenchReport {
  return { lines: [], numbers: null, overBudget: [], skipped: reason };
}

/** Columns padded to their widest cell: the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((wide, row) => {
    return row.map((cell, column) => Math.max(wide[column] ?? 0, cell.length));
  }, []);
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}
