// A person wearing an ECG sensor, as a function of a seed: the counts a device would store, and the truth behind them.
//
//   rhythm (beat times) -> morphology (mV) -> breathing, wander, mains hum, noise -> counts
//
// Only the beats are kept; every sample is computed when asked for, from its index alone. So a device can serve any block of
// a day-long log at any time, and the blocks agree with the whole.
import { createRng, hash32, type Rng } from '../world/rng.ts';
import { sinTurns } from './exact-math.ts';
import { BEAT_REACH_S, beatMv, type Wave, wavesOf } from './morphology.ts';
import { type BeatKind, createRhythm, type Rhythm } from './rhythm.ts';
import { MISSING_COUNT, type Settings, settle, type WearerOptions } from './wearer-options.ts';

export { MISSING_COUNT, type WearerOptions } from './wearer-options.ts';

export interface Wearer {
  readonly rateHz: number;
  readonly unit: 'mV';
  readonly gain: number;
  readonly offset: number;
  readonly bits: number;
  readonly sampleCount: number;
  readonly blockSampleCount: number;
  readonly blockCount: number;
  /** Any block of the log; the last one may be shorter. Throws RangeError outside 0 .. blockCount - 1. */
  block(index: number): Int16Array;
  /** The whole log, block by block. */
  counts(): Iterable<Int16Array>;
  readonly truth: WearerTruth;
}

export interface WearerTruth {
  /** Times of the R peaks, seconds from the first sample. */
  readonly beatTimesS: Float64Array;
  readonly beatKind: readonly BeatKind[];
  /** rrMs[i] is the interval between beats i and i + 1: one shorter than the beats. */
  readonly rrMs: Float64Array;
  /** Stretches without signal, in samples, the second one past the end. */
  readonly missing: readonly { readonly fromSample: number; readonly toSample: number; readonly reason: 'lead-off' }[];
}

const BREATH_AMPLITUDE_SHARE = 0.07; // the heart turns and the chest widens with each breath; a few per cent in lead II
const SLOW_WANDER_HZ = 0.031; // below breathing: electrode and skin

/** What sampleMv needs, computed once. */
interface Body {
  readonly settings: Settings;
  readonly rhythm: Rhythm;
  readonly noiseKey: number;
  readonly phases: { readonly breath: number; readonly slow: number; readonly mains: number };
}

/**
 * @example
 * const wearer = createWearer({ seed: 7, durationS: 300, rateHz: 250 });
 * const firstSecond = wearer.block(0).subarray(0, 250);
 */
export function createWearer(options: WearerOptions): Wearer {
  const settings = settle(options);
  const rng = createRng(settings.seed);
  const body = createBody(settings, rng);
  const sampleCount = Math.floor(settings.durationS * settings.rateHz);
  const { blockSampleCount } = settings;
  const blockCount = Math.ceil(sampleCount / blockSampleCount);
  const block = (index: number): Int16Array => {
    if (!Number.isInteger(index) || index < 0 || index >= blockCount) {
      throw new RangeError(`block ${index} is outside 0..${blockCount - 1}`);
    }
    const from = index * blockSampleCount;
    return computeCounts(body, from, Math.min(blockSampleCount, sampleCount - from));
  };
  function* counts(): Iterable<Int16Array> {
    for (let index = 0; index < blockCount; index++) yield block(index);
  }
  const { rateHz, gain, offset, bits } = settings;
  const truth = describeTruth(body, sampleCount);
  return { rateHz, unit: 'mV', gain, offset, bits, sampleCount, blockSampleCount, blockCount, block, counts, truth };
}

function createBody(settings: Settings, rng: Rng): Body {
  const rhythm = createRhythm(
    {
      durationS: settings.durationS,
      meanRrS: 60 / settings.meanHeartRateBpm,
      sdnnS: settings.sdnnMs / 1000,
      lfHfRatio: settings.lfHfRatio,
      respirationHz: settings.respirationHz,
      ectopicsPerHour: settings.ectopicsPerHour,
    },
    rng.fork('rhythm'),
  );
  const drawn = rng.fork('signal');
  const phases = { breath: drawn.nextUnit(), slow: drawn.nextUnit(), mains: drawn.nextUnit() };
  return { settings, rhythm, phases, noiseKey: drawn.nextUint32() };
}

function describeTruth({ rhythm, settings }: Body, sampleCount: number): WearerTruth {
  const { beatTimesS, beatKind } = rhythm;
  const rrMs = new Float64Array(Math.max(0, beatTimesS.length - 1));
  for (let index = 0; index < rrMs.length; index++) {
    rrMs[index] = (beatTimesS[index + 1]! - beatTimesS[index]!) * 1000;
  }
  const fromSample = Math.min(sampleCount, Math.max(0, settings.leadOff.fromSample));
  const toSample = Math.min(sampleCount, settings.leadOff.toSample);
  const missing = toSample > fromSample ? [{ fromSample, toSample, reason: 'lead-off' as const }] : [];
  return { beatTimesS, beatKind, rrMs, missing };
}

function computeCounts(body: Body, from: number, count: number): Int16Array {
  const { settings } = body;
  const { rateHz, gain, offset, bits } = settings;
  const beats = beatsNear(body.rhythm, from / rateHz, (from + count) / rateHz);
  const countMax = (1 << (bits - 1)) - 1;
  const counts = new Int16Array(count);
  for (let index = 0; index < count; index++) {
    const sample = from + index;
    if (sample >= settings.leadOff.fromSample && sample < settings.leadOff.toSample) {
      counts[index] = MISSING_COUNT;
      continue;
    }
    const value = Math.floor(sampleMv(body, beats, sample) * gain + offset + 0.5);
    // The lowest count means "missing", so a clipped signal stops one above it.
    counts[index] = Math.min(countMax, Math.max(-countMax, value));
  }
  return counts;
}

function sampleMv(body: Body, beats: readonly NearBeat[], sample: number): number {
  const { settings, phases } = body;
  const timeS = sample / settings.rateHz;
  const breath = sinTurns(settings.respirationHz * timeS + phases.breath);
  let heartMv = 0;
  for (const beat of beats) {
    const fromPeakS = timeS - beat.timeS;
    if (fromPeakS > -BEAT_REACH_S && fromPeakS < BEAT_REACH_S) heartMv += beatMv(beat.waves, fromPeakS);
  }
  const slow = sinTurns(SLOW_WANDER_HZ * timeS + phases.slow);
  const wanderMv = settings.wanderMv * (0.4 * breath + 0.6 * slow);
  const humMv = settings.mainsMv * sinTurns(settings.mainsHz * timeS + phases.mains);
  const noiseMv = settings.noiseMv * normalAt(body.noiseKey, sample);
  return heartMv * (1 + BREATH_AMPLITUDE_SHARE * breath) + wanderMv + humMv + noiseMv;
}

/** Nearly normal noise of variance 1 for one sample, from its index alone: four 16-bit uniforms, summed. */
function normalAt(key: number, sample: number): number {
  const first = hash32(key, 2 * sample);
  const second = hash32(key, 2 * sample + 1);
  const sum = (first & 0xffff) + (first >>> 16) + (second & 0xffff) + (second >>> 16);
  return (sum - 2 * 65_535) * UNIFORM_SUM_SCALE;
}

const UNIFORM_SUM_SCALE = 1.7320508075688772 / 65_536; // four uniforms of width 1 have variance 1/3

interface NearBeat {
  readonly timeS: number;
  readonly waves: readonly Wave[];
}

/** Beats that reach into a stretch, with their shapes. A beat's shape follows the interval before it. */
function beatsNear({ beatTimesS, beatKind }: Rhythm, fromS: number, toS: number): NearBeat[] {
  const near: NearBeat[] = [];
  for (let index = firstAtOrAfter(beatTimesS, fromS - BEAT_REACH_S); index < beatTimesS.length; index++) {
    const timeS = beatTimesS[index]!;
    if (timeS > toS + BEAT_REACH_S) break;
    const rrS = timeS - (beatTimesS[index - 1] ?? 0);
    near.push({ timeS, waves: wavesOf(beatKind[index] ?? 'N', rrS) });
  }
  return near;
}

function firstAtOrAfter(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
