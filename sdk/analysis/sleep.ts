// Sleep stages of a night from a file: features of epochs (Walch 2019), or RR intervals of any kind.
import { basename } from 'node:path';
import { type CoreModule, coreCatalog, SleepCore, type SleepFinding } from '@maibo/cores';
import { MaiboError } from '../errors.ts';
import { MAIBO_VERSION } from '../version.ts';
import { bodyOfNight, type NightBody, withoutBody } from './night-body.ts';
import { nightSpan } from './night-span.ts';
import { type NightSummary, type NoSummary, summarizeNight } from './night-summary.ts';
import { stagesWorn } from './night-worn.ts';
import { readSleepInputs, type SleepInputKind, type SleepInputs } from './sleep-inputs.ts';
import { EPOCH_S, type StageOrNone } from './sleep-stage.ts';

export type SleepMode = 'live' | 'morning';
export type SleepClasses = 2 | 3 | 4;

export interface SleepOptions {
  /** 'morning' (every epoch in the light of the whole night) when left out; 'live' looks at nothing later than one epoch. */
  readonly mode?: SleepMode | undefined;
  /** 4 when left out: wake, light, deep, REM; 3: wake, NREM, REM; 2: wake, sleep. */
  readonly classes?: SleepClasses | undefined;
  /** Which night of a folder that holds several. */
  readonly id?: string | undefined;
}

export interface SleepAnalysis {
  readonly maibo: string;
  readonly input: {
    readonly path: string;
    readonly kind: SleepInputKind;
    /** When the recording began, ISO 8601; null where it does not say. */
    readonly startUtc: string | null;
  };
  readonly cores: readonly { readonly name: string; readonly version: string; readonly sha256: string }[];
  readonly sleep: NightBody & {
    readonly epochS: number;
    /** Start of the first epoch, s from the start of the recording. */
    readonly startS: number;
    readonly mode: SleepMode;
    readonly classes: SleepClasses;
    /** Null where nothing was measured, and where the device was not worn. */
    readonly stage: readonly StageOrNone[];
    /** Probabilities of wake, N1 or N2, N3, REM; null with the stage. */
    readonly prob: readonly (readonly [number, number, number, number] | null)[];
    /** What was measured in every epoch: of 'activity', 'heart-spread', 'intervals'. */
    readonly used: readonly string[];
    /** Null when the night cannot be scored; `why` says why. */
    readonly summary: NightSummary | null;
    readonly why: NoSummary | null;
  };
}

const EPOCHS_MAX = 5_760;
/** The year 2200. */
const UTC_MS_MAX = 7_258_118_400_000;
const MODES: Readonly<Record<SleepMode, number>> = { live: 0, morning: 1 };
/** Names of the core's stages 0..4 by the number of classes (ABI.md). */
const STAGES: Readonly<Record<SleepClasses, readonly StageOrNone[]>> = {
  2: ['W', 'S', 'S', 'S', null],
  3: ['W', 'N', 'N', 'R', null],
  4: ['W', 'N1N2', 'N3', 'R', null],
};
const SOURCES = [
  { bit: 1, name: 'activity' },
  { bit: 2, name: 'heart-spread' },
  { bit: 4, name: 'intervals' },
];

/**
 * Errors: what reading throws, `usage` for a folder that holds no night, `input-range` for a recording of more than two days.
 * @example
 * const { sleep } = await analyzeSleep('path/to/night.rr', { classes: 3 });
 */
export async function analyzeSleep(path: string, options: SleepOptions = {}): Promise<SleepAnalysis> {
  const { mode = 'morning', classes = 4 } = options;
  const given = await readSleepInputs(path, options.id);
  const read = { ...given, startUtcMs: possibleTime(given.startUtcMs) };
  const core = SleepCore.create({ epochCountMax: epochCountOf(read, path), mode: MODES[mode] });
  const findings = [...core.push(read.inputs), ...core.flush()];
  const night = nightOf(findings, classes, read);
  const { body, modules } =
    night.summary === null
      ? withoutBody('not-scored')
      : bodyOfNight(read.intervals, onlyNight(night.stage), night.startS);
  const startUtc = read.startUtcMs === null ? null : new Date(read.startUtcMs).toISOString();
  return {
    maibo: MAIBO_VERSION,
    input: { path, kind: read.kind, startUtc },
    // Movement was weighed before anything came here.
    cores: [...(read.motion === null ? [] : [coreCatalog.get('motion')]), core.module, ...modules].map(identityOf),
    sleep: { ...night, mode, classes, ...body },
  };
}

function epochCountOf({ inputs }: SleepInputs, path: string): number {
  const endS = inputs.at(-1)?.timeS ?? 0;
  const epochCount = Math.ceil(endS / EPOCH_S) + 1;
  if (epochCount <= EPOCHS_MAX) return epochCount;
  throw new MaiboError('input-range', `the recording lasts ${(endS / 3600).toFixed(1)} h; at most 48 h are one night`, {
    where: basename(path),
  });
}

/** A clock that was never set, or a damaged one, is none. */
function possibleTime(utcMs: number | null): number | null {
  return utcMs !== null && utcMs > 0 && utcMs < UTC_MS_MAX ? utcMs : null;
}

function identityOf({ name, version, sha256 }: CoreModule) {
  return { name, version, sha256 };
}

function nightOf(findings: readonly SleepFinding[], classes: SleepClasses, { motion, startUtcMs }: SleepInputs) {
  const startS = findings[0]?.timeS ?? 0;
  const judged = findings.map((finding) => STAGES[classes][stageNumber(finding, classes)] ?? null);
  const stage = stagesWorn(judged, startS, motion);
  const summary = summarizeNight(stage, startUtcMs === null ? null : startUtcMs + startS * 1000);
  return {
    epochS: EPOCH_S,
    startS,
    stage,
    prob: findings.map(({ wake, light, deep, rem }, index) =>
      stage[index] === null ? null : ([wake, light, deep, rem] as const),
    ),
    used: findings.map(({ used }) => SOURCES.flatMap(({ bit, name }) => (used & bit ? [name] : [])).join('+')),
    summary: typeof summary === 'string' ? null : summary,
    why: typeof summary === 'string' ? summary : null,
  };
}

/** Sleep outside the night is a nap, and not of it; wake is known all the same. */
function onlyNight(stages: readonly StageOrNone[]): StageOrNone[] {
  const { from, to } = nightSpan(stages);
  return stages.map((stage, epoch) => (stage === 'W' || (epoch >= from && epoch < to) ? stage : null));
}

function stageNumber({ stage2, stage3, stage4 }: SleepFinding, classes: SleepClasses): number {
  if (classes === 2) return stage2;
  return classes === 3 ? stage3 : stage4;
}
