// One epoch: which models know something about it, what they say together, and the stages that follow.

import { codeAt, MISSING } from './codes';
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
import { hasSpectrum } from './spectrum';
import { countSpectra, writeSpectrumFeatures } from './spectrum-features';
import { ACTIVITY, EPOCH_S, SPREAD, stateAt, wristPlace } from './state';

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
  if (stateAt(at).mode === MODE_LIVE) countSpectra(at, spectrumEnd);
  finding.used = usedFor(at, epoch, end, spectrumEnd);
  finding.wake = finding.light = finding.deep = finding.rem = 0;
  const into = changetype<usize>(finding) + offsetof<SleepFinding>('wake');
  const intervalShare: f32 =
    (finding.used & SOURCE_INTERVALS) === 0 ? 0 : (finding.used & SOURCE_ACTIVITY) === 0 ? 1 : 0.5;
  // Of two models the last to speak also brings the factors for the decision.
  let decisions: usize = 0;
  if (intervalShare > 0) decisions = ask(at, MODEL_INTERVALS, epoch, spectrumEnd, intervalShare, into);
  if (finding.used & SOURCE_ACTIVITY) {
    const hasSpread = (finding.used & SOURCE_HEART_SPREAD) !== 0;
    const model = hasSpread ? MODEL_ACTIVITY_AND_SPREAD : MODEL_ACTIVITY;
    decisions = ask(at, model, epoch, end, 1 - intervalShare, into);
  }
  decide(finding, decisions);
}

/** The spread alone has no model: it counts only beside activity. */
function usedFor(at: usize, epoch: i32, end: i32, spectrumEnd: i32): u16 {
  let used: u16 = 0;
  if (isNear(at, ACTIVITY, epoch, end)) {
    used = SOURCE_ACTIVITY;
    if (isNear(at, SPREAD, epoch, end)) used |= SOURCE_HEART_SPREAD;
  }
  const last = min(spectrumEnd, epoch + NEAR_EPOCHS + 1);
  for (let near = max(0, epoch - NEAR_EPOCHS); near < last; near++) if (hasSpectrum(at, near)) used |= SOURCE_INTERVALS;
  return used;
}

function isNear(at: usize, row: i32, epoch: i32, end: i32): bool {
  const last = min(end, epoch + NEAR_EPOCHS + 1);
  for (let near = max(0, epoch - NEAR_EPOCHS); near < last; near++)
    if (codeAt(wristPlace(at, row, near)) !== MISSING) return true;
  return false;
}

function ask(at: usize, model: i32, epoch: i32, end: i32, share: f32, into: usize): usize {
  const isMorning = stateAt(at).mode === MODE_LIVE ? 0 : 1;
  const place = MODELS + <usize>load<u32>(MODEL_PLACES + ((<usize>(2 * model + isMorning)) << 2));
  if (model === MODEL_INTERVALS) writeSpectrumFeatures(at, epoch, end);
  else writeFeatures(at, model === MODEL_ACTIVITY ? ACTIVITY : SPREAD, epoch, end);
  addProbabilities(at, place, share, into);
  return decisionsOf(place, isMorning);
}

function decide(finding: SleepFinding, decisions: usize): void {
  if (decisions === 0) {
    finding.stage2 = finding.stage3 = finding.stage4 = STAGE_UNKNOWN;
    return;
  }
  const wake = finding.wake;
  const light = finding.light;
  const deep = finding.deep;
  const rem = finding.rem;
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

function factor(decisions: usize, index: i32): f32 {
  return load<f32>(decisions + ((<usize>index) << 2));
}

/** The first of equals. */
function largestIndex(a: f32, b: f32, c: f32, d: f32): u16 {
  const ab = a > b ? a : b;
  const abc = ab > c ? ab : c;
  if (d > abc) return 3;
  if (c > ab) return 2;
  return b > a ? 1 : 0;
}
