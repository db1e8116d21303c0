// What the heart says of a night that was scored: its rate and variability, breathing, and the suspicion of apnoea, or why they are not there.
import type { CoreModule } from '@maibo/cores';
import { type ApnoeaSuspicion, type NoApnoeaSuspicion, suspectApnoea } from './apnoea-suspicion.ts';
import { breathingOfNight, type NightBreathing } from './night-breathing.ts';
import { heartOfNight, type NightHeart } from './night-heart.ts';
import { correctNight } from './night-intervals.ts';
import type { NightInterval } from './sleep-inputs.ts';
import type { StageOrNone } from './sleep-stage.ts';

/** 'not-scored': the night has no summary. 'no-intervals': the recording has no intervals between beats. */
export type NoBody = 'not-scored' | 'no-intervals' | 'too-little-covered';

export interface NightBody {
  readonly heart: NightHeart | null;
  readonly heartWhy: NoBody | null;
  readonly breathing: NightBreathing | null;
  readonly breathingWhy: NoBody | null;
  /** A suspicion and no diagnosis. */
  readonly apnoea: ApnoeaSuspicion | null;
  readonly apnoeaWhy: NoBody | NoApnoeaSuspicion | null;
}

export interface BodyRun {
  readonly body: NightBody;
  readonly modules: readonly CoreModule[];
}

export function withoutBody(why: NoBody): BodyRun {
  const body: NightBody = {
    ...{ heart: null, heartWhy: why },
    ...{ breathing: null, breathingWhy: why },
    ...{ apnoea: null, apnoeaWhy: why },
  };
  return { body, modules: [] };
}

/** `stages`: of epochs of 30 s, the first of which begins at `startS`. */
export function bodyOfNight(
  intervals: readonly NightInterval[],
  stages: readonly StageOrNone[],
  startS: number,
): BodyRun {
  if (intervals.length === 0) return withoutBody('no-intervals');
  const night = correctNight(intervals);
  const heart = heartOfNight(night, stages, startS);
  const breathing = breathingOfNight(night, stages, startS);
  const apnoea = suspectApnoea(night, stages, startS);
  const body: NightBody = {
    heart: heart?.heart ?? null,
    heartWhy: heart === null ? 'too-little-covered' : null,
    breathing: breathing?.breathing ?? null,
    breathingWhy: breathing === null ? 'too-little-covered' : null,
    apnoea: typeof apnoea === 'string' ? null : apnoea,
    apnoeaWhy: typeof apnoea === 'string' ? apnoea : null,
  };
  const modules = [night.module, ...[heart, breathing].flatMap((run) => (run === null ? [] : [run.module]))];
  return { body, modules };
}
