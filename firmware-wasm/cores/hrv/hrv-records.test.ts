// What others say of series they publish: a vendor's own indices of its measurements.

import { expect, it } from 'vitest';
import { HrvCore, HrvNonlinearCore, toIntervals, WHOLE_SERIES } from '../../index.ts';
import { welltoryRows } from '../../vectors/golden-hrv.testkit.ts';
import { describeSharedData } from '../../vectors/shared-data.testkit.ts';

function valuesOf(rrMs: readonly number[], profile: number) {
  const core = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: Math.max(2, rrMs.length), profile });
  return core.compute(toIntervals(rrMs.map((rr) => ({ rrMs: rr }))))[0]!.values;
}

describeSharedData('the measurements of welltory_hrv_covid19', 'welltory_hrv_covid19', () => {
  const rows = welltoryRows();

  it('have the SDNN, RMSSD and pNN50 that their vendor gives, to its rounding', () => {
    const wrong = rows!.filter(({ rrMs, sdnnMs, rmssdMs, pnn50Percent }) => {
      const { HRV_SDNN, HRV_RMSSD, HRV_pNN50 } = valuesOf(rrMs, 0);
      const agree = [
        [HRV_SDNN, sdnnMs, 0.0005],
        [HRV_RMSSD, rmssdMs, 0.0005],
        [HRV_pNN50, pnn50Percent, 0.005],
      ] as const;
      return agree.some(([ours, theirs, half]) => Math.abs(ours! - theirs) > half * 1.001);
    });
    expect(wrong).toEqual([]);
    expect(rows!.length).toBeGreaterThan(1_000);
  });

  it('have its mode exactly, and the share of intervals in it to whole per cent', () => {
    const wrong = rows!.filter(({ rrMs, modeS, amoPercent }) => {
      const core = HrvNonlinearCore.create({ ...WHOLE_SERIES, intervalCountMax: Math.max(2, rrMs.length) });
      const { moS, amoPercent: share, mxDMnS } = core.compute(toIntervals(rrMs.map((rr) => ({ rrMs: rr }))))[0]!.values;
      // Within one bin's width there is no histogram to speak of.
      if (mxDMnS === null) return false;
      return Math.abs(moS! - modeS) > 1e-9 || Math.abs(share! - amoPercent) > 0.5 + 1e-9;
    });
    expect(wrong).toEqual([]);
  });
});
