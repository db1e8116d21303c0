// Thirty seconds: what was gathered becomes a finding.

import { medianChange } from './angle';
import {
  ACTIVITY_OTHER,
  ACTIVITY_RUN,
  ACTIVITY_STILL,
  ACTIVITY_UNKNOWN,
  ACTIVITY_WALK,
  FLAG_LOW_RATE,
  FLAG_NO_GRAVITY,
  KIND_EPOCH,
  MotionFinding,
  POSTURE_BETWEEN,
  POSTURE_UNKNOWN,
  POSTURE_X_UP,
  WEAR_OFF,
} from './layout';
import { enqueue } from './queue';
import { EPOCH_S, EpochValues, stateAt, valuesAt, WINDOW_S } from './state';
import { closeWear } from './wear';

const MG: f32 = 1000;
const MINUTE_S: f32 = 60;
/** From countsFirst to gaitS. */
const F32_COUNT: i32 = 10;
/** Less of an epoch has no values. */
const SHARE_MIN: f32 = 0.5;
/** Below this rate the band of the counts is cut. */
const COUNTS_HZ_MIN: f32 = 25;
/** Still: a mean deviation below this, and no change of the angle. A wrist at a desk lies above while it does something. */
const STILL_MG: f32 = 15;
/** For most of the epoch. */
const GAIT_S_MIN: f32 = 15;
/** Walking becomes running at 140 steps a minute (Chase 2023), if the arm says so too. */
const RUN_SPM: f32 = 140;
const RUN_MG: f32 = 200;
/** Cosine of the 37 degrees within which an axis is up. */
const UP_SHARE: f32 = 0.8;
/** Hildebrand 2017: sitting lies below, so its oxygen uptake is not that of the treadmill's line (2014), which begins at 2 METs. */
const SITTING_MG: f64 = 44.8;
const SITTING_METS: f64 = 1.3;
/** Oxygen uptake in ml/kg/min: 7.28 + 0.0320 ENMO; a MET is 3.5. */
const UPTAKE_REST: f64 = 7.28;
const UPTAKE_PER_MG: f64 = 0.032;
const UPTAKE_PER_MET: f64 = 3.5;

/** Ends the epoch at `endS`. Its values are f32 until they are handed out. */
export function closeEpoch(at: usize, endS: f64, countsSecond: f32): void {
  const state = stateAt(at);
  const share = <f32>state.epochCount / (<f32>EPOCH_S * state.rateHz);
  const isThere = share >= SHARE_MIN && state.madCount > 0;
  const hasGravity = 2 * state.noGravityCount <= state.madCount;
  const steps = nearest(state.stepsDue);
  const gaitS = <f32>state.gaitS;
  const values = valuesAt(at);
  values.countsFirst = state.countsFirst;
  values.countsSecond = countsSecond;
  values.enmoMg = isThere && hasGravity ? (MG * state.enmoSum) / <f32>state.epochCount : NaN;
  values.madMg = isThere ? (MG * state.madSum) / <f32>state.madCount : NaN;
  // Without a window with an angle this is 0 / 0, which is none.
  values.zAngleDeg = isThere && hasGravity ? state.angleSum / <f32>state.angleCount : NaN;
  values.zAngleChangeDeg = medianChange(at);
  values.quietS = isThere ? <f32>(state.quietCount * WINDOW_S) : NaN;
  values.steps = isThere ? steps : NaN;
  values.cadenceSpm = (MINUTE_S * state.cadenceSum) / gaitS;
  values.gaitS = isThere ? min<f32>(gaitS, <f32>EPOCH_S) : NaN;
  if (isThere) state.stepsDue -= steps;

  const wear = closeWear(at, isThere);
  const finding = enqueue(at, KIND_EPOCH, endS);
  finding.flags = (state.rateHz < COUNTS_HZ_MIN ? FLAG_LOW_RATE : 0) | (hasGravity ? 0 : FLAG_NO_GRAVITY);
  finding.share = min<f32>(1, share);
  finding.wear = wear;
  finding.activity = isThere ? activityOf(values, state.turnCount) : ACTIVITY_UNKNOWN;
  finding.posture = isThere && hasGravity ? postureOf(state.epochX, state.epochY, state.epochZ) : POSTURE_UNKNOWN;
  handOut(finding, values);
  clearEpoch(at);
}

/** Writes the values that exist, which are finite, and their bits; the others stay 0. */
function handOut(finding: MotionFinding, values: EpochValues): void {
  let valid: u32 = 0;
  for (let i = 0; i < F32_COUNT; i++) {
    const value = load<f32>(changetype<usize>(values) + ((<usize>i) << 2));
    if (!isFinite(value)) continue;
    store<f64>(changetype<usize>(finding) + ((<usize>i) << 3), <f64>value, offsetof<MotionFinding>('countsFirst'));
    valid |= 1 << i;
  }
  if (finding.wear !== WEAR_OFF && isFinite(values.enmoMg)) {
    finding.mets = metsOf(finding.enmoMg);
    valid |= 1 << F32_COUNT;
  }
  finding.valid = valid;
}

function clearEpoch(at: usize): void {
  const state = stateAt(at);
  state.epochCount = 0;
  state.wearCount = 0;
  state.enmoSum = 0;
  state.madSum = 0;
  state.madCount = 0;
  state.noGravityCount = 0;
  state.epochX = 0;
  state.epochY = 0;
  state.epochZ = 0;
  state.angleSum = 0;
  state.angleCount = 0;
  state.turnCount = 0;
  state.gaitS = 0;
  state.cadenceSum = 0;
}

function metsOf(enmoMg: f64): f64 {
  if (enmoMg < SITTING_MG) return SITTING_METS;
  return (UPTAKE_REST + UPTAKE_PER_MG * enmoMg) / UPTAKE_PER_MET;
}

function activityOf(values: EpochValues, turnCount: i32): u8 {
  if (values.gaitS >= GAIT_S_MIN) {
    return values.cadenceSpm >= RUN_SPM && values.madMg >= RUN_MG ? ACTIVITY_RUN : ACTIVITY_WALK;
  }
  return values.madMg < STILL_MG && turnCount === 0 ? ACTIVITY_STILL : ACTIVITY_OTHER;
}

/** Which axis points up: at rest it measures +1 g. */
function postureOf(x: f32, y: f32, z: f32): u8 {
  const edge = UP_SHARE * sqrt(x * x + y * y + z * z);
  if (edge === 0) return POSTURE_UNKNOWN;
  // The six directions are numbered in this order.
  if (abs(x) >= edge) return POSTURE_X_UP + <u8>(x < 0);
  if (abs(y) >= edge) return POSTURE_X_UP + 2 + <u8>(y < 0);
  if (abs(z) >= edge) return POSTURE_X_UP + 4 + <u8>(z < 0);
  return POSTURE_BETWEEN;
}
