// A night as FHIR observations. The shape was checked once with fhir.resources 6.5.0 (FHIR R4); what is asserted here is what R4 demands.
import { describe, expect, it } from 'vitest';
import { intervalsOf, stagesOf } from './night.testkit.ts';
import { bodyOfNight } from './night-body.ts';
import { nightObservations, nightValues } from './night-observations.ts';
import { type NightSummary, summarizeNight } from './night-summary.ts';
import type { SleepAnalysis } from './sleep.ts';
import { SLEEP_TERMS, type SleepTerm } from './sleep-terms.ts';

const stage = stagesOf(['W', 20], ['N1N2', 200], ['N3', 60], ['R', 60], ['W', 20]);

function analysisOf(startUtcMs: number | null): SleepAnalysis {
  const { body } = bodyOfNight(intervalsOf({ hours: 6 }), stage, 0);
  return {
    maibo: '0.1.0',
    input: { path: 'home/someone/night.rr', kind: 'rr', startUtc: null },
    cores: [{ name: 'sleep', version: '1.0.0', sha256: 'ab'.repeat(32) }],
    sleep: {
      ...{ epochS: 30, startS: 0, mode: 'morning', classes: 4, stage, prob: [], used: [] },
      ...{ summary: summarizeNight(stage, startUtcMs) as NightSummary, why: null },
      ...body,
    },
  };
}

describe('observations of a night', () => {
  const analysis = analysisOf(Date.UTC(2026, 0, 2, 22, 30));
  const observations = nightObservations(analysis, { subject: 'sleeper-17' });
  const byCode = (code: string) =>
    observations.find((observation) => observation.code.coding?.some((coding) => coding.code === code));

  it('carry LOINC codes, UCUM units and the values of the summary', () => {
    expect(byCode('93832-4')).toMatchObject({
      resourceType: 'Observation',
      status: 'final',
      valueQuantity: { value: 320, unit: 'min', system: 'http://unitsofmeasure.org', code: 'min' },
      subject: { identifier: { value: 'sleeper-17' } },
      effectivePeriod: { start: '2026-01-02T22:50:00.000Z', end: '2026-01-03T04:10:00.000Z' },
      device: { reference: '#maibo' },
    });
    expect(byCode('93831-6')!.valueQuantity.value).toBe(60);
    expect(byCode('93829-0')!.valueQuantity.value).toBe(60);
    expect(byCode('93830-8')!.valueQuantity.value).toBe(200);
    expect(byCode('8867-4')!.valueQuantity).toMatchObject({ value: 60, code: '/min' });
    expect(byCode('9279-1')!.valueQuantity.value).toBeCloseTo(15, 0);
  });

  it('name the cores that computed them, and nobody', () => {
    const text = JSON.stringify(observations);
    expect(text).toContain(`1.0.0 sha256:${'ab'.repeat(32)}`);
    expect(text).not.toContain('someone');
    expect(observations).toHaveLength(Object.values(nightValues(analysis)).filter((value) => value !== null).length);
  });

  it('say that nobody knows when, and leave out what is missing', () => {
    const [first] = nightObservations(analysisOf(null));
    expect(first).toMatchObject({ subject: { display: 'not stated' }, _effectiveDateTime: expect.anything() });
    expect(first).not.toHaveProperty('effectivePeriod');
    const unscored = {
      ...analysis,
      sleep: { ...analysis.sleep, summary: null, heart: null, breathing: null, apnoea: null },
    };
    expect(nightObservations(unscored)).toEqual([]);
    const two = { ...analysis, sleep: { ...analysis.sleep, classes: 2 as const } };
    expect(nightValues(two)).toMatchObject({ lightSleep: null, deepSleep: null, remSleep: null, totalSleep: 320 });
  });

  it('use each code for one value, and never that of the apnoea-hypopnoea index', () => {
    const terms: SleepTerm[] = Object.values(SLEEP_TERMS);
    const codes = terms.flatMap((term) => term.codes.map(({ system, code }) => `${system}|${code}`));
    expect(new Set(codes).size).toBe(codes.length);
    // LOINC ends in a check digit (Luhn over the rest).
    const loinc = terms.flatMap(({ codes: list }) => list).filter(({ system }) => system === 'http://loinc.org');
    for (const { code } of loinc) expect(luhn(code.replace('-', ''))).toBe(0);
    expect(SLEEP_TERMS.heartRateCycles.codes).toEqual([]);
  });
});

function luhn(digits: string): number {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10;
}
