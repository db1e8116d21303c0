// The compiled rr core: what it says of plain cases, of bad input, and over its verbs.

import { describe, expect, it } from 'vitest';
import { wasm } from '../../host/webassembly.ts';
import { CoreStatusError, coreCatalog } from '../../index.ts';
import { beatHeart } from './hearts.testkit.ts';
import { findingsOf, inputsOf, nnOf, ofKind, originalsOf, PAUSE_MS, RrStream } from './rr.testkit.ts';

const STEADY = beatHeart({ seed: 11, beatCount: 200 });

/** STEADY with intervals 100 and on replaced. */
function withAt100(...rrMs: number[]) {
  return findingsOf(inputsOf([...STEADY.slice(0, 100), ...rrMs, ...STEADY.slice(100)]));
}

function saidOf(findings: ReturnType<typeof findingsOf>) {
  const odd = originalsOf(findings).filter((finding) => finding.artefact !== 'normal');
  return odd.map(({ index, artefact, action }) => `${index} ${artefact} ${action}`);
}

describe('rr names and corrects', () => {
  it('nothing in an ordinary series', () => {
    const findings = findingsOf(inputsOf(STEADY));
    expect(saidOf(findings)).toEqual([]);
    expect(nnOf(findings).map((nn) => nn.rrMs)).toEqual(STEADY);
  });

  it('a missed beat: two intervals of one', () => {
    const findings = withAt100(1700);
    expect(saidOf(findings)).toEqual(['100 missed split']);
    const parts = ofKind(findings, 'interval').filter((finding) => finding.index === 100);
    expect(parts.map((part) => part.action)).toEqual(['split', 'inserted']);
    expect(parts.map((part) => part.rrMs)).toEqual([1700, 0]);
    expect(parts[0]!.correctedMs + parts[1]!.correctedMs).toBe(1700);
  });

  it('an extra beat: one interval of two', () => {
    const findings = withAt100(250, 600);
    expect(saidOf(findings)).toEqual(['100 extra merged', '101 extra merged']);
    expect(originalsOf(findings)[100]!.correctedMs).toBe(0);
    expect(originalsOf(findings)[101]!.correctedMs).toBe(850);
  });

  it('an ectopic beat with its pause: the beat moved', () => {
    const findings = withAt100(550, 1150);
    expect(saidOf(findings)).toEqual(['100 ectopic moved', '101 ectopic moved']);
    const [first, second] = originalsOf(findings).slice(100, 102);
    expect(Math.abs(first!.correctedMs - 850)).toBeLessThan(60);
    expect(first!.correctedMs + second!.correctedMs).toBeCloseTo(1700, 9);
  });

  it('two ectopic beats in a row: both moved', () => {
    expect(saidOf(withAt100(560, 580, 1410))).toEqual(['100 ectopic moved', '101 ectopic moved', '102 ectopic moved']);
  });

  it('an ectopic beat that resets the rhythm: left out, since no moved beat explains it', () => {
    const findings = withAt100(480, 820);
    expect(saidOf(findings)[0]).toBe('100 short excluded');
    expect(originalsOf(findings)[100]!.correctedMs).toBe(480);
    expect(nnOf(findings)[100]).toEqual({ rrMs: 820, joined: false });
  });

  it('an interval of an hour: left out, and the next one does not follow it', () => {
    const findings = withAt100(3_600_000);
    expect(saidOf(findings)).toEqual(['100 long excluded']);
    expect(originalsOf(findings)[101]!.afterGap).toBe(true);
  });

  it('no tachycardia away, however suddenly it begins and ends', () => {
    const svt = Array.from({ length: 60 }, (_, i) => 380 + (i % 3));
    const findings = withAt100(...svt);
    const shares = originalsOf(findings).slice(105, 158);
    expect(shares.every((finding) => finding.artefact === 'normal')).toBe(true);
    expect(saidOf(findings).length).toBeLessThan(6);
  });

  it('an alternating series not at all', () => {
    const alternating = Array.from({ length: 400 }, (_, i) => (i % 2 ? 830 : 770));
    expect(saidOf(findingsOf(inputsOf(alternating)))).toEqual([]);
  });
});

describe('rr watches', () => {
  it('pauses, with the class of the interval beside', () => {
    const [pause, ...others] = ofKind(withAt100(2600), 'pause');
    expect(others).toEqual([]);
    expect(pause).toMatchObject({ index: 100, rrMs: 2600, artefact: 'missed' });
    expect(pause!.value).toBeCloseTo(2.6, 6);
    expect(ofKind(withAt100(PAUSE_MS), 'pause')).toEqual([]);
  });

  it('a tachycardia of 30 s and its end', () => {
    const findings = findingsOf(inputsOf([...Array(60).fill(800), ...Array(120).fill(500), ...Array(60).fill(800)]));
    const [start, end, ...more] = findings.filter((finding) => finding.kind.startsWith('tachycardia'));
    expect(more).toEqual([]);
    expect(start!.kind).toBe('tachycardia');
    expect(Math.abs(start!.timeS - 48)).toBeLessThan(4);
    expect(start!.value).toBeGreaterThan(100);
    expect(end!.kind).toBe('tachycardia-end');
    expect(Math.abs(end!.timeS - 108)).toBeLessThan(4);
  });

  it('a bradycardia, which ends at a gap', () => {
    const findings = findingsOf(inputsOf([...Array(40).fill(1300), ...Array(20).fill(1300)], [40]));
    const kinds = findings.map((finding) => finding.kind).filter((kind) => kind.startsWith('brady'));
    expect(kinds).toEqual(['bradycardia', 'bradycardia-end']);
  });

  it('no episode in half a minute less a beat', () => {
    const findings = findingsOf(inputsOf([...Array(60).fill(800), ...Array(58).fill(500), ...Array(60).fill(800)]));
    expect(findings.filter((finding) => finding.kind.includes('cardia'))).toEqual([]);
  });

  it('the rhythm from 48 intervals on, anew after every 8', () => {
    const windows = ofKind(findingsOf(inputsOf(STEADY)), 'rhythm');
    expect(windows.map((window) => window.index)).toEqual(Array.from({ length: 20 }, (_, i) => 47 + 8 * i));
    expect(windows.every((window) => window.value < 0.5 && window.rhythm === 'regular')).toBe(true);
  });
});

describe('rr of few or odd intervals', () => {
  it('says nothing of none', () => {
    expect(findingsOf([])).toEqual([]);
  });

  it('keeps one, two and three', () => {
    for (const rrMs of [[800], [800, 500], [800, 1500, 790]]) {
      const findings = findingsOf(inputsOf(rrMs));
      expect(originalsOf(findings).map((finding) => finding.rrMs)).toEqual(rrMs);
      expect(findings[0]!.afterGap).toBe(false);
    }
  });

  it('keeps equal intervals as they are', () => {
    const findings = findingsOf(inputsOf(Array(1000).fill(1000)));
    expect(saidOf(findings)).toEqual([]);
    expect(nnOf(findings).every((nn) => nn.rrMs === 1000)).toBe(true);
  });

  it('decides at once what a gap or the end cuts off', () => {
    const core = new RrStream();
    expect(core.push(inputsOf([800, 810]))).toEqual([]);
    expect(originalsOf(core.push(inputsOf([790], [0]))).map((finding) => finding.index)).toEqual([0, 1]);
    expect(originalsOf(core.flush()).map((finding) => finding.afterGap)).toEqual([true]);
  });

  it('corrects nothing over a gap, however many there are', () => {
    const rrMs = STEADY.map((rr, i) => (i % 9 === 4 ? rr * 2 : rr));
    const findings = findingsOf(
      inputsOf(
        rrMs,
        rrMs.map((_, i) => i),
      ),
    );
    expect(originalsOf(findings).map((finding) => finding.correctedMs)).toEqual(rrMs);
    expect(originalsOf(findings).every((finding) => finding.afterGap || finding.index === 0)).toBe(true);
  });

  it('learns nothing from intervals that the source doubts', () => {
    const doubted = STEADY.map((rrMs, i) => ({ rrMs: i % 2 ? rrMs + 150 : rrMs, quality: 0.2 }));
    expect(ofKind(findingsOf(doubted), 'rhythm')).toEqual([]);
    const { value } = originalsOf(findingsOf([{ rrMs: 800, quality: 0.25 }]))[0]!;
    expect(value).toBe(0.25);
    expect(originalsOf(findingsOf([{ rrMs: 800 }]))[0]!.value).toBe(-1);
  });

  it('goes through a million intervals in the same few bytes', () => {
    const core = new RrStream();
    const block = inputsOf(Array.from({ length: 10_000 }, (_, i) => STEADY[i % STEADY.length]!));
    let last = 0;
    for (let i = 0; i < 100; i++) last = originalsOf(core.push(block)).at(-1)!.index;
    expect(last).toBe(999_997);
    expect(core.instanceBytes).toBeLessThanOrEqual(16_384);
    expect(coreCatalog.get('rr').bytes.length).toBeLessThanOrEqual(12_288);
  });
});

describe('rr over its verbs', () => {
  const [OK, BAD_ADDRESS, BAD_ARGUMENT, NOT_INITIALISED, WRONG_STATE] = [0, -1, -2, -3, -4];

  function open() {
    const module = new wasm.Module(coreCatalog.get('rr').bytes);
    const core = new wasm.Instance(module).exports as unknown as Record<string, (...numbers: number[]) => number>;
    const { memory } = core as unknown as { memory: { buffer: ArrayBuffer } };
    const at = core.arena!();
    const from = at + core.size!();
    return { core, at, from, into: from + 1600, view: new DataView(memory.buffer), end: memory.buffer.byteLength };
  }

  function write(view: DataView, from: number, rrMs: readonly number[], quality = Number.NaN, flags = 0): number {
    for (const [i, rr] of rrMs.entries()) {
      view.setFloat64(from + 16 * i, rr, true);
      view.setFloat32(from + 16 * i + 8, quality, true);
      view.setUint32(from + 16 * i + 12, flags, true);
    }
    return rrMs.length;
  }

  it('wants an instance first', () => {
    const { core, at, from, into } = open();
    expect(core.push!(at, from, 1)).toBe(NOT_INITIALISED);
    expect(core.poll!(at, into, 1)).toBe(NOT_INITIALISED);
    expect(core.flush!(at)).toBe(NOT_INITIALISED);
    expect(core.reset!(at)).toBe(NOT_INITIALISED);
  });

  it('refuses addresses and settings that cannot be', () => {
    const { core, at, from, into, end } = open();
    for (const wrong of [0, at + 4, end, -8]) expect(core.init!(wrong, PAUSE_MS)).toBe(BAD_ADDRESS);
    for (const wrong of [Number.NaN, 0, 999, 60_001]) expect(core.init!(at, wrong)).toBe(BAD_ARGUMENT);
    expect(core.init!(at, PAUSE_MS)).toBe(OK);
    for (const wrong of [0, from + 4, end - 8]) expect(core.push!(at, wrong, 1)).toBe(BAD_ADDRESS);
    for (const wrong of [0, into + 4, end - 32]) expect(core.poll!(at, wrong, 1)).toBe(BAD_ADDRESS);
    expect(core.push!(at, from, -1)).toBe(BAD_ARGUMENT);
  });

  it('takes nothing of a push with an interval that is none', () => {
    const { core, at, from, into, view } = open();
    core.init!(at, PAUSE_MS);
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, -800, 0, -0, 1.1e9]) {
      expect(core.push!(at, from, write(view, from, [800, 810, wrong]))).toBe(BAD_ARGUMENT);
    }
    expect(core.push!(at, from, write(view, from, [800], -0.1))).toBe(BAD_ARGUMENT);
    expect(core.push!(at, from, write(view, from, [800], 1.5))).toBe(BAD_ARGUMENT);
    expect(core.push!(at, from, write(view, from, [800], 1, 2))).toBe(BAD_ARGUMENT);
    expect(core.flush!(at)).toBe(OK);
    expect(core.poll!(at, into, 10)).toBe(0);
  });

  it('takes nothing after flush until reset, and less than offered when nobody polls', () => {
    const { core, at, from, into, view } = open();
    core.init!(at, PAUSE_MS);
    const taken = core.push!(at, from, write(view, from, Array(100).fill(800)));
    expect(taken).toBeGreaterThan(20);
    expect(taken).toBeLessThan(100);
    expect(core.push!(at, from, 1)).toBe(0);
    expect(core.poll!(at, into, 5)).toBe(5);
    expect(core.flush!(at)).toBe(OK);
    expect(core.flush!(at)).toBe(OK);
    expect(core.push!(at, from, 1)).toBe(WRONG_STATE);
    expect(core.reset!(at)).toBe(OK);
    expect(core.poll!(at, into, 5)).toBe(0);
    expect(core.push!(at, from, 1)).toBe(1);
  });

  it('says which verb refused and why', () => {
    expect(() => new RrStream().push([{ rrMs: Number.NaN }])).toThrow(CoreStatusError);
  });
});
