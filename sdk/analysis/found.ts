// What a recording gives before anything is computed from its intervals.
import type { CoreModule } from '@maibo/cores';
import type { RrPoint } from '../pipeline/rr-series.ts';

export interface FoundBeat {
  /** Sample number at the input's own rate; null where the input has intervals and no samples. */
  readonly sample: number | null;
  readonly timeS: number;
  readonly quality: number | null;
}

export interface Found {
  readonly rateHz: number | null;
  readonly durationS: number;
  /** Cores that ran so far. */
  readonly modules: readonly CoreModule[];
  readonly beats: readonly FoundBeat[];
  /** An interval for every beat but the first, in order; flag 'gap' where signal was missing in between. */
  readonly rr: readonly RrPoint[];
  /** Share of the recording that held usable signal. */
  readonly coverage: number;
  readonly flags: readonly string[];
  /** What the core says of each ten seconds: their end, and the share of beats that are right and there. */
  readonly windows: readonly { readonly timeS: number; readonly quality: number }[];
}
