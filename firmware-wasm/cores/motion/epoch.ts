// Thirty seconds: what was gathered becomes a finding.

import { sealBits } from '../../dsp/valid-bits';
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
import { EPOCH_S, stateAt, WINDOW_S } from './state';
import { closeWear } from './wear';

/** From countsFirst to mets. */
const VALUE_COUNT: i32 = 11;
/** Less of an epoch has no values. */
const SHARE_MIN: f32 = 0.5;
/** Below this rate the band of the counts is cut. */
const COUNTS_HZ_MIN: f32 = 25;
/** Still: a mean deviation below this, and no change of the angle. A wrist at a desk lies above while it does something. */
const STILL_MG: f64 = 15;
/** For most of the epoch. */
const GAIT_S_MIN: f64 = 15;
/** Walking becomes running at 140 steps a minute (Chase 2023), if the arm says so too. */
const RUN_SPM: f64 = 140;
const RUN_MG: f64 = 200;
/** Cosine of the 37 degrees within which an axis is up. */
const UP_SHARE: f64 = 0.8;
/** Hildebrand 2017: sitting lies below, so its oxygen uptake is not that of the treadmill's line (2014), which begins at 2 METs. */
const SITTING_MG: f64 = 44.8;
const SITTING_METS: f64 = 1.3;
/** Oxygen uptake in ml/kg/min: 7.28 + 0.0320 ENMO; a MET is 3.5. */
const UPTAKE_REST: f64 = 7.28;
const UPTAKE_PER_MG: f64 = 0.032;
const UPTAKE_PER_MET: f64 = 3.5;

/** Ends the epoch at `endS`. */
export function closeEpoch(at: usize, endS: f64, countsSecond: f64): void {
  const state = stateAt(at);
  const share = min(1, <f32>state.epochCount / (<f32>EPOCH_S * state.rateHz));
  const isThere = share >= SHARE_MIN && state.madCount > 0;
  const hasGravity = 2 * state.noGravityCount <= state.madCount;
  const wear = closeWear(at, endS, isThere);
  const finding = enqueue(at, KIND_EPOCH, endS);
  finding.flags = (state.rateHz < COUNTS_HZ_MIN ? FLAG_LOW_RATE : 0) | (hasGravity ? 0 : FLAG_NO_GRAVITY);
  finding.share = share;
  finding.wear = wear;
  finding.countsFirst = state.countsFirst;
  finding.countsSecond = countsSecond;
  finding.enmoMg = isThere && hasGravity ? (1000 * state.enmoSum) / <f64>state.epochCount : NaN;
  finding.madMg = isThere ? (1000 * state.madSum) / <f64>state.madCount : NaN;
  finding.zAngleDeg = isThere && hasGravity && state.angleCount > 0 ? state.angleSum / <f64>state.angleCount : NaN;
  finding.zAngleChangeDeg = medianChange(at);
  finding.quietS = isThere ? <f64>(state.quietCount * WINDOW_S) : NaN;
  finding.gaitS = isThere ? min(<f64>state.gaitS, <f64>EPOCH_S) : NaN;
  finding.cadenceSpm = state.gaitS > 0 ? (60 * state.cadenceSum) / <f64>state.gaitS : NaN;
  finding.steps = isThere ? nearest(state.stepsDue) : NaN;
  if (isThere) state.stepsDue -= finding.steps;
  finding.mets = wear === WEAR_OFF ? NaN : metsOf(finding.enmoMg);
  finding.activity = isThere ? activityOf(finding, state.turnCount) : ACTIVITY_UNKNOWN;
  finding.posture = isThere && hasGravity ? postureOf(state.epochX, state.epochY, state.epochZ) : POSTURE_UNKNOWN;
  const values = changetype<usize>(finding) + offsetof<MotionFinding>('countsFirst');
  sealBits(changetype<usize>(finding), values, VALUE_COUNT);
  clearEpoch(at);
}

function clearEpoch(at: usize): void {
  const state = stateAt(at);
  state.epochCount = 0;
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

/** NaN, which means that there is no ENMO, stays NaN. */
function metsOf(enmoMg: f64): f64 {
  if (enmoMg < SITTING_MG) return SITTING_METS;
  return (UPTAKE_REST + UPTAKE_PER_MG * enmoMg) / UPTAKE_PER_MET;
}

function activityOf(finding: MotionFinding, turnCount: i32): u8 {
  if (finding.gaitS >= GAIT_S_MIN) {
    return finding.cadenceSpm >= RUN_SPM && finding.madMg >= RUN_MG ? ACTIVITY_RUN : ACTIVITY_WALK;
  }
  return finding.madMg < STILL_MG && turnCount === 0 ? ACTIVITY_STILL : ACTIVITY_OTHER;
}

/** Which axis points up: at rest it measures +1 g. */
function postureOf(x: f64, y: f64, z: f64): u8 {
  const edge = UP_SHARE * Math.sqrt(x * x + y * y + z * z);
  if (edge === 0) return POSTURE_UNKNOWN;
  // The six directions are numbered in this order.
  if (abs(x) >= edge) return POSTURE_X_UP + <u8>(x < 0);
  if (abs(y) >= edge) return POSTURE_X_UP + 2 + <u8>(y < 0);
  if (abs(z) >= edge) return POSTURE_X_UP + 4 + <u8>(z < 0);
  return POSTURE_BETWEEN;
}
