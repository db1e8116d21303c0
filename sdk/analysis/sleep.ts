// Sleep stages of a night from a file: features of epochs (Walch 2019), or RR intervals of any kind.
import { basename } from 'node:path';
import { type CoreModule, SleepCore, type SleepFinding } from '@maibo/cores';
import { MaiboError } from '../errors.ts';
import { MAIBO_VERSION } from '../version.ts';
import { type NightSummary, type NoSummary, type SleepStage, summarizeNight } from './night-summary.ts';
import { readSleepInputs, type SleepInputKind } from './sleep-inputs.ts';

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
  readonly input: { readonly path: string; readonly kind: SleepInputKind };
  readonly cores: readonly { readonly name: string; readonly version: string; readonly sha256: string }[];
  readonly sleep: {
    readonly epochS: number;
    /** Start of the first epoch, s from the start of the recording. */
    readonly startS: number;
    readonly mode: SleepMode;
    readonly classes: SleepClasses;
    /** Null where nothing was measured. */
    readonly stage: readonly (SleepStage | null)[];
    /** Probabilities of wake, N1 or N2, N3, REM; null with the stage. */
    readonly prob: readonly (readonly [number, number, number, number] | null)[];
    /** What was measured in every epoch: of 'activity', 'heart-spread', 'intervals'. */
    readonly used: readonly string[];
    /** Null when the night cannot be scored; `why` says why. */
    readonly summary: NightSummary | null;
    readonly why: NoSummary | null;
  };
}

const EPOCH_S = 30;
const EPOCHS_MAX = 5_760;
const MODES: Readonly<Record<SleepMode, number>> = { live: 0, morning: 1 };
/** Names of the core's stages 0..4 by the number of classes (ABI.md). */
const STAGES: Readonly<Record<SleepClasses, readonly (SleepStage | null)[]>> = {
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
  const { kind, inputs } = await readSleepInputs(path, options.id);
  const endS = inputs.at(-1)?.timeS ?? 0;
  const epochCount = Math.ceil(endS / EPOCH_S) + 1;
  if (epochCount > EPOCHS_MAX) {
    throw new MaiboError(
      'input-range',
      `the recording lasts ${(endS / 3600).toFixed(1)} h; at most 48 h are one night`,
      {
        where: basename(path),
      },
    );
  }
  const core = SleepCore.create({ epochCountMax: epochCount, mode: MODES[mode] });
  const findings = [...core.push(inputs), ...core.flush()];
  return {
    maibo: MAIBO_VERSION,
    input: { path, kind },
    cores: [identityOf(core.module)],
    sleep: { ...nightOf(findings, classes), mode, classes },
  };
}

function identityOf({ name, version, sha256 }: CoreModule) {
  return { name, version, sha256 };
}

function nightOf(findings: readonly SleepFinding[], classes: SleepClasses) {
  const stage = findings.map((finding) => STAGES[classes][stageNumber(finding, classes)] ?? null);
  const summary = summarizeNight(stage);
  return {
    epochS: EPOCH_S,
    startS: findings[0]?.timeS ?? 0,
    stage,
    prob: findings.map(({ wake, light, deep, rem }, index) =>
      stage[index] === null ? null : ([wake, light, deep, rem] as const),
    ),
    used: findings.map(({ used }) => SOURCES.flatMap(({ bit, name }) => (used & bit ? [name] : [])).join('+')),
    summary: typeof summary === 'string' ? null : summary,
    why: typeof summary === 'string' ? summary : null,
  };
}

function stageNumber({ stage2, stage3, stage4 }: SleepFinding, classes: SleepClasses): number {
  if (classes === 2) return stage2;
  return classes === 3 ? stage3 : stage4;
}
