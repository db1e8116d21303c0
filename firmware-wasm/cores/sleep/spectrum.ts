// What the heart's rhythm says about an epoch: the spectrum of the RR intervals in 256 s around it. Breathing (0.15 to 0.4 Hz) is regular
// in deep sleep and ragged in wake and REM; waves of 20 to 80 s come with obstructed breathing, which only sleep brings.

import { placeOfPair, writePowers } from '../../dsp/fft-single';
import { cosOfTurns, logOf } from '../../dsp/single';
import { SAMPLES_PER_MS } from './beats';
import { CODES_PER_ONE, codeAt, codeOf, setCode } from './codes';
import { MODE_LIVE } from './layout';
import { SAMPLES, SAMPLES_PER_EPOCH, spectrumPlace, stateAt, WINDOW, WINDOW_COUNT } from './state';

/** Bins are 1/256 Hz wide; these hold the bands 0.004-0.012, 0.016-0.027, 0.031-0.059, 0.063-0.117 and 0.148-0.398 Hz. */
const BAND_COUNT: i32 = 5;
const BANDS: usize = memory.data<u8>([1, 4, 4, 8, 8, 16, 16, 31, 38, 103]);
const BREATH_FROM: i32 = 38;
const BREATH_TO: i32 = 103;
/** Cyclic variation of the heart rate, 0.012-0.047 Hz, which Guilleminault 1984 saw in sleep apnoea. */
const CYCLIC_FROM: i32 = 3;
const CYCLIC_TO: i32 = 13;
const BIN_COUNT: i32 = BREATH_TO;
const BIN_HZ: f32 = 1.0 / 256.0;
/** ms2: keeps the logarithm of an empty band in range. */
const POWER_MIN: f32 = 1;
/** A power in ms2 over the window's samples. */
const POWER_UNIT: f32 = 1.0 / <f32>WINDOW_COUNT;

/** Half a step of the samples, ms: a window is half of one less a cosine. */
const HALF_MS: f32 = <f32>0.5 / SAMPLES_PER_MS;

/** Of each channel what one step of its code is: shares have logarithms below 0, and what has little range finer steps. */
const CODE_UNITS: usize = memory.data<f32>([
  0.000244140625, 0.000244140625, 0.000244140625, 0.000244140625, 0.000244140625, -0.000244140625, -0.000244140625,
  -0.000244140625, -0.000244140625, -0.000244140625, 0.000244140625, 0.000030517578125, 0.000244140625,
  0.000030517578125, 0.000244140625, 0.0000152587890625,
]);
const SHAPE_CODES: f32 = CODES_PER_ONE * 8;
const CENTRE_CODES: f32 = CODES_PER_ONE * 16;
const BREATH_SHAPE: i32 = 10;
const CYCLIC_SHAPE: i32 = 12;
const TOTAL: i32 = 14;
const CENTRE: i32 = 15;

/** Live, where nothing after the next epoch is known, the window is highest a minute before its end. */
const TOP_LIVE: i32 = (WINDOW_COUNT * 3) / 4;

/** Value of a channel; NaN where it is missing is the caller's to ask (`codeAt`). */
export function unitOf(channel: i32): f32 {
  return load<f32>(CODE_UNITS + ((<usize>channel) << 2));
}

/** Writes the spectrum channels of `epoch`; they stay missing where fewer than half of the window's samples are there. */
export function writeSpectrum(at: usize, epoch: i32): void {
  // Live, the window ends with the epoch after this one; else this one is its middle.
  const isLive = stateAt(at).mode === MODE_LIVE;
  const first =
    (epoch + 2) * SAMPLES_PER_EPOCH - WINDOW_COUNT + (isLive ? 0 : (WINDOW_COUNT - 3 * SAMPLES_PER_EPOCH) / 2);
  if (!fillWindow(at, first, isLive ? TOP_LIVE : WINDOW_COUNT / 2)) return;
  const powers = at + WINDOW;
  writePowers(powers, BIN_COUNT);
  let total: f32 = 0;
  for (let band = 0; band < BAND_COUNT; band++) total += bandPower(powers, band);
  const logTotal = logOf(total);
  for (let band = 0; band < BAND_COUNT; band++) {
    const log = logOf(bandPower(powers, band));
    setChannel(at, band, epoch, log, CODES_PER_ONE);
    setChannel(at, BAND_COUNT + band, epoch, logTotal - log, CODES_PER_ONE);
  }
  writeShape(at, epoch, powers, BREATH_SHAPE, BREATH_FROM, BREATH_TO);
  writeShape(at, epoch, powers, CYCLIC_SHAPE, CYCLIC_FROM, CYCLIC_TO);
  setChannel(at, TOTAL, epoch, logTotal, CODES_PER_ONE);
  setChannel(at, CENTRE, epoch, centreHz(powers), CENTRE_CODES);
}

function setChannel(at: usize, channel: i32, epoch: i32, value: f32, codesPerOne: f32): void {
  setCode(spectrumPlace(at, channel, epoch), codeOf(value, codesPerOne));
}

/** Is there a spectrum of the epoch? */
export function hasSpectrum(at: usize, epoch: i32): bool {
  return codeAt(spectrumPlace(at, 0, epoch)) !== 0xffff;
}

/** Copies the window, its mean taken off, risen in until `top` and faded out after it (Hann); a missing sample is the mean. */
function fillWindow(at: usize, first: i32, top: i32): bool {
  const state = stateAt(at);
  const from = max(0, max(-first, state.sampleCount - state.sampleMask - 1 - first));
  const to = min(WINDOW_COUNT, state.sampleCount - first);
  let sum = 0;
  let count = 0;
  for (let i = from; i < to; i++) {
    const sample = <i32>load<u16>(at + SAMPLES + ((<usize>((first + i) & state.sampleMask)) << 1));
    sum += sample;
    count += sample > 0 ? 1 : 0;
  }
  if (2 * count < WINDOW_COUNT) return false;
  const mean = <f32>sum / <f32>count;
  fade(at, first, 0, top, from, to, mean);
  fade(at, first, top, WINDOW_COUNT, from, to, mean);
  return true;
}

/** Half a turn: from where the window begins to its top, or from there to where it has ended. Samples there are from `from` to `to`. */
function fade(at: usize, first: i32, begin: i32, end: i32, from: i32, to: i32, mean: f32): void {
  const angle = <f32>Math.PI / <f32>(end - begin);
  const stepRe = cosOfTurns(<f32>0.5 / <f32>(end - begin));
  const stepIm = angle - (angle * angle * angle) / 6;
  let re: f32 = begin === 0 ? 1 : -1;
  let im: f32 = 0;
  const mask = stateAt(at).sampleMask;
  let place = at + WINDOW;
  for (let i = begin; i < end; i++) {
    place = i & 1 ? place + 4 : at + WINDOW + ((<usize>placeOfPair(i >> 1)) << 3);
    const sample = <i32>load<u16>(at + SAMPLES + ((<usize>((first + i) & mask)) << 1));
    const isThere = i >= from && i < to && sample > 0;
    store<f32>(place, isThere ? (<f32>sample - mean) * (1 - re) * HALF_MS : 0);
    const next = re * stepRe - im * stepIm;
    im = re * stepIm + im * stepRe;
    re = next;
  }
}

function powerOf(powers: usize, bin: i32): f32 {
  return load<f32>(powers + ((<usize>bin) << 2));
}

function bandPower(powers: usize, band: i32): f32 {
  return (
    POWER_MIN + sumOf(powers, load<u8>(BANDS + <usize>(2 * band)), load<u8>(BANDS + <usize>(2 * band), 1)) * POWER_UNIT
  );
}

function sumOf(powers: usize, from: i32, to: i32): f32 {
  let sum: f32 = 0;
  for (let bin = from; bin < to; bin++) sum += powerOf(powers, bin);
  return sum;
}

/** Two channels: the entropy of the bins' shares, and the largest of them. */
function writeShape(at: usize, epoch: i32, powers: usize, channel: i32, from: i32, to: i32): void {
  const sum = sumOf(powers, from, to);
  let entropy: f32 = 0;
  let largest: f32 = 0;
  for (let bin = from; bin < to; bin++) {
    const share = sum > 0 ? powerOf(powers, bin) / sum : 1 / <f32>(to - from);
    // What is smaller adds nothing that could be seen, and would be no normal number.
    if (share > 1e-30) entropy -= share * logOf(share);
    if (share > largest) largest = share;
  }
  setChannel(at, channel, epoch, entropy, CODES_PER_ONE);
  setChannel(at, channel + 1, epoch, largest, SHAPE_CODES);
}

/** Mean frequency of breathing, weighted by power. */
function centreHz(powers: usize): f32 {
  let sum: f32 = 0;
  for (let bin = BREATH_FROM; bin < BREATH_TO; bin++) sum += powerOf(powers, bin) * <f32>bin;
  const power = sumOf(powers, BREATH_FROM, BREATH_TO);
  return power > 0 ? (sum / power) * BIN_HZ : 0;
}
