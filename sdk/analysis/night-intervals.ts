// RR intervals of a night, corrected: what its heart rate, its breathing and the search for apnoeas are computed of. The rr core gets all of
// them at once; interval by interval, as a stream needs it, takes many times as long.
import { type CoreModule, RrCore, type RrFinding } from '@maibo/cores';
import { PAUSE_MS } from '../pipeline/rr-correction.ts';
import { ADJACENT_S } from './hrv-input.ts';
import type { NightInterval } from './sleep-inputs.ts';

/** From one normal beat to the next. */
export interface NightBeat {
  /** End, s from the start of the recording. */
  readonly endS: number;
  readonly rrMs: number;
  /** It does not follow the one before: something is missing, or was left out, between them. */
  readonly afterGap: boolean;
}

export interface CorrectedNight {
  readonly beats: readonly NightBeat[];
  /** Probability 0..1 that the beats up to `timeS` are irregular, as in atrial fibrillation. */
  readonly rhythm: readonly { readonly timeS: number; readonly irregularity: number }[];
  readonly module: CoreModule;
}

const FLAG_AFTER_GAP = 1;

/** `intervals` in the order of time; those without a length are holes. */
export function correctNight(intervals: readonly NightInterval[]): CorrectedNight {
  const core = RrCore.create({ pauseMs: PAUSE_MS });
  const given = intervals.filter(({ rrMs }) => rrMs > 0);
  const inputs = given.map(({ endS, rrMs }, index) => {
    const before = given[index - 1];
    const afterGap = before !== undefined && endS - rrMs / 1000 - before.endS > ADJACENT_S;
    return { rrMs, quality: Number.NaN, afterGap };
  });
  const findings = [...core.push(inputs), ...core.flush()];
  const endOf = ({ index }: RrFinding) => given[index]!.endS;
  const rhythm = findings.filter(({ kind }) => kind === 'rhythm');
  return {
    beats: beatsOf(findings, endOf),
    rhythm: rhythm.map((finding) => ({ timeS: endOf(finding), irregularity: finding.value })),
    module: core.module,
  };
}

function beatsOf(findings: readonly RrFinding[], endOf: (finding: RrFinding) => number): NightBeat[] {
  const beats: NightBeat[] = [];
  let broken = false;
  for (const finding of findings) {
    if (finding.kind !== 'interval') continue;
    const { action, correctedMs, flags } = finding;
    broken ||= action === 'excluded' || (flags & FLAG_AFTER_GAP) !== 0;
    if (action === 'excluded' || correctedMs === 0) continue;
    beats.push({ endS: endOf(finding), rrMs: correctedMs, afterGap: broken });
    broken = false;
  }
  return beats;
}
