import { expect, it } from 'vitest';
import { stagesOf } from './night.testkit.ts';
import { summarizeNight } from './night-summary.ts';
import { stagesWorn } from './night-worn.ts';

const stages = stagesOf(['W', 30], ['N1N2', 330]);
const worn = (hours: number, wear: 'on' | 'off' | 'unknown') => Array.from({ length: 120 * hours }, () => ({ wear }));

it('takes stages away where the device was off the wrist, and a night with hours of that is not scored', () => {
  const motion = [...worn(2, 'on'), ...worn(3, 'off'), ...worn(1, 'unknown')];
  const left = stagesWorn(stages, 0, motion);
  expect(left.filter((stage) => stage === null)).toHaveLength(360);
  expect(summarizeNight(left)).toBe('too-little-worn');
  expect(summarizeNight(stagesWorn(stages, 0, worn(6, 'on')))).toMatchObject({ totalSleepMin: 330 });
});

it('counts epochs from the start of the recording, and leaves alone what nobody measured', () => {
  const motion = [...worn(1, 'off'), ...worn(1, 'on')];
  expect(stagesWorn(stages, 3600, motion)).toEqual(stages);
  expect(stagesWorn(stages, 0, motion).slice(0, 121)).toEqual([...Array(120).fill(null), 'N1N2']);
  expect(stagesWorn(stages, 0, null)).toEqual(stages);
});
