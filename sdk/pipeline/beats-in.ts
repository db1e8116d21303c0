// Beats as they come, for programs that show them: of a strap's log of intervals, or found in an ECG or PPG by a core. The pipeline of the
// gateway does more: it corrects, rates and seals.
import type { StreamInfo } from '@maibo/protocols';
import type { SampleChunk } from '../device/sample-chunks.ts';
import { type BeatCore, createBeatCore } from './beat-core.ts';

export interface ComingBeat {
  /** Since the beat before; null for the first one, and behind a gap or a loss of signal. */
  readonly rrMs: number | null;
}

/**
 * Errors: `CoreStatusError` for a rate that no core takes. Other signals than 'ecg', 'ppg' and 'rr' have no beats.
 * @example
 * for await (const { rrMs } of beatsIn(session.samples(log), log.stream)) console.log(rrMs);
 */
export async function* beatsIn(
  chunks: AsyncIterable<SampleChunk>,
  stream: Pick<StreamInfo, 'signal' | 'rateHz' | 'unit'>,
): AsyncGenerator<ComingBeat, void> {
  const { signal, rateHz, unit } = stream;
  if (signal === 'rr') yield* told(chunks, unit === 'ms' ? 1 : 1e-3);
  else if (signal !== 'vital' && rateHz !== null) yield* found(chunks, createBeatCore(signal, rateHz), rateHz);
}

async function* told(chunks: AsyncIterable<SampleChunk>, toMs: number): AsyncGenerator<ComingBeat, void> {
  for await (const { samples, missingBefore } of chunks) {
    if (missingBefore !== 0) yield { rrMs: null };
    for (const length of samples) yield { rrMs: length > 0 ? length * toMs : null };
  }
}

async function* found(
  chunks: AsyncIterable<SampleChunk>,
  core: BeatCore,
  rateHz: number,
): AsyncGenerator<ComingBeat, void> {
  let last: number | null = null;
  for await (const { samples, missingBefore } of chunks) {
    if (missingBefore !== 0) {
      core.reset();
      last = null;
    }
    for (const { kind, sample } of core.push(samples)) {
      if (kind === 'window') continue;
      if (kind === 'beat') yield { rrMs: last === null ? null : ((sample - last) / rateHz) * 1000 };
      last = kind === 'beat' ? sample : null;
    }
  }
}
