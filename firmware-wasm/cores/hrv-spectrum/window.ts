// One window: its ten values and their standard errors.

import { IntervalWindow } from '../../dsp/interval-window';
import { computeSpectrum } from '../../dsp/spectrum/spectrum';
import { sealBits } from '../../dsp/valid-bits';
import { endsOf, rrsOf, WideIntervals } from '../../dsp/wide-intervals';
import { describeDue } from '../../dsp/window-head';
import { HrvSpectrum, KIND_ERRORS, KIND_VALUES } from './layout';
import { errorsOf, settingsOf, valuesOf, workBytesOf, workOf } from './state';

const VALUES_OFFSET: usize = offsetof<HrvSpectrum>('ULF');
const VALUE_COUNT: i32 = <i32>((<i32>offsetof<HrvSpectrum>() - <i32>offsetof<HrvSpectrum>('ULF')) >> 3);

/** Fill the two findings of the window that is due. */
export function computeDueWindow(at: usize): void {
  const values = changetype<usize>(valuesOf(at));
  const errors = changetype<usize>(errorsOf(at));
  const isEnough = describeDue<WideIntervals>(at, values + offsetof<HrvSpectrum>('fromMs'), KIND_VALUES);
  describeDue<WideIntervals>(at, errors + offsetof<HrvSpectrum>('fromMs'), KIND_ERRORS);
  const settings = settingsOf(at);
  computeSpectrum(
    values + VALUES_OFFSET,
    errors + VALUES_OFFSET,
    rrsOf(at),
    endsOf(at),
    isEnough ? changetype<IntervalWindow>(at).dueCount : 0,
    settings.profile,
    settings.method,
    workOf(at),
    workBytesOf(at),
  );
  sealBits(values, values + VALUES_OFFSET, VALUE_COUNT);
  sealBits(errors, errors + VALUES_OFFSET, VALUE_COUNT);
}
