// What the heart's rhythm says about an epoch: the spectrum of the RR intervals in 256 s around it. Breathing (0.15 to 0.4 Hz) is regular
// in deep sleep and ragged in wake and REM; waves of 20 to 80 s come with obstructed breathing, which only sleep brings.

import { MODE_LIVE } from './layout';
import {
  CHANNEL_SPECTRUM,
  SAMPLE_COUNT,
  SAMPLES,
  SAMPLES_PER_EPOCH,
  SPECTRUM_COUNT,
  setValue,
  stateAt,
  WINDOW,
  WINDOW_COUNT,
} from './state';

/** Bins are 1/256 Hz wide; these hold the bands 0.004-0.012, 0.016-0.027, 0.031-0.059, 0.063-0.117 and 0.148-0.398 Hz. */
const BAND_COUNT: i32 = 5;
const BANDS: usize = memory.data<u8>([1, 4, 4, 8, 8, 16, 16, 31, 38, 103]);
const BREATH_FROM: i32 = 38;
const BREATH_TO: i32 = 103;
/** Cyclic variation of the heart rate, 0.012-0.047 Hz, which Guilleminault 1984 saw in sleep apnoea. */
const CYCLIC_FROM: i32 = 3;
const CYCLIC_TO: i32 = 13;
const BIN_COUNT: i32 = BREATH_TO;
const BIN_HZ: f64 = 1.0 / 256.0;
/** ms2: keeps the logarithm of an empty band in range. */
const POWER_MIN: f64 = 1;

/** Live, where nothing after the next epoch is known, the window is highest a minute before its end. */
const TOP_LIVE: i32 = (WINDOW_COUNT * 3) / 4;

/** Writes the spectrum channels of `epoch`; they stay missing where fewer than half of the window's samples are there. */
export function writeSpectrum(at: usize, epoch: i32): void {
  // Live, the window ends with the epoch after this one; else this one is its middle.
  const isLive = stateAt(at).mode === MODE_LIVE;
  const first =
    (epoch + 2) * SAMPLES_PER_EPOCH - WINDOW_COUNT + (isLive ? 0 : (WINDOW_COUNT - 3 * SAMPLES_PER_EPOCH) / 2);
  if (!fillWindow(at, first, isLive ? TOP_LIVE : WINDOW_COUNT / 2)) return;
  transform(at + WINDOW);
  const powers = at + WINDOW;
  let total: f64 = 0;
  for (let band = 0; band < BAND_COUNT; band++) total += bandPower(powers, band);
  for (let band = 0; band < BAND_COUNT; band++) {
    const power = bandPower(powers, band);
    setValue(at, CHANNEL_SPECTRUM + band, epoch, Math.log(power));
    setValue(at, CHANNEL_SPECTRUM + BAND_COUNT + band, epoch, Math.log(power / total));
  }
  writeShape(at, epoch, powers, CHANNEL_SPECTRUM + 10, BREATH_FROM, BREATH_TO);
  writeShape(at, epoch, powers, CHANNEL_SPECTRUM + 12, CYCLIC_FROM, CYCLIC_TO);
  setValue(at, CHANNEL_SPECTRUM + 14, epoch, Math.log(total));
  setValue(at, CHANNEL_SPECTRUM + SPECTRUM_COUNT - 1, epoch, centreHz(powers));
}

/** Copies the window, its mean taken off, risen in until `top` and faded out after it (Hann); a missing sample is the mean. */
function fillWindow(at: usize, first: i32, top: i32): bool {
  let sum: f64 = 0;
  let count = 0;
  for (let i = 0; i < WINDOW_COUNT; i++) {
    const value = sampleAt(at, first + i);
    if (isNaN(value)) continue;
    sum += value;
    count++;
  }
  if (2 * count < WINDOW_COUNT) return false;
  const mean = sum / <f64>count;
  for (let i = 0; i < WINDOW_COUNT; i++) {
    const value = sampleAt(at, first + i);
    const fade =
      0.5 -
      0.5 * Math.cos(Math.PI * (i < top ? <f64>i / <f64>top : <f64>(WINDOW_COUNT - i) / <f64>(WINDOW_COUNT - top)));
    store<f64>(at + WINDOW + ((<usize>i) << 3), isNaN(value) ? 0 : (value - mean) * fade);
  }
  return true;
}

function sampleAt(at: usize, index: i32): f64 {
  const count = stateAt(at).sampleCount;
  if (index < 0 || index >= count || index < count - SAMPLE_COUNT) return NaN;
  return load<f32>(at + SAMPLES + ((<usize>(index & (SAMPLE_COUNT - 1))) << 2));
}

/** Goertzel's recurrence for each bin; the powers stand behind the samples until all are known, then take their place. */
function transform(window: usize): void {
  const powers = window + <usize>(WINDOW_COUNT * 8);
  for (let bin = 1; bin < BIN_COUNT; bin++) store<f64>(powers + ((<usize>bin) << 3), binPower(window, bin));
  memory.copy(window, powers, <usize>(BIN_COUNT * 8));
}

function binPower(window: usize, bin: i32): f64 {
  const turn = 2 * Math.cos((2 * Math.PI * <f64>bin) / <f64>WINDOW_COUNT);
  let one: f64 = 0;
  let two: f64 = 0;
  for (let i: usize = 0; i < <usize>(WINDOW_COUNT * 8); i += 8) {
    const next = load<f64>(window + i) + turn * one - two;
    two = one;
    one = next;
  }
  return (one * one + two * two - turn * one * two) / <f64>WINDOW_COUNT;
}

function powerOf(powers: usize, bin: i32): f64 {
  return load<f64>(powers + ((<usize>bin) << 3));
}

function bandPower(powers: usize, band: i32): f64 {
  return POWER_MIN + sumOf(powers, load<u8>(BANDS + <usize>(2 * band)), load<u8>(BANDS + <usize>(2 * band), 1));
}

function sumOf(powers: usize, from: i32, to: i32): f64 {
  let sum: f64 = 0;
  for (let bin = from; bin < to; bin++) sum += powerOf(powers, bin);
  return sum;
}

/** Two channels: the entropy of the bins' shares, and the largest of them. */
function writeShape(at: usize, epoch: i32, powers: usize, channel: i32, from: i32, to: i32): void {
  const sum = sumOf(powers, from, to);
  let entropy: f64 = 0;
  let largest: f64 = 0;
  for (let bin = from; bin < to; bin++) {
    const share = sum > 0 ? powerOf(powers, bin) / sum : 1 / <f64>(to - from);
    if (share > 0) entropy -= share * Math.log(share);
    largest = max(largest, share);
  }
  setValue(at, channel, epoch, entropy);
  setValue(at, channel + 1, epoch, largest);
}

/** Mean frequency of breathing, weighted by power. */
function centreHz(powers: usize): f64 {
  let sum: f64 = 0;
  for (let bin = BREATH_FROM; bin < BREATH_TO; bin++) sum += powerOf(powers, bin) * <f64>bin * BIN_HZ;
  const power = sumOf(powers, BREATH_FROM, BREATH_TO);
  return power > 0 ? sum / power : 0;
}
