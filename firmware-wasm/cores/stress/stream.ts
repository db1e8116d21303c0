// The clock of the stream: seconds are closed one by one, windows when their last second is.

import { TICK_BITS, ticksOf } from '../../dsp/ticks';
import { takeInterval } from './intervals';
import { INPUT_KIND_ACCELERATION, INPUT_KIND_EDA, INPUT_KIND_INTERVAL, StressInput } from './layout';
import { closeSecond } from './leaks';
import { takeAcceleration } from './movement';
import { queueHasRoom } from './queue';
import { MARK, QUEUE, STEP_S, secondAt, stateAt, WINDOW_S } from './state';
import { closeWindow } from './window';

/** After an hour without any input it is another day: everything is forgotten, the person's own baseline too. */
const PAUSE_TICKS: i64 = (<i64>3600) << TICK_BITS;
/** Below this the electrodes of a wristband do not touch; above, no skin conducts. Microsiemens. */
const EDA_MIN: f32 = 0.02;
const EDA_MAX: f32 = 100;
const TEMPERATURE_MIN: f32 = 10;
const TEMPERATURE_MAX: f32 = 45;

/** Takes an input; false when the findings that its time brings have no room. */
export function take(at: usize, input: StressInput): bool {
  const nowTicks = ticksOf(input.timeS);
  if (!advanceTo(at, nowTicks)) return false;
  stateAt(at).lastS = input.timeS;
  if (input.kind === INPUT_KIND_INTERVAL) takeInterval(at, nowTicks, input.x, input.y, input.flags);
  else if (input.kind === INPUT_KIND_ACCELERATION)
    takeAcceleration(at, nowTicks, changetype<usize>(input) + offsetof<StressInput>('x'));
  else if (input.kind === INPUT_KIND_EDA) takeEda(at, input.x);
  else takeTemperature(at, input.x);
  return true;
}

function takeEda(at: usize, microsiemens: f32): void {
  if (!(microsiemens >= EDA_MIN && microsiemens <= EDA_MAX)) return;
  secondAt(at).edaSum += microsiemens;
  secondAt(at).edaCount += 1;
}

function takeTemperature(at: usize, celsius: f32): void {
  if (!(celsius >= TEMPERATURE_MIN && celsius <= TEMPERATURE_MAX)) return;
  secondAt(at).temperatureSum += celsius;
  secondAt(at).temperatureCount += 1;
}

function advanceTo(at: usize, nowTicks: i64): bool {
  const state = stateAt(at);
  const nowS = <i32>(nowTicks >> TICK_BITS);
  if (state.hasInput && nowTicks - state.lastTicks > PAUSE_TICKS) forgetSignal(at);
  if (!state.hasInput) begin(at, nowS);
  while (nowS > state.secondS) {
    if (!queueHasRoom(at)) return false;
    step(at);
  }
  state.lastTicks = nowTicks;
  return true;
}

/** Windows end at whole multiples of the step on the stream's own clock, whenever it began. */
function begin(at: usize, nowS: i32): void {
  const state = stateAt(at);
  state.hasInput = 1;
  state.secondS = nowS;
  state.nextEndS = (nowS / STEP_S) * STEP_S + WINDOW_S;
}

function step(at: usize): void {
  const state = stateAt(at);
  closeSecond(at);
  state.secondS += 1;
  if (state.secondS < state.nextEndS) return;
  closeWindow(at, state.nextEndS);
  state.nextEndS += STEP_S;
}

/** Forgets everything but the settings and the findings that wait. */
export function forgetSignal(at: usize): void {
  const state = stateAt(at);
  const sensors = state.sensors;
  const queueFirst = state.queueFirst;
  const queueCount = state.queueCount;
  memory.fill(at, 0, QUEUE);
  state.mark = MARK;
  state.sensors = sensors;
  state.queueFirst = queueFirst;
  state.queueCount = queueCount;
}

/** No more input: a window that lacks less than its last second is over too. */
export function finish(at: usize): void {
  const state = stateAt(at);
  if (state.hasInput && state.secondS + 1 === state.nextEndS) step(at);
}
