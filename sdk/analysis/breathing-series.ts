// What is said of breathing in a recording: a rate per window, with its standard error, and the rate by each source alone.

type Column = readonly (number | null)[];

export interface BreathingSeries {
  /** From one value to the next, s. */
  readonly stepS: number;
  /** End of each window, seconds of the recording. */
  readonly timeS: readonly number[];
  /** Breaths per minute from all beats together; null where sources disagree or nothing repeats. */
  readonly rate: Column;
  /** Its standard error, breaths per minute. */
  readonly error: Column;
  /** Probability 0..1 that the rate is right to 2 breaths per minute, whether or not it was good enough to be given. */
  readonly quality: readonly number[];
  /** Breaths per minute by the name of the source. */
  readonly source: Readonly<Record<string, Column>>;
}
