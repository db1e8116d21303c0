// What holds for the core `ppg` whatever the signal: gain, offset, polarity, blocks, order, delay, snapshots.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PpgCore, type PpgFinding } from '../../index.ts';
import { beatsOf, chance, wave } from './ppg.testkit.ts';

const SEED = 20_260;
const DELAY_S_MAX = 2;
const RATES_HZ = [20, 25, 30, 64, 125, 256];

/** What a counterexample shows: a trial is made of it. */
interface Recipe {
  rateHz: number;
  channelCount: number;
  seed: number;
  bpm: number;
}

interface Trial {
  rateHz: number;
  channelCount: number;
  numbers: Float32Array;
}

const recipes: fc.Arbitrary<Recipe> = fc.record({
  rateHz: fc.constantFrom(...RATES_HZ),
  channelCount: fc.integer({ min: 1, max: 4 }),
  seed: fc.integer(),
  bpm: fc.integer({ min: 35, max: 220 }),
});

/** Pulses, noise, gaps, plateaus and spikes in turn, with accelerations where there are channels for them. */
function trialOf({ rateHz, channelCount, seed, bpm }: Recipe): Trial {
  const next = chance(seed);
  const { samples } = wave({ rateHz, seconds: 60, bpm, seed, noise: 0.3 * next() });
  for (let from = 0; from < samples.length; ) {
    const length = Math.floor(next() * 6 * rateHz) + 1;
    const kind = Math.floor(next() * 10);
    for (let i = from; i < Math.min(samples.length, from + length); i++) {
      if (kind === 0) samples[i] = Number.NaN;
      if (kind === 1) samples[i] = 5;
      if (kind === 2) samples[i] = Math.floor(next() * 2) * 1000;
      if (kind === 3) samples[i]! += 10 * next();
      if (kind === 4 && i === from) samples[i] = 1e4;
    }
    from += length;
  }
  const numbers = new Float32Array(samples.length * channelCount);
  samples.forEach((x, i) => {
    numbers[i * channelCount] = x;
    for (let axis = 1; axis < channelCount; axis++)
      numbers[i * channelCount + axis] = next() < 0.1 ? Number.NaN : next() - 0.5;
  });
  return { rateHz, channelCount, numbers };
}

function coreOf({ rateHz, channelCount }: Trial): PpgCore {
  return PpgCore.create({ rateHz, polarity: 0, channelCount });
}

function wholeOf(trial: Trial): PpgFinding[] {
  const core = coreOf(trial);
  return [...core.push(trial.numbers), ...core.flush()];
}

function check<T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void, numRuns = 60): void {
  fc.assert(fc.property(arbitrary, property), { seed: SEED, numRuns });
}

describe('the core ppg, whatever the signal', () => {
  it('gives the same bits in blocks of any size, even with a frame cut in two', () => {
    check(fc.tuple(recipes, fc.constantFrom(1, 7, 100, 4096)), ([recipe, block]) => {
      const trial = trialOf(recipe);
      const core = coreOf(trial);
      const findings: PpgFinding[] = [];
      for (let i = 0; i < trial.numbers.length; i += block)
        findings.push(...core.push(trial.numbers.subarray(i, i + block)));
      findings.push(...core.flush());
      const whole = coreOf(trial);
      expect(findings).toEqual([...whole.push(trial.numbers), ...whole.flush()]);
      expect(core.snapshot()).toEqual(whole.snapshot());
    });
  });

  it('goes on from a snapshot in another instance', () => {
    check(fc.tuple(recipes, fc.double({ min: 0, max: 1, noNaN: true })), ([recipe, part]) => {
      const trial = trialOf(recipe);
      const cut = Math.floor(part * trial.numbers.length);
      const first = coreOf(trial);
      const before = first.push(trial.numbers.subarray(0, cut));
      const second = PpgCore.create({ rateHz: 100, polarity: 1, channelCount: 1 });
      second.restore(first.snapshot());
      expect([...before, ...second.push(trial.numbers.subarray(cut)), ...second.flush()]).toEqual(wholeOf(trial));
    });
  });

  it('gives findings in order, none before its sample and none later than 2 s after it', () => {
    check(recipes, (recipe) => {
      const trial = trialOf(recipe);
      const core = coreOf(trial);
      let last = 0;
      for (let frame = 1; frame * trial.channelCount <= trial.numbers.length; frame++) {
        const from = (frame - 1) * trial.channelCount;
        for (const { sample, quality } of core.push(trial.numbers.subarray(from, from + trial.channelCount))) {
          expect(sample).toBeGreaterThanOrEqual(last);
          expect(sample).toBeLessThanOrEqual(frame);
          expect(frame - sample).toBeLessThanOrEqual(DELAY_S_MAX * trial.rateHz);
          expect(sample * 1024).toBe(Math.round(sample * 1024));
          expect(quality).toBeGreaterThanOrEqual(0);
          expect(quality).toBeLessThanOrEqual(1);
          last = sample;
        }
      }
      for (const { sample } of core.flush()) {
        expect(sample).toBeGreaterThanOrEqual(last);
        last = sample;
      }
    });
  });

  const waves = fc.record({
    rateHz: fc.constantFrom(...RATES_HZ),
    bpm: fc.integer({ min: 40, max: 200 }),
    seed: fc.integer(),
  });

  function beats(samples: Float32Array, rateHz: number): number[] {
    const core = PpgCore.create({ rateHz, polarity: 0, channelCount: 1 });
    return beatsOf([...core.push(samples), ...core.flush()], 1);
  }

  function expectSame(found: number[], other: number[]): void {
    expect(other.length).toBe(found.length);
    other.forEach((sample, i) => {
      expect(Math.abs(sample - found[i]!)).toBeLessThanOrEqual(1);
    });
  }

  it('finds the same beats under any gain and offset', () => {
    const gains = fc.double({ min: -8, max: 8, noNaN: true }).map((power) => 10 ** power);
    const offsets = fc.double({ min: -1000, max: 1000, noNaN: true });
    check(fc.tuple(waves, gains, offsets), ([{ rateHz, ...options }, gain, offset]) => {
      const { samples } = wave({ rateHz, seconds: 30, ...options });
      expectSame(
        beats(samples, rateHz),
        beats(
          samples.map((x) => gain * (x + offset)),
          rateHz,
        ),
      );
    });
  });

  it('finds the same beats upside down', () => {
    check(waves, ({ rateHz, ...options }) => {
      const { samples } = wave({ rateHz, seconds: 30, ...options });
      expectSame(
        beats(samples, rateHz),
        beats(
          samples.map((x) => -x),
          rateHz,
        ),
      );
    });
  });
});
