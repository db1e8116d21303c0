// Asks the module itself, on V8: how many bytes an instance needs, and what it finds in the known input. So no number of the library
// can be out of date.

import { knownInput, knownSettings } from './settings.mjs';

const PAGE_BYTES = 65_536;
const FNV_START = 0x811c9dc5;
const FNV_PRIME = 16_777_619;
/** Input and findings pass through this many bytes, or one element if that is more: a push of 64 frames of motion is one call of the core. */
const STAGING_BYTES_MIN = 768;
/** A block of samples is never longer than these and four bytes (cores/wave-encode/FORMAT.md). */
const BLOCK_OVERHEAD_BYTES = 4;
const FINDING_BYTES_MAX = 704;

/**
 * @param {import('./measure.mjs').CoreFacts} facts of generated/embed.gen.json
 * @param {Uint8Array} wasm
 * @param {Record<string, number>} settings
 * @returns {import('./measure.mjs').Measured}
 */
export function measure(facts, wasm, settings) {
  const { exports: verbs } = new WebAssembly.Instance(new WebAssembly.Module(wasm));
  const arena = verbs.arena();
  const constants = new Uint8Array(verbs.memory.buffer, 0, arena).slice();
  const instanceBytes = verbs.size(...facts.size.map((name) => settings[name]));
  if (instanceBytes <= 0) throw new Error(`core ${facts.name} refuses these settings: ${JSON.stringify(settings)}`);
  const stagingAt = alignTo8(arena + alignTo8(instanceBytes));
  const stagingBytes = alignTo8(
    Math.max(STAGING_BYTES_MIN, facts.input.bytes, facts.finding.bytes, blockBytesOf(settings)),
  );
  const measured = { arena, instanceBytes, stagingAt, stagingBytes, linearBytes: stagingAt + stagingBytes };
  const known = play(facts, verbs, knownSettings(facts.name, settings), measured);
  // A core with scratch among its constants cannot leave them in flash.
  const hasScratch = Buffer.compare(constants, new Uint8Array(verbs.memory.buffer, 0, arena)) !== 0;
  return { ...measured, known, hasScratch };
}

/** Cores that take or give whole blocks need room for one. */
function blockBytesOf({ channelCount, blockFrames }) {
  return blockFrames === undefined ? 0 : 2 * channelCount * blockFrames + BLOCK_OVERHEAD_BYTES;
}

/** The known input, a push of `pushCount` elements at a time, as ../maibo_self_test.c plays it. */
function play(facts, verbs, settings, { arena: at, stagingAt, stagingBytes, linearBytes }) {
  const known = knownInput(facts.name);
  const missing = linearBytes - verbs.memory.buffer.byteLength;
  if (missing > 0) verbs.memory.grow(Math.ceil(missing / PAGE_BYTES));
  const memory = new Uint8Array(verbs.memory.buffer);
  let hash = FNV_START;
  let findingCount = 0;
  const pollCount = Math.floor(Math.min(FINDING_BYTES_MAX, stagingBytes) / facts.finding.bytes);
  const collect = () => {
    const before = findingCount;
    for (;;) {
      const count = expect(facts, 'poll', verbs.poll(at, stagingAt, pollCount));
      if (count === 0) return findingCount > before;
      for (let i = 0; i < count * facts.finding.bytes; i++)
        hash = Math.imul(hash ^ memory[stagingAt + i], FNV_PRIME) >>> 0;
      findingCount += count;
    }
  };
  expect(facts, 'init', verbs.init(at, ...facts.settings.map(({ name }) => settings[name])));
  const bytes = facts.input.bytes * known.pushCount;
  for (let repeat = 0; repeat < known.repeats; repeat++) {
    for (let from = 0; from < known.elements.length; from += bytes) {
      const element = known.elements.slice(from, from + bytes);
      if (known.clockStepS > 0) addToClock(element, repeat * known.clockStepS);
      for (;;) {
        memory.set(element, stagingAt);
        const taken = expect(facts, 'push', verbs.push(at, stagingAt, known.pushCount));
        const hasFound = collect();
        if (taken > 0) break;
        if (!hasFound) throw new Error(`core ${facts.name} takes no more of its known input`);
      }
    }
  }
  expect(facts, 'flush', verbs.flush(at));
  collect();
  return { ...known, settings, hash, findingCount };
}

function addToClock(element, seconds) {
  const view = new DataView(element.buffer);
  view.setFloat64(0, view.getFloat64(0, true) + seconds, true);
}

function expect(facts, verb, answer) {
  if (answer < 0) throw new Error(`core ${facts.name}: ${verb} answers ${answer} to its known input`);
  return answer;
}

function alignTo8(bytes) {
  return (bytes + 7) & ~7;
}
