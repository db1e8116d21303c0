// What is said of stress in a recording: a probability per window, the indices behind it, and what drove it.

type Column = readonly (number | null)[];

export interface StressSeries {
  /** Unix time of second 0 of `timeS`: the start of the pulse signal. */
  readonly startUnixS: number;
  readonly windowS: number;
  readonly stepS: number;
  /** End of each window, s from `startUnixS`. */
  readonly timeS: readonly number[];
  /** Probability 0..1 of stress, from what came before `timeS` alone; null where there was too little to say. */
  readonly probability: Column;
  /**
   * Of the five minutes before `timeS`: Baevsky's stress index, its square root, and the parasympathetic and sympathetic z indices
   * against published norms (Nunan 2010) and, with `Own`, against the wearer's own last hour.
   */
  readonly index: Readonly<Record<'si' | 'sqrtSi' | 'pns' | 'sns' | 'pnsOwn' | 'snsOwn', Column>>;
  /** Log-odds that each group of signals added to the probability. */
  readonly drivers: Readonly<Record<string, Column>>;
  /** The same in words, or why there is no probability. */
  readonly why: readonly string[];
}
