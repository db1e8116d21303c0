// Noise like that of a moving electrode, of our own making, mixed into clean recordings at a calibrated ratio.
//
// Moody, Muldrow & Mark 1984 (the noise stress test): noise from 5:00 on, two minutes with and two without, at a signal-to-noise ratio
// whose signal power is that of the QRS (peak-to-peak squared / 8). Electrode motion is the hardest noise because it looks like beats:
// wander, steps that recover through the amplifier's high-pass, and bumps in the QRS band, in bursts.

const NOISE_FROM_S = 300;
const NOISE_SPELL_S = 120;
const QRS_HALF_S = 0.05;
const CALIBRATION_BEATS = 300;

/** mulberry32: a published 32-bit generator, enough for a bench. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Noise of mean 0 and variance 1. */
export function electrodeNoise(sampleCount: number, rateHz: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
  const follow = (cutHz: number) => 1 - Math.exp((-2 * Math.PI * cutHz) / rateHz);
  const [slow, fast, smooth, swell] = [follow(0.5), follow(5), follow(12), follow(0.7)];
  let [wander, bump1, bump2, step, recoveryS, soft1, soft2, loud, loudTo] = [0, 0, 0, 0, 0.2, 0, 0, 1, 1];
  const noise = new Float64Array(sampleCount);
  for (let index = 0; index < sampleCount; index++) {
    // About every two seconds the wearer moves more or less than before.
    if (random() < 0.5 / rateHz) loudTo = Math.exp(0.8 * normal());
    loud += (loudTo - loud) * swell;
    const white = normal();
    wander += (white - wander) * slow;
    bump1 += (white - bump1) * fast;
    bump2 += (bump1 - bump2) * fast;
    if (random() < 0.8 / rateHz) {
      step += 3 * normal();
      recoveryS = 0.05 + 0.4 * random();
    }
    step -= step / (recoveryS * rateHz);
    soft1 += (step - soft1) * smooth;
    soft2 += (soft1 - soft2) * smooth;
    noise[index] = loud * (6 * bump2 + 8 * wander + 0.35 * soft2);
  }
  return normalise(noise);
}

function normalise(noise: Float64Array): Float64Array {
  const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
  const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length;
  return noise.map((value) => (value - mean) / Math.sqrt(variance));
}

/** A copy of the signal with noise at `snrDb`, in the spells in which it is on. */
export function addElectrodeNoise(
  samples: Float32Array,
  rateHz: number,
  beats: readonly number[],
  how: { snrDb: number; seed: number },
): Float32Array {
  const signalPower = qrsHeight(samples, rateHz, beats) ** 2 / 8;
  const gain = Math.sqrt(signalPower / 10 ** (how.snrDb / 10));
  const noise = electrodeNoise(samples.length, rateHz, how.seed);
  return samples.map((value, index) => (isNoisy(index / rateHz) ? value + gain * (noise[index] as number) : value));
}

/** Whether the noise is on at this time of the record. */
export function isNoisy(timeS: number): boolean {
  return timeS >= NOISE_FROM_S && Math.floor((timeS - NOISE_FROM_S) / NOISE_SPELL_S) % 2 === 0;
}

/** Median height of the QRS, peak to peak. */
function qrsHeight(samples: Float32Array, rateHz: number, beats: readonly number[]): number {
  const half = Math.round(QRS_HALF_S * rateHz);
  const heights = beats.slice(0, CALIBRATION_BEATS).map((beat) => {
    const near = samples.subarray(Math.max(0, beat - half), beat + half + 1);
    return (
      near.reduce((high, value) => Math.max(high, value), -Infinity) -
      near.reduce((low, value) => Math.min(low, value), Infinity)
    );
  });
  return heights.toSorted((a, b) => a - b)[Math.floor(heights.length / 2)] ?? 0;
}
