// The compiled hrv core against NeuroKit2, on real recordings and on made ones.

import { describe, expect, it } from 'vitest';
import { HRV_INDICES_NAMES, HrvCore, toIntervals, WHOLE_SERIES } from '../../index.ts';
import {
  GAP_AWARE_COLUMNS,
  GOLDEN_ORIGIN,
  type GoldenHrv,
  madeSeries,
  realSeries,
} from '../../vectors/golden-hrv.testkit.ts';
import { describeSharedData } from '../../vectors/shared-data.testkit.ts';

const RELATIVE = 1e-6;
/** The core rounds an interval to a tick, by at most 3e-5 ms: order statistics, which no mean evens out, are off by up to three times that. */
const LENGTH_MS = 1e-4;
/** Of the core's values without a unit: a length over the median, slopes of logarithms. */
const RATIO = 3e-6;
const RATIOS = ['CVNN', 'CVSD', 'MCVNN', 'SDRMSSD', 'SD1SD2', 'DFA_alpha1', 'DFA_alpha2'].map((name) => `HRV_${name}`);
/** An interval that ends exactly with a segment is in the next one; NeuroKit2's sum of seconds may round it into the one before. */
const SEGMENTS_RELATIVE = 2e-4;
const NEUROKIT = 1;
/** The core has powers in its own profile alone; hrv-spectrum has NeuroKit2's. */
const POWERS = ['ULF', 'VLF', 'LF', 'HF', 'VHF', 'TP', 'LFHF', 'LFn', 'HFn', 'LnHF'].map((name) => `HRV_${name}`);

function computed({ rrMs, gaps }: GoldenHrv, profile: number) {
  const core = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: Math.max(2, rrMs.length), profile });
  const missing = new Map(gaps.map(({ before, missingMs }) => [before, missingMs]));
  const intervals = rrMs.map((rr, i) => ({ rrMs: rr, afterGap: missing.has(i), gapMs: missing.get(i) ?? 0 }));
  return core.compute(toIntervals(intervals))[0]!.values;
}

/** Columns that differ from what NeuroKit2 gives. */
function differences(golden: GoldenHrv, ours: Readonly<Record<string, number | null>>, expected: GoldenHrv['values']) {
  const names = golden.gaps.length > 0 ? GAP_AWARE_COLUMNS : Object.keys(expected);
  return names.flatMap((name) => {
    if (!(name in expected) || !(HRV_INDICES_NAMES as readonly string[]).includes(name) || POWERS.includes(name))
      return [];
    const [theirs, own] = [expected[name] ?? null, ours[name] ?? null];
    const agree =
      theirs === null || own === null ? theirs === own : Math.abs(own - theirs) <= toleranceOf(name, theirs);
    return agree ? [] : [`${name}: ${own}, NeuroKit2 ${theirs}`];
  });
}

function toleranceOf(name: string, theirs: number): number {
  const relative = /SDANN|SDNNI/.test(name) ? SEGMENTS_RELATIVE : RELATIVE;
  return Math.max(relative * Math.abs(theirs), RATIOS.includes(name) ? RATIO : LENGTH_MS);
}

function check(golden: GoldenHrv): void {
  expect(differences(golden, computed(golden, NEUROKIT), golden.values)).toEqual([]);
}

describe(`hrv in the profile neurokit gives what ${GOLDEN_ORIGIN} gives`, () => {
  for (const golden of madeSeries()) it(`for ${golden.name}`, () => check(golden));

  describeSharedData('for real recordings', 'welltory_hrv_covid19', () => {
    for (const golden of realSeries().series!) it(`for ${golden.name}`, () => check(golden));
  });
});
