// A night made by rule, the same each time, to measure speed and cost on: acceleration of a wrist that turns now and then, and the RR
// intervals of a heart that breathes through cycles of sleep. It is no model of sleep: nothing is scored on it.

export interface MadeNight {
  readonly rateHz: number;
  /** Frames of x, y and z in g. */
  readonly frames: Float32Array;
  /** In the order of time; `timeS` is the interval's end. */
  readonly intervals: readonly { readonly timeS: number; readonly rrMs: number }[];
}

const CYCLE_S = 5400;
const WAKE_S = 1200;
const TURN_S_MEAN = 600;
/** As a sensor of 256 counts a g and a heart sensor of 250 Hz: so that no host's sine shows in the last bit. */
const [COUNTS_PER_G, TICK_MS] = [256, 4];

export function makeNight(hours: number, rateHz: number, seed = 1): MadeNight {
  const random = randomFrom(seed);
  const durationS = hours * 3600;
  return { rateHz, frames: makeFrames(durationS, rateHz, random), intervals: makeIntervals(durationS, random) };
}

/** Numbers of [0, 1) by a linear congruence (Numerical Recipes). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Quiet with breath and sensor noise; now and then some seconds of movement, after which the wrist lies otherwise. */
function makeFrames(durationS: number, rateHz: number, random: () => number): Float32Array {
  const frames = new Float32Array(3 * Math.floor(durationS * rateHz));
  let [tilt, turn] = [0.4, 1.1];
  let [moveFrom, moveTo] = [0, 300];
  for (let index = 0; index < frames.length / 3; index++) {
    const timeS = index / rateHz;
    const isMoving = timeS >= moveFrom && timeS < moveTo;
    if (timeS >= moveTo) {
      const restS = -TURN_S_MEAN * Math.log(1 - random()) * (timeS < WAKE_S ? 0.1 : 1);
      [moveFrom, moveTo] = [timeS + restS, timeS + restS + 2 + 10 * random()];
      [tilt, turn] = [Math.PI * (random() - 0.5), 2 * Math.PI * random()];
    }
    const breath = 0.002 * Math.sin(2 * Math.PI * 0.25 * timeS);
    const gravity = [Math.cos(tilt) * Math.cos(turn), Math.cos(tilt) * Math.sin(turn), Math.sin(tilt)];
    for (let axis = 0; axis < 3; axis++) {
      const swing = isMoving ? 0.3 * Math.sin(2 * Math.PI * (1.3 + 1.7 * axis) * timeS) * random() : 0;
      const value = gravity[axis]! + breath + swing + 0.006 * (random() - 0.5);
      frames[3 * index + axis] = Math.round(value * COUNTS_PER_G) / COUNTS_PER_G;
    }
  }
  return frames;
}

/** Slow in deep sleep, uneven in the last quarter of a cycle, fast awake; breath, a wave of ten seconds, and noise. */
function makeIntervals(durationS: number, random: () => number): { timeS: number; rrMs: number }[] {
  const intervals: { timeS: number; rrMs: number }[] = [];
  for (let timeS = 0; timeS < durationS; ) {
    const phase = (timeS % CYCLE_S) / CYCLE_S;
    const isDreaming = phase > 0.75;
    const depth = isDreaming || timeS < WAKE_S ? 0 : Math.sin((Math.PI * phase) / 0.75);
    const breath = (20 + 25 * depth) * Math.sin(2 * Math.PI * (0.25 - 0.02 * depth) * timeS);
    const slow = (isDreaming ? 45 : 20) * Math.sin(2 * Math.PI * 0.1 * timeS);
    const wanted = 860 + 120 * depth - (timeS < WAKE_S ? 120 : 0) + breath + slow + 30 * (random() - 0.5);
    const rrMs = Math.round(wanted / TICK_MS) * TICK_MS;
    timeS += rrMs / 1000;
    if (timeS < durationS) intervals.push({ timeS, rrMs });
  }
  return intervals;
}
