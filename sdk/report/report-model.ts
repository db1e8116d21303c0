// Everything the report shows, as plain data. The report itself computes nothing from signals and reads no clock.

export interface ReportModel {
  readonly title: string;
  readonly maiboVersion: string;
  /** UTC microseconds from the World's clock, shown as ISO text. */
  readonly createdUtcUs: number;
  readonly streams: readonly ReportStream[];
}

export interface ReportStream {
  readonly deviceHex: string;
  readonly sensor: string;
  readonly signal: 'ecg' | 'ppg' | 'rr' | 'vital';
  readonly firmware: string;
  readonly rateHz: number | null;
  readonly unit: string;
  readonly durationS: number;
  /** Null for an RR stream. `values` in `unit`, null where missing; `beatTimesS` lie inside the strip. */
  readonly strip: {
    readonly fromS: number;
    readonly rateHz: number;
    readonly values: readonly (number | null)[];
    readonly beatTimesS: readonly number[];
  } | null;
  /** Whole stream. `flag` is 'ok' or says why the interval is not used. */
  readonly rr: { readonly timeS: readonly number[]; readonly ms: readonly number[]; readonly flag: readonly string[] };
  /** Missing stretches, seconds from the start. */
  readonly gaps: readonly { readonly fromS: number; readonly toS: number; readonly reason: string }[];
  readonly hrvWindows: readonly HrvWindow[];
  /** Of a clinic device: the newest, in order of time, and how many there are in all. */
  readonly measurements: { readonly newest: readonly Measurement[]; readonly count: number };
  readonly provenance: {
    readonly cores: readonly { readonly name: string; readonly version: string; readonly sha256Hex: string }[];
    readonly pipeline: string;
    readonly parameters: Readonly<Record<string, number | string | null>>;
    readonly signerHex: string;
    /** True when the signing key is the lab's (derived from a seed, so no proof of origin). */
    readonly labKey: boolean;
    readonly clock: {
      readonly source: string;
      readonly utcUs: number;
      readonly ticks: number;
      readonly uncertaintyUs: number;
    } | null;
    readonly recordCount: number;
    readonly headHashHex: string;
  };
  readonly segments: readonly {
    readonly index: number;
    readonly sha256Hex: string;
    readonly recordCount: number;
    readonly sizeBytes: number;
    readonly receipt: { readonly platformHex: string; readonly receivedUtcUs: number } | null;
  }[];
}

export interface Measurement {
  /** Name of the result, e.g. "blood-pressure". */
  readonly result: string;
  /** When the gateway was told; null without a clock. */
  readonly utcUs: number | null;
  /** Local time on the device's own clock, "2026-01-01T08:30:00"; null when it has none. */
  readonly deviceTime: string | null;
  /** By the names of the record, e.g. systolicMmHg; null where missing. */
  readonly values: Readonly<Record<string, number | null>>;
  readonly flags: readonly string[];
}

export interface HrvWindow {
  readonly fromS: number;
  readonly toS: number;
  readonly quality: number | null;
  readonly coverage: number;
  readonly flags: readonly string[];
  /** NeuroKit2 column names, e.g. HRV_RMSSD. */
  readonly values: Readonly<Record<string, number | null>>;
  /** Standard errors by the same names; none where the record has none. */
  readonly errors: Readonly<Record<string, number | null>>;
}
