// What the page of an analysis is drawn from: the part of the JSON of `maibo analyze` that people look at. It says nothing of where it
// came from, so that a page can be drawn of any program's numbers.

type Values = Readonly<Record<string, number | null>>;
type Column = readonly (number | null)[];

export interface AnalysisModel {
  readonly maibo: string;
  readonly input: {
    readonly path: string;
    readonly format: string;
    readonly signal: string;
    readonly rateHz: number | null;
    readonly durationS: number;
    readonly channel: string | null;
  };
  readonly cores: readonly { readonly name: string; readonly version: string; readonly sha256: string }[];
  /** Original intervals with the end and the flag of each; 'gap' is a stretch without signal. */
  readonly rr: { readonly ms: readonly number[]; readonly timeS: readonly number[]; readonly flag: readonly string[] };
  /** By NeuroKit2's column names, and standard errors likewise. */
  readonly hrv: Values;
  readonly hrvError: Values;
  readonly hrvBasis: {
    readonly profile: string;
    readonly intervals: string;
    readonly powerUnit: 'ms2' | '1';
    readonly count: number;
    readonly coverage: number;
    readonly quality: number | null;
    readonly flags: readonly string[];
  };
  readonly series: SeriesModel | null;
  readonly stress: StressModel | null;
  readonly breathing: BreathingModel | null;
  readonly quality: { readonly score: number | null; readonly coverage: number; readonly flags: readonly string[] };
  readonly notes: readonly string[];
}

/** HRV over windows that move along; times in seconds of the recording. */
export interface SeriesModel {
  readonly windowS: number;
  readonly stepS: number;
  readonly fromS: readonly number[];
  readonly toS: readonly number[];
  readonly values: Readonly<Record<string, Column>>;
  readonly error: Readonly<Record<string, Column>>;
}

export interface StressModel {
  readonly windowS: number;
  readonly stepS: number;
  /** End of each window. */
  readonly timeS: readonly number[];
  /** 0..1, null where there was too little to say. */
  readonly probability: Column;
  /** Log-odds that each group of signals added, by the group's name. */
  readonly drivers: Readonly<Record<string, Column>>;
}

export interface BreathingModel {
  /** From one value to the next. */
  readonly stepS: number;
  /** End of each window. */
  readonly timeS: readonly number[];
  /** Breaths per minute, and its standard error. */
  readonly rate: Column;
  readonly error: Column;
  /** The rate by each source alone. */
  readonly source: Readonly<Record<string, Column>>;
}
