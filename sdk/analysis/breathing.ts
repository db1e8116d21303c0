// Breathing of a recording: corrected intervals, the sizes of the beats and, where there is one, the respiration signal, in the order of
// time through the breath core.
import { BreathCore, type BreathFinding, type BreathInput, type CoreModule } from '@maibo/cores';
import type { Recording } from '../formats/recording.ts';
import type { RrNews } from '../pipeline/rr-correction.ts';
import { measureBeats } from './beat-sizes.ts';
import type { BreathingSeries } from './breathing-series.ts';
import { type ChannelSamples, readChannel } from './channel-samples.ts';
import type { SignalChoice } from './choose-signal.ts';
import { intervalQualities } from './chosen-intervals.ts';
import type { Found } from './found.ts';
import { mergeByTime, runCore } from './merge-by-time.ts';

/** The core's own step (ABI.md). */
const STEP_S = 10;
/** Names of the sources, and of the core's values for them. */
const SOURCES = {
  rr: 'rrBrpm',
  ecgHeight: 'ecgHeightBrpm',
  ecgBaseline: 'ecgBaselineBrpm',
  ppgHeight: 'ppgHeightBrpm',
  ppgBaseline: 'ppgBaselineBrpm',
  ppgInterval: 'ppgIntervalBrpm',
  respiration: 'respirationBrpm',
} as const;
const RESPIRATION_NAME = /\bresp/i;

export interface BreathingRun {
  readonly modules: readonly CoreModule[];
  readonly series: BreathingSeries;
}

/** Null where the recording has no two beats. */
export async function findBreathing(
  recording: Recording,
  { signal, channel }: SignalChoice,
  found: Found,
  news: RrNews,
): Promise<BreathingRun | null> {
  if (found.rr.length === 0) return null;
  const sizes = channel === null || signal === 'rr' ? null : await measureBeats(recording, channel, signal, found);
  const startS = channel === null ? 0 : (recording.channels[channel]?.startS ?? 0);
  const respiration = await readRespiration(recording);
  const streams = [
    intervalsOf(news, found),
    sizes?.inputs ?? [],
    respiration === null ? [] : respirationOf(respiration, startS),
  ];
  const core = BreathCore.create();
  const findings = runCore(core, mergeByTime(streams));
  const modules = sizes === null ? [core.module] : [sizes.module, core.module];
  return { modules, series: seriesOf(findings) };
}

/** The channel that is named like a respiration signal. */
export function readRespiration(recording: Recording): Promise<ChannelSamples | null> {
  const name = recording.channels.find((channel) => RESPIRATION_NAME.test(channel.name))?.name;
  return name === undefined ? Promise.resolve(null) : readChannel(recording, name);
}

function* intervalsOf(news: RrNews, found: Found): Generator<BreathInput> {
  const qualityAt = intervalQualities(found);
  for (const { timeS, correctedMs, action, afterGap } of news.intervals) {
    if (correctedMs === 0 || action === 'excluded') continue;
    const quality = qualityAt.get(timeS) ?? Number.NaN;
    yield { timeS, value: correctedMs, baseline: 0, quality, kind: 'rr', afterGap };
  }
}

function* respirationOf({ rateHz, startS, values }: ChannelSamples, zeroS: number): Generator<BreathInput> {
  for (let i = 0; i < values.length; i++) {
    const timeS = startS + i / rateHz - zeroS;
    yield { timeS, value: values[i]!, baseline: 0, quality: Number.NaN, kind: 'respiration', afterGap: false };
  }
}

function seriesOf(findings: readonly BreathFinding[]): BreathingSeries {
  const column = (name: keyof BreathFinding['values']) => findings.map(({ values }) => values[name]);
  const sources = Object.entries(SOURCES).map(([name, value]) => [name, column(value)] as const);
  return {
    stepS: STEP_S,
    timeS: findings.map(({ values }) => values.timeS ?? 0),
    rate: column('rateBrpm'),
    error: column('standardErrorBrpm'),
    quality: findings.map(({ quality }) => quality),
    source: Object.fromEntries(sources.filter(([, values]) => values.some((value) => value !== null))),
  };
}
