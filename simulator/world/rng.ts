// Seeded chance for the simulator: the same seed gives the same numbers on every engine. Only 32-bit integer operations and
// exactly rounded sums are used, so there is nothing an engine could round another way.
//
// Generator: xoshiro128** 1.1 (D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 2021),
// state filled by a Weyl sequence through a 32-bit finalizer, as its authors advise for seeding.

export interface Rng {
  /** 0 .. 2^32 - 1. */
  nextUint32(): number;
  /** 0 <= x < 1, a multiple of 2^-32. */
  nextUnit(): number;
  /** Whole number, 0 <= x < bound; bound up to 2^32. */
  nextBelow(bound: number): number;
  /** Mean 0, variance 1; the sum of twelve uniform numbers, so never beyond 6. */
  nextNormal(): number;
  /** A generator of its own for one purpose: drawing from it does not move this one. */
  fork(purpose: string): Rng;
}

const WEYL = 0x9e3779b9; // 2^32 / golden ratio
const UNIT = 2 ** -32;

export function createRng(seed: number): Rng {
  // Both halves count, so that seeds above 2^32 are seeds of their own.
  const low = seed >>> 0;
  const high = Math.floor(seed / 2 ** 32) >>> 0;
  return createRngFromKey(hash32(low, high));
}

function createRngFromKey(key: number): Rng {
  const state = Uint32Array.from([1, 2, 3, 4], (index) => hash32(key, index));
  if (state.every((word) => word === 0)) state[0] = 1; // the one state that xoshiro never leaves
  return createRngFromState(state, key);
}

/** For checking against the published sequence; `key` only names the forks. */
export function createRngFromState(words: Uint32Array, key = 0): Rng {
  const state = Uint32Array.from(words);
  const nextUint32 = () => step(state);
  const nextUnit = () => nextUint32() * UNIT;
  return {
    nextUint32,
    nextUnit,
    nextBelow: (bound) => Math.floor(nextUnit() * bound),
    nextNormal() {
      let sum = -6;
      for (let index = 0; index < 12; index++) sum += nextUnit();
      return sum;
    },
    fork: (purpose) => createRngFromKey(hashText(key, purpose)),
  };
}

function step(state: Uint32Array): number {
  const [s0, s1, s2, s3] = [state[0]!, state[1]!, state[2]!, state[3]!];
  const result = Math.imul(rotl(Math.imul(s1, 5), 7), 9) >>> 0;
  state[3] = rotl(s3 ^ s1, 11);
  state[2] = s2 ^ s0 ^ (s1 << 9);
  state[1] = s1 ^ s2 ^ s0;
  state[0] = s0 ^ s3 ^ s1;
  return result;
}

function rotl(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function hashText(key: number, text: string): number {
  let hash = key;
  for (let index = 0; index < text.length; index++) hash = hash32(hash, text.charCodeAt(index));
  return hash;
}

/** A 32-bit number without state, for chance that must be reachable at any index (finalizer of MurmurHash3, A. Appleby). */
export function hash32(key: number, index: number): number {
  let word = (Math.imul(index, WEYL) + key) >>> 0;
  word = mix(word);
  word = mix((word + Math.imul(key, 0x85ebca6b) + 1) >>> 0);
  return word;
}

function mix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
