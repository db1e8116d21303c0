// The compiled core against NeuroKit2, on real recordings and on made ones.

import { describe, expect, it } from 'vitest';
import { HRV_NONLINEAR_NAMES } from '../../index.ts';
import {
  GAP_AWARE_COLUMNS,
  GOLDEN_ORIGIN,
  type GoldenHrv,
  madeSeries,
  realSeries,
} from '../../vectors/golden-hrv.testkit.ts';
import { describeSharedData } from '../../vectors/shared-data.testkit.ts';
import { PROFILE, valuesOf } from './hrv-nonlinear.testkit.ts';

const RELATIVE = 1e-9;
/** Of values that should be 0 and are roundings in NeuroKit2. */
const ABSOLUTE = 1e-12;

/** Columns that differ from what NeuroKit2 gives; where there are gaps, only those that it computes without reaching across them. */
function differences({ rrMs, gaps, values, rqa }: GoldenHrv, profile: number): string[] {
  const expected = { ...values, ...rqa };
  const ours = valuesOf(
    rrMs,
    gaps.map(({ before }) => before),
    profile,
  );
  return HRV_NONLINEAR_NAMES.flatMap((name) => {
    // Baevsky's indices are not NeuroKit2's.
    if (!(name in expected) || (gaps.length > 0 && !GAP_AWARE_COLUMNS.includes(name))) return [];
    const theirs = expected[name] ?? null;
    const own = ours[name];
    if (theirs === null || own === null) return theirs === own ? [] : [`${name}: ${own}, NeuroKit2 ${theirs}`];
    const isSame = Math.abs(own - theirs) <= Math.max(ABSOLUTE, RELATIVE * Math.abs(theirs));
    return isSame ? [] : [`${name}: ${own}, NeuroKit2 ${theirs}`];
  });
}

describe(`hrv-nonlinear in the profile neurokit gives what ${GOLDEN_ORIGIN} gives`, () => {
  for (const golden of madeSeries()) {
    it(`for ${golden.name}`, () => expect(differences(golden, PROFILE.neurokit)).toEqual([]));
  }
  describeSharedData('for real recordings', 'welltory_hrv_covid19', () => {
    for (const golden of realSeries().series!) {
      it(`for ${golden.name}`, () => expect(differences(golden, PROFILE.neurokit)).toEqual([]));
    }
  });

  it('and in the profile maibo all but the area under a single point', () => {
    const short = madeSeries().find(({ rrMs }) => rrMs.length === 60)!;
    expect(differences(short, PROFILE.maibo)).toEqual(['HRV_MSEn: null, NeuroKit2 0']);
  });

  it('knows all columns but the seven of the core hrv', () => {
    const { values, rqa } = madeSeries()[0]!;
    const nonlinear = Object.keys(values).slice(Object.keys(values).indexOf('HRV_SD1'));
    const ofHrv = ['SD1', 'SD2', 'SD1SD2', 'S', 'DFA_alpha1', 'DFA_alpha2', 'SampEn'].map((name) => `HRV_${name}`);
    const baevsky = ['si', 'sqrtSi', 'ivr', 'vpr', 'papr', 'moS', 'amoPercent', 'mxDMnS'];
    const expected = [...nonlinear.filter((name) => !ofHrv.includes(name)), ...Object.keys(rqa), ...baevsky];
    expect([...HRV_NONLINEAR_NAMES].sort()).toEqual(expected.sort());
  });
});
