// The bedside recording with breathing in it, as the breath core gets it: beats by our own cores, their sizes measured, RR intervals
// corrected. The recording's own respiration channel is the truth.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { BreathBeatsCore, type BreathInput, EcgCore, PpgCore, RrCore, rrFlagNames } from '@maibo/cores';
import { KIND } from './breath-simulated.ts';

const RATE_HZ = 125;
const COLUMN = { respiration: 1, light: 2, ecg: 5 };
/** Beats the finder doubts are not used. */
const PAUSE_MS = 3000;

export interface BreathRecording {
  readonly name: string;
  readonly seconds: number;
  readonly inputs: readonly BreathInput[];
  readonly respiration: Float64Array;
  readonly rateHz: number;
}

/** `folder` is ppg_bidmc01. */
export function bedsideBreathing(folder: string): BreathRecording {
  const text = gunzipSync(readFileSync(join(folder, 'bidmc_01_Signals.csv.gz'))).toString('utf8');
  const rows = text.trim().split(/\r?\n/).slice(1);
  const column = (index: number) => Float32Array.from(rows, (row) => Number(row.split(',')[index]));
  const [ecg, light] = [column(COLUMN.ecg), column(COLUMN.light)];
  const ecgBeats = beatsOf(EcgCore.create({ rateHz: RATE_HZ }), ecg);
  const pulses = beatsOf(PpgCore.create({ rateHz: RATE_HZ, polarity: 1, channelCount: 1 }), light);
  const inputs = [...intervalsOf(ecgBeats), ...sizesOf(ecg, ecgBeats, 2), ...sizesOf(light, pulses, 3)];
  return {
    name: 'bidmc 01',
    seconds: rows.length / RATE_HZ,
    inputs: inputs.toSorted((a, b) => a.timeS - b.timeS),
    respiration: Float64Array.from(column(COLUMN.respiration)),
    rateHz: RATE_HZ,
  };
}

interface Beat {
  readonly sample: number;
  readonly quality: number;
  readonly afterGap: boolean;
}

function beatsOf(core: EcgCore | PpgCore, samples: Float32Array): Beat[] {
  const beats: Beat[] = [];
  let afterGap = true;
  for (const { kind, sample, quality } of [...core.push(samples), ...core.flush()]) {
    if (kind === 'beat') beats.push({ sample, quality, afterGap });
    if (kind !== 'window') afterGap = kind !== 'beat';
  }
  return beats;
}

/** What the rr core makes of them: corrected, in ms, at their ends. */
function intervalsOf(beats: readonly Beat[]): BreathInput[] {
  const core = RrCore.create({ pauseMs: PAUSE_MS });
  const intervals = beats.slice(1).map(({ sample, quality, afterGap }, i) => {
    return { rrMs: (1000 * (sample - beats[i]!.sample)) / RATE_HZ, quality, afterGap };
  });
  const findings = [...core.push(intervals), ...core.flush()];
  const startS = beats[0]!.sample / RATE_HZ;
  return findings.flatMap((finding): BreathInput[] => {
    const { kind, correctedMs, action, timeS, value, flags } = finding;
    if (kind !== 'interval' || correctedMs === 0 || action === 'excluded') return [];
    const afterGap = rrFlagNames(flags).includes('after-gap');
    return [
      {
        timeS: startS + timeS,
        value: correctedMs,
        baseline: 0,
        quality: value < 0 ? 1 : value,
        kind: KIND.rr,
        afterGap,
      },
    ];
  });
}

/** Samples and beats as they would come: each beat after the sample that ends its second. */
function sizesOf(samples: Float32Array, beats: readonly Beat[], signal: 2 | 3): BreathInput[] {
  const core = BreathBeatsCore.create({ rateHz: RATE_HZ, signal, polarity: 1 });
  const inputs = Array.from(samples, (value) => ({ value, quality: 0, isBeat: 0, afterGap: false }));
  let next = 0;
  const findings = [];
  for (let end = RATE_HZ; end <= inputs.length; end += RATE_HZ) {
    const due: Parameters<BreathBeatsCore['push']>[0][number][] = inputs.slice(end - RATE_HZ, end);
    for (; next < beats.length && beats[next]!.sample < end; next++) {
      const { sample, quality, afterGap } = beats[next]!;
      due.push({ value: end - sample, quality, isBeat: 1, afterGap });
    }
    findings.push(...core.push(due));
  }
  return findings.map(({ timeS, value, baseline, quality, kind, flags }) => {
    return { timeS, value, baseline, quality, kind, afterGap: (flags & 1) !== 0 };
  });
}
