// What the pipeline gives: a value with its source, method, time and quality, not yet sealed.
import type { ResultRecord } from '@maibo/protocols';

/** A result record without its place in the chain. */
export type Result = Omit<ResultRecord, 'kind' | 'v' | 'place' | 'prev'>;

/** The pipeline is part of the method: a change that changes a result changes this version. */
export const PIPELINE = { name: 'maibo-pipeline', version: '2' } as const;

/** Beats are reported per span, HRV per window, both counted from the start of the stream. */
export const BEAT_SPAN_S = 10;
export const HRV_WINDOW_S = 300;
export const HRV_STEP_S = 60;
/** A core may answer this much signal after a beat (ABI.md); nothing younger is settled. */
export const CORE_DELAY_S = 2;
/** Fewer intervals, or less usable signal, than this give no HRV. Task Force 1996 wants minutes; below half a minute SDNN is noise. */
export const HRV_INTERVALS_MIN = 20;
export const HRV_COVERAGE_MIN = 0.5;
/** Standard errors come from leaving out one of this many blocks at a time. */
export const HRV_BLOCK_COUNT = 8;
