// The sleep core on nights made by a formula. How well it does on people: bench/accuracy/sleep-bench.ts.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Finding,
  heartNight,
  type Input,
  LIVE,
  MORNING,
  Sleep,
  sleepModule,
  wristNight,
} from './sleep.testkit.ts';

const MODULE_BYTES_MAX = 32 * 1024;
const LIVE_BYTES_MAX = 8 * 1024;
const MORNING_BYTES_MAX = 53 * 1024;
const BAD_ARGUMENT = -2;
const WRONG_STATE = -4;
const UNKNOWN = 4;

const module = sleepModule();

function judge(inputs: readonly Input[], mode = MORNING, epochCountMax = 1200): Finding[] {
  return new Sleep(module, mode, epochCountMax).run(inputs);
}

function expectSound(findings: readonly Finding[]): void {
  for (const { probabilities, stages, used } of findings) {
    const sum = probabilities.reduce((total, share) => total + share, 0);
    expect(probabilities.every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(sum).toBeCloseTo(used === 0 ? 0 : 1, 5);
    expect(stages.every((stage) => (used === 0 ? stage === UNKNOWN : stage < UNKNOWN))).toBe(true);
  }
}

describe('the sleep core', () => {
  it('fits its budget with its weights', () => {
    expect(module.length).toBeLessThanOrEqual(MODULE_BYTES_MAX);
  });

  it.each([LIVE, MORNING])('sees who moves as awake and who lies still as asleep, mode %i', (mode) => {
    const findings = judge(wristNight(900), mode);
    expectSound(findings);
    expect(findings).toHaveLength(900);
    const awake = (from: number, to: number) =>
      findings.slice(from, to).filter(({ stages }) => stages[0] === 0).length / (to - from);
    expect(awake(0, 50)).toBeGreaterThan(0.8);
    expect(awake(150, 750)).toBeLessThan(0.1);
  });

  it('sees a minute of movement in a still night, which smoothing has spread over five', () => {
    const bell = (away: number) => Math.exp(-((30 * away) ** 2) / (2 * 50 ** 2));
    const night = wristNight(900).map((input) => {
      const away = input.timeS / 30 - 500;
      return input.kind === 1 && Math.abs(away) < 6 ? { ...input, value: 60 * bell(away) } : input;
    });
    const wakeAt = (epoch: number) => judge(night)[epoch]!.probabilities[0]!;
    expect(wakeAt(500)).toBeGreaterThan(3 * wakeAt(506));
    expect(wakeAt(500)).toBeGreaterThan(2 * judge(wristNight(900))[500]!.probabilities[0]!);
  });

  it('says what it had', () => {
    const usedBy = (inputs: readonly Input[]) => judge(inputs)[30]!.used;
    expect(usedBy(wristNight(100, false))).toBe(1);
    expect(usedBy(wristNight(100))).toBe(3);
    expect(usedBy(heartNight(3000))).toBe(4);
    const together = [...wristNight(100, false), ...heartNight(3000)].sort((a, b) => a.timeS - b.timeS);
    expect(usedBy(together)).toBe(5);
  });

  it('does not judge by the spread of the heart rate alone', () => {
    const findings = judge(wristNight(50).filter(({ kind }) => kind === 2));
    expectSound(findings);
    expect(findings.every(({ used }) => used === 0)).toBe(true);
  });

  it.each([LIVE, MORNING])('gives the same whatever the size of the pushes and polls, mode %i', (mode) => {
    const inputs = [...wristNight(120), ...heartNight(3600)].sort((a, b) => a.timeS - b.timeS);
    const sleep = new Sleep(module, mode);
    const findings: Finding[] = [];
    for (const input of inputs) {
      expect(sleep.push([input])).toBe(1);
      findings.push(...sleep.poll());
    }
    sleep.core.flush(sleep.at);
    findings.push(...sleep.poll());
    expect(findings).toEqual(judge(inputs, mode));
  });

  it('live: is one epoch late, and nothing that comes later changes what it said', () => {
    const inputs = [...wristNight(200), ...heartNight(6000)].sort((a, b) => a.timeS - b.timeS);
    const whole = judge(inputs, LIVE);
    const sleep = new Sleep(module, LIVE);
    const half = sleep.feed(inputs.filter(({ timeS }) => timeS < 3000));
    expect(half).toHaveLength(98);
    expect(half).toEqual(whole.slice(0, 98));
  });

  it('live: takes no more than eight epochs ahead of what was polled, and goes on from there', () => {
    const sleep = new Sleep(module, LIVE);
    const inputs = wristNight(100);
    expect(sleep.push(inputs)).toBe(18);
    expect(sleep.push(inputs.slice(18))).toBe(0);
    expect(sleep.poll()).toHaveLength(7);
    expect(sleep.push(inputs.slice(18))).toBe(14);
  });

  it('live: an instance does not grow with the night', () => {
    const { core } = new Sleep(module, LIVE);
    expect(core.size(5760, LIVE)).toBe(core.size(1, LIVE));
    expect(core.size(960, LIVE)).toBeLessThanOrEqual(LIVE_BYTES_MAX);
    expect(core.size(960, MORNING)).toBeLessThanOrEqual(MORNING_BYTES_MAX);
  });

  it('forgets the signal on reset and keeps its settings', () => {
    const sleep = new Sleep(module, MORNING);
    const first = sleep.run(wristNight(100));
    expect(sleep.push(wristNight(1))).toBe(WRONG_STATE);
    expect(sleep.core.reset(sleep.at)).toBe(0);
    expect(sleep.run(wristNight(100))).toEqual(first);
  });
});

describe('inputs nobody wishes for', () => {
  it('three epochs', () => {
    const findings = judge(wristNight(3));
    expect(findings).toHaveLength(3);
    expectSound(findings);
  });

  it('no input at all', () => {
    expect(judge([])).toEqual([]);
  });

  it('hours off the wrist: the stage is unknown, what lies around it is not', () => {
    const findings = judge(wristNight(900).filter(({ timeS }) => timeS < 9000 || timeS >= 18_000));
    expect(findings).toHaveLength(900);
    expectSound(findings);
    expect(findings.slice(310, 590).every(({ used }) => used === 0)).toBe(true);
    expect(findings[200]!.used).toBe(3);
    expect(findings[700]!.used).toBe(3);
  });

  it('forty hours', () => {
    const findings = judge(wristNight(4800), MORNING, 4800);
    expect(findings).toHaveLength(4800);
    expectSound(findings);
  }, 60_000);

  it('anything at all: sound, and the same again', () => {
    const inputs = fc.array(
      fc.record({
        timeS: fc.double({ min: 0, max: 29_999, noNaN: true }),
        value: fc.oneof(fc.float(), fc.float({ min: 0, max: 2000 })),
        kind: fc.integer({ min: 1, max: 3 }),
      }),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(inputs, fc.constantFrom(LIVE, MORNING), (unsorted, mode) => {
        const sorted = [...unsorted].sort((a, b) => a.timeS - b.timeS);
        const findings = judge(sorted, mode);
        expectSound(findings);
        expect(judge(sorted, mode)).toEqual(findings);
      }),
      { numRuns: 20 },
    );
  }, 60_000);

  it('a heart that never varies, and values that are none', () => {
    expectSound(judge(heartNight(6000, 0)));
    expectSound(judge(wristNight(60).map((input) => ({ ...input, value: Number.NaN }))));
    expectSound(judge(wristNight(60).map((input) => ({ ...input, value: -1e30 }))));
  });

  it.each([
    [
      'time that runs backwards',
      [
        { timeS: 60, value: 1, kind: 1 },
        { timeS: 30, value: 1, kind: 1 },
      ],
    ],
    ['time that is none', [{ timeS: Number.NaN, value: 1, kind: 1 }]],
    ['time beyond what was asked for', [{ timeS: 1e9, value: 1, kind: 1 }]],
    ['a kind there is not', [{ timeS: 0, value: 1, kind: 9 }]],
  ])('%s: bad argument, and nothing is taken', (_, inputs) => {
    const sleep = new Sleep(module, MORNING);
    expect(sleep.push(inputs)).toBe(BAD_ARGUMENT);
    sleep.core.flush(sleep.at);
    expect(sleep.poll()).toEqual([]);
  });

  it('a size or mode there is not', () => {
    const { core, at } = new Sleep(module, MORNING);
    expect(core.size(0, LIVE)).toBe(BAD_ARGUMENT);
    expect(core.size(5761, LIVE)).toBe(BAD_ARGUMENT);
    expect(core.size(960, 2)).toBe(BAD_ARGUMENT);
    expect(core.init(at, 10, 2)).toBe(BAD_ARGUMENT);
  });
});
