// What a core is built for where the command line does not say, and the known input of its self-test. Numbers that are no parameter of
// `size` can still be chosen when the device runs.

/** Default settings by core. */
export const SETTINGS = {
  breath: {},
  'breath-beats': { rateHz: 250, signal: 2, polarity: 1 },
  ecg: { rateHz: 250 },
  hrv: { intervalCountMax: 600, windowMs: 300_000, stepMs: 60_000, profile: 0, blockCount: 0 },
  'hrv-nonlinear': { intervalCountMax: 600, windowMs: 300_000, stepMs: 60_000, profile: 0, blockCount: 0 },
  'hrv-spectrum': { intervalCountMax: 600, windowMs: 300_000, stepMs: 60_000, profile: 0, method: 0, hasErrors: 0 },
  motion: { rateHz: 32 },
  ppg: { rateHz: 64, polarity: 1, channelCount: 1 },
  rr: { pauseMs: 2000 },
  sleep: { epochCountMax: 960, mode: 0 },
  stress: { sensors: 1 },
  'wave-decode': { channelCount: 1, blockFrames: 64 },
  'wave-encode': { channelCount: 1, blockFrames: 64 },
};

/**
 * What the self-test makes its instance with: the library's own settings, and of cores that pass whole blocks those that the known input is of.
 * @param {string} core
 * @param {Readonly<Record<string, number>>} settings
 */
export function knownSettings(core, settings) {
  return settings.blockFrames === undefined ? settings : SETTINGS[core];
}

/**
 * Elements, how often they are repeated, how many a push takes, and what is added to the f64 that begins an element each time (0: nothing).
 * @param {string} core
 * @returns {import('./settings.mjs').KnownInput}
 */
export function knownInput(core) {
  const made = KNOWN_INPUTS[core];
  if (!made) throw new Error(`core ${core} has no known input in build/settings.mjs`);
  return { pushCount: 1, clockStepS: 0, ...made() };
}

const KNOWN_INPUTS = {
  breath: () => ({ elements: structs(rrSeries(40), writeBreath), repeats: 3, clockStepS: 33 }),
  'breath-beats': () => ({ elements: beatElements(), repeats: 12 }),
  ecg: () => ({ elements: floats(ecgBeat(205)), repeats: 20 }),
  hrv: () => ({ elements: structs(rrSeries(60), writeInterval), repeats: 8 }),
  'hrv-nonlinear': () => ({ elements: structs(rrSeries(60), writeInterval), repeats: 8 }),
  'hrv-spectrum': () => ({ elements: structs(rrSeries(60), writeInterval), repeats: 8 }),
  motion: () => ({ elements: floats(steps(64)), repeats: 40 }),
  ppg: () => ({ elements: floats(pulse(54)), repeats: 30 }),
  rr: () => ({ elements: structs(withArtefacts(rrSeries(60)), writeRr), repeats: 3 }),
  sleep: () => ({ elements: structs(rrSeries(60), writeSleep), repeats: 8, clockStepS: 50 }),
  stress: () => ({ elements: structs(rrSeries(60), writeStress), repeats: 8, clockStepS: 50 }),
  'wave-decode': () => ({ elements: BLOCK, repeats: 2, pushCount: BLOCK.length }),
  'wave-encode': () => ({ elements: shorts(ecgBeat(205)), repeats: 2 }),
};

/** `ecgBeat(64)` as the core wave-encode 1.0.0 writes it (cores/wave-encode/FORMAT.md). */
const BLOCK = Uint8Array.from(
  Buffer.from(
    '284012800350e2ce8cd88e2232a28812271ff117fd7ea099b5f0678adf09a1ad8477e8c972226154ed530d60b58b214d53e3' +
      '8a2e3fda6720c5b989',
    'hex',
  ),
);

/** Whole numbers from 0 to 2^16 - 1, the same on every host: Numerical Recipes' linear congruential generator. */
function makeChance() {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 16;
  };
}

/** One beat: straight lines, a little chance; arithmetic that rounds nowhere. */
function ecgBeat(sampleCount) {
  const chance = makeChance();
  const peak = sampleCount >> 1;
  return Array.from({ length: sampleCount }, (_, i) => {
    const far = Math.abs(i - peak);
    const wave = Math.max(0, 1 - Math.abs(i - peak - 60) / 25) / 4;
    return Math.round(1024 * (Math.max(0, 1 - far / 6) + wave)) + (chance() >> 12);
  });
}

function pulse(frameCount) {
  const chance = makeChance();
  return Array.from({ length: frameCount }, (_, i) => {
    const wave = i < 10 ? i / 10 : 1 - (i - 10) / (frameCount - 10);
    return Math.round(4096 * wave) + (chance() >> 11);
  });
}

/** x, y, z in g: a swing twice a second beside gravity. */
function steps(frameCount) {
  return Array.from({ length: frameCount }, (_, i) => {
    const swing = Math.abs((i % 16) - 8) / 8 - 0.5;
    return [swing / 4, 0.125, 1 + swing / 2];
  }).flat();
}

/** RR intervals in ms that add up to 50,000 (or in proportion), breathing in them. */
function rrSeries(count) {
  const chance = makeChance();
  const wanted = Array.from({ length: count - 1 }, (_, i) => 800 + 8 * Math.abs((i % 10) - 5) + (chance() >> 11));
  const rest = Math.round((count * 50_000) / 60) - wanted.reduce((sum, rrMs) => sum + rrMs, 0);
  return [...wanted, Math.max(500, Math.min(1300, rest))];
}

function withArtefacts(rrMs) {
  return rrMs.map((own, i) => (i === 20 ? own - 300 : i === 21 ? own + 300 : i === 40 ? 2 * own : own));
}

function floats(values) {
  return new Uint8Array(Float32Array.from(values).buffer);
}

function shorts(values) {
  return new Uint8Array(Int16Array.from(values).buffer);
}

/** `write` gives an element's bytes and its fields' writers; the clock is the end of the interval in s. */
function structs(rrMs, { bytes, write }) {
  const all = new Uint8Array(bytes * rrMs.length);
  let clockS = 0;
  rrMs.forEach((own, i) => {
    clockS += own / 1000;
    write(new DataView(all.buffer, i * bytes, bytes), own, clockS);
  });
  return all;
}

const writeInterval = {
  bytes: 24,
  write: (view, rrMs) => {
    view.setFloat64(0, rrMs, true);
    view.setFloat32(16, 1, true);
  },
};
const writeRr = {
  bytes: 16,
  write: (view, rrMs) => {
    view.setFloat64(0, rrMs, true);
    view.setFloat32(8, 1, true);
  },
};
const writeBreath = {
  bytes: 24,
  write: (view, rrMs, clockS) => {
    view.setFloat64(0, clockS, true);
    view.setFloat32(8, rrMs, true);
    view.setFloat32(16, 1, true);
    view.setUint16(20, 1, true);
  },
};
const writeSleep = {
  bytes: 16,
  write: (view, rrMs, clockS) => {
    view.setFloat64(0, clockS, true);
    view.setFloat32(8, rrMs, true);
    view.setUint16(12, 3, true);
  },
};
const writeStress = {
  bytes: 24,
  write: (view, rrMs, clockS) => {
    view.setFloat64(0, clockS, true);
    view.setFloat32(8, rrMs, true);
    view.setFloat32(12, 1, true);
    view.setUint16(20, 1, true);
  },
};

/** Samples of a beat, and behind them the word that a beat lay at its peak. */
function beatElements() {
  const samples = ecgBeat(205);
  const all = new Uint8Array(16 * (samples.length + 1));
  const view = new DataView(all.buffer);
  samples.forEach((value, i) => {
    view.setFloat32(16 * i, value, true);
  });
  const at = 16 * samples.length;
  view.setFloat32(at, samples.length - (samples.length >> 1), true);
  view.setFloat32(at + 4, 1, true);
  view.setUint16(at + 8, 1, true);
  return all;
}
