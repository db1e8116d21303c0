// One epoch: which models know something about it, what they say together, and the stages that follow.

import { writeFeatures } from './features';
import { MODEL_PLACES, MODELS } from './generated/weights.gen';
import {
  MODE_LIVE,
  SleepFinding,
  SOURCE_ACTIVITY,
  SOURCE_HEART_SPREAD,
  SOURCE_INTERVALS,
  STAGE_LIGHT,
  STAGE_REM,
  STAGE_UNKNOWN,
} from './layout';
import { addProbabilities, decisionsOf } from './network';
import { writeSpectrumFeatures } from './spectrum-features';
import { CHANNEL_ACTIVITY, CHANNEL_SPECTRUM, CHANNEL_SPREAD, EPOCH_S, PROBABILITIES, stateAt } from './state';
import { largestOf } from './windows';

/** A value this many epochs away is near enough to judge an epoch by. */
const NEAR_EPOCHS: i32 = 3;

/** Order of the models: live and morning of each of these. Of the wrist the two are one. */
const MODEL_ACTIVITY: i32 = 0;
const MODEL_ACTIVITY_AND_SPREAD: i32 = 1;
const MODEL_INTERVALS: i32 = 2;

/** Judges `epoch` by what is known before `end`; live, the spectrum of the epoch after it is not known yet. */
export function writeFinding(at: usize, epoch: i32, end: i32, finding: SleepFinding): void {
  finding.timeS = <f64>epoch * EPOCH_S;
  const spectrumEnd = stateAt(at).mode === MODE_LIVE ? epoch + 1 : end;
  finding.used = usedFor(at, epoch, end, spectrumEnd);
  const sum = at + PROBABILITIES;
  memory.fill(sum, 0, 32);
  const intervalShare: f64 =
    (finding.used & SOURCE_INTERVALS) === 0 ? 0 : (finding.used & SOURCE_ACTIVITY) === 0 ? 1 : 0.5;
  // Of two models the last to speak also brings the factors for the decision.
  let decisions: usize = 0;
  if (intervalShare > 0) decisions = ask(at, MODEL_INTERVALS, epoch, spectrumEnd, intervalShare);
  if (finding.used & SOURCE_ACTIVITY) {
    const hasSpread = (finding.used & SOURCE_HEART_SPREAD) !== 0;
    const model = hasSpread ? MODEL_ACTIVITY_AND_SPREAD : MODEL_ACTIVITY;
    decisions = ask(at, model, epoch, end, 1 - intervalShare);
  }
  decide(finding, sum, decisions);
}

/** The spread alone has no model: it counts only beside activity. */
function usedFor(at: usize, epoch: i32, end: i32, spectrumEnd: i32): u16 {
  let used: u16 = 0;
  if (isNear(at, CHANNEL_ACTIVITY, epoch, end)) {
    used = SOURCE_ACTIVITY;
    if (isNear(at, CHANNEL_SPREAD, epoch, end)) used |= SOURCE_HEART_SPREAD;
  }
  if (isNear(at, CHANNEL_SPECTRUM, epoch, spectrumEnd)) used |= SOURCE_INTERVALS;
  return used;
}

function isNear(at: usize, channel: i32, epoch: i32, end: i32): bool {
  return !isNaN(largestOf(at, channel, epoch - NEAR_EPOCHS, min(end, epoch + NEAR_EPOCHS + 1)));
}

function ask(at: usize, model: i32, epoch: i32, end: i32, share: f64): usize {
  const isMorning = stateAt(at).mode === MODE_LIVE ? 0 : 1;
  const place = MODELS + <usize>load<u32>(MODEL_PLACES + ((<usize>(2 * model + isMorning)) << 2));
  if (model === MODEL_INTERVALS) writeSpectrumFeatures(at, epoch, end);
  else writeFeatures(at, model === MODEL_ACTIVITY ? CHANNEL_ACTIVITY : CHANNEL_SPREAD, epoch, end);
  addProbabilities(at, place, share, at + PROBABILITIES);
  return decisionsOf(place, isMorning);
}

function decide(finding: SleepFinding, sum: usize, decisions: usize): void {
  if (decisions === 0) {
    finding.wake = finding.light = finding.deep = finding.rem = 0;
    finding.stage2 = finding.stage3 = finding.stage4 = STAGE_UNKNOWN;
    return;
  }
  const wake = load<f64>(sum);
  const light = load<f64>(sum, 8);
  const deep = load<f64>(sum, 16);
  const rem = load<f64>(sum, 24);
  finding.wake = <f32>wake;
  finding.light = <f32>light;
  finding.deep = <f32>deep;
  finding.rem = <f32>rem;
  finding.stage2 = wake * factor(decisions, 0) >= (light + deep + rem) * factor(decisions, 1) ? 0 : STAGE_LIGHT;
  const nrem = light + deep;
  const third = largestIndex(wake * factor(decisions, 2), nrem * factor(decisions, 3), rem * factor(decisions, 4), 0);
  finding.stage3 = third === 2 ? STAGE_REM : third;
  finding.stage4 = largestIndex(
    wake * factor(decisions, 5),
    light * factor(decisions, 6),
    deep * factor(decisions, 7),
    rem * factor(decisions, 8),
  );
}

function factor(decisions: usize, index: i32): f64 {
  return load<f32>(decisions + ((<usize>index) << 2));
}

/** The first of equals. */
function largestIndex(a: f64, b: f64, c: f64, d: f64): u16 {
  const ab = max(a, b);
  const abc = max(ab, c);
  if (d > abc) return 3;
  if (c > ab) return 2;
  return b > a ? 1 : 0;
}
