// What a channel's name and unit suggest. A guess, never a promise: 'other' when in doubt.

import type { SignalKind } from './recording.ts';

const ECG_NAME = /ecg|ekg|^(?:ML|CM|CC)?(?:I{1,3}|V\d?|V\d-V\d|aV[RLF])$/i;
const PPG_NAME = /ppg|pleth|bvp|photopleth/i;
const ACC_NAME = /^acc|accel|^[xyz]$/i;
const ACC_UNIT = /^(g|mg|m\/s\^?2|m\/s²|g\/64)$/i;
const RR_NAME = /^(rr|rri|ibi|nn|r-r|rr_?interval|rr-interval|ppi)(\W|_|$)/i;

export function guessSignalKind(name: string, unit = ''): SignalKind {
  const trimmed = name.trim();
  if (RR_NAME.test(trimmed)) return 'rr';
  if (PPG_NAME.test(trimmed)) return 'ppg';
  if (ACC_NAME.test(trimmed) || ACC_UNIT.test(unit.trim())) return 'acc';
  return ECG_NAME.test(trimmed) ? 'ecg' : 'other';
}
