// Features of an epoch from the spectrum of the RR intervals around it: nine values as they are, then of each of the sixteen three means in
// the person's own units.

import { codeAt, MISSING } from './codes';
import { write } from './features';
import { hasSpectrum, unitOf } from './spectrum';
import { FEATURES, SPECTRUM_COUNT, STATS, spectrumPlace, spectrumRow, stateAt } from './state';

const DEVIATION_MIN: f32 = 1e-3;
/** Of a spectrum: its shares and shapes speak for themselves; powers are the person's own matter. */
const SHARE_FIRST: i32 = 5;
const SHARE_COUNT: i32 = 9;

/** Counts the spectra before `end` into means and deviations, one after the other (Welford 1962). */
export function countSpectra(at: usize, end: i32): void {
  const state = stateAt(at);
  for (; state.nextCounted < end; state.nextCounted++) {
    const epoch = state.nextCounted;
    if (!hasSpectrum(at, epoch)) continue;
    state.countedSpectra += 1;
    const share = <f32>1 / <f32>state.countedSpectra;
    for (let channel = 0; channel < SPECTRUM_COUNT; channel++) {
      const stats = at + STATS + ((<usize>channel) << 3);
      const code = <f32>codeAt(spectrumPlace(at, channel, epoch));
      const away = code - load<f32>(stats);
      const mean = load<f32>(stats) + away * share;
      store<f32>(stats, mean);
      store<f32>(stats, load<f32>(stats, 4) + away * (code - mean), 4);
    }
  }
}

/** Writes the features of `epoch`, NaN where there is nothing, and returns how many. */
export function writeSpectrumFeatures(at: usize, epoch: i32, end: i32): i32 {
  let into = at + FEATURES;
  const isThere = hasSpectrum(at, epoch);
  for (let i = SHARE_FIRST; i < SHARE_FIRST + SHARE_COUNT; i++)
    into = write(into, isThere ? <f32>codeAt(spectrumPlace(at, i, epoch)) * unitOf(i) : NaN);
  for (let channel = 0; channel < SPECTRUM_COUNT; channel++) {
    const stats = at + STATS + ((<usize>channel) << 3);
    const mean = load<f32>(stats);
    const unit = unitOf(channel);
    const deviation = sqrt<f32>(load<f32>(stats, 4) / <f32>stateAt(at).countedSpectra) * abs(unit);
    const scale = unit / (deviation > DEVIATION_MIN ? deviation : DEVIATION_MIN);
    into = write(into, (meanOf(at, channel, epoch, epoch + 1) - mean) * scale);
    into = write(into, (meanOf(at, channel, epoch - 5, min(end, epoch + 6)) - mean) * scale);
    into = write(into, (meanOf(at, channel, epoch - 20, min(end, epoch + 21)) - mean) * scale);
  }
  return <i32>((into - at - FEATURES) >> 2);
}

/** Mean code from epoch `from` up to but not `to`; NaN where there is none. */
function meanOf(at: usize, channel: i32, from: i32, to: i32): f32 {
  let sum = 0;
  let count = 0;
  const row = spectrumRow(at, channel);
  const mask = stateAt(at).spectrumMask;
  for (let epoch = max(0, from); epoch < to; epoch++) {
    const code = codeAt(row + ((<usize>(epoch & mask)) << 1));
    if (code === MISSING) continue;
    sum += code;
    count++;
  }
  return count > 0 ? <f32>sum / <f32>count : NaN;
}
