// Time axes count in the unit a person would use, on steps a clock has (15 minutes, 6 hours), not on powers of ten.
import { formatNumber } from './format.ts';
import type { MessageKey } from './messages.en.ts';
import { niceStep, ticksBetween } from './svg-scale.ts';

export interface TimeAxis {
  readonly name: MessageKey & ('axisS' | 'axisMin' | 'axisH');
  readonly ticksS: readonly number[];
  readonly labels: readonly string[];
}

const TICKS_MAX = 12;

export function chooseTimeAxis(durationS: number): TimeAxis {
  if (durationS <= 180) return layAxis('axisS', 1, durationS, [1, 2, 5, 10, 15, 30]);
  if (durationS <= 3 * 3600) return layAxis('axisMin', 60, durationS, [0.5, 1, 2, 5, 10, 15, 30]);
  return layAxis('axisH', 3600, durationS, [0.5, 1, 2, 3, 4, 6, 12, 24]);
}

function layAxis(name: TimeAxis['name'], unitS: number, durationS: number, steps: readonly number[]): TimeAxis {
  const length = durationS / unitS;
  const step = steps.find((candidate) => length / candidate <= TICKS_MAX) ?? niceStep(length / TICKS_MAX);
  const ticks = ticksBetween(0, length, step);
  return {
    name,
    ticksS: ticks.map((tick) => tick * unitS),
    labels: ticks.map((tick) => formatNumber(tick, Number.isInteger(step) ? 0 : 1)),
  };
}
