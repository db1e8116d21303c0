// Features of an epoch from the spectrum of the RR intervals around it: nine values as they are, then of each of the sixteen three means in
// the person's own units.

import { write } from './features';
import { CHANNEL_SPECTRUM, FEATURES, SPECTRUM_COUNT } from './state';
import { deviationOf, meanOf, valueAt } from './windows';

const DEVIATION_MIN: f32 = 1e-3;
/** Of a spectrum: its shares and shapes speak for themselves; powers are the person's own matter. */
const SHARE_FIRST: i32 = CHANNEL_SPECTRUM + 5;
const SHARE_COUNT: i32 = 9;

/** Writes the features of `epoch`, NaN where there is nothing, and returns how many. */
export function writeSpectrumFeatures(at: usize, epoch: i32, end: i32): i32 {
  let into = at + FEATURES;
  for (let i = 0; i < SHARE_COUNT; i++) into = write(into, valueAt(at, SHARE_FIRST + i, epoch));
  for (let channel = CHANNEL_SPECTRUM; channel < CHANNEL_SPECTRUM + SPECTRUM_COUNT; channel++) {
    const mean = meanOf(at, channel, 0, end);
    const scale = <f32>1 / max(DEVIATION_MIN, deviationOf(at, channel, 0, end));
    into = write(into, (valueAt(at, channel, epoch) - mean) * scale);
    into = write(into, (meanOf(at, channel, epoch - 5, min(end, epoch + 6)) - mean) * scale);
    into = write(into, (meanOf(at, channel, epoch - 20, min(end, epoch + 21)) - mean) * scale);
  }
  return <i32>((into - at - FEATURES) >> 3);
}
