// A night as text for a terminal: the stages as a bar, what is said of the night, a table by stage, and what it is not.
import { basename } from 'node:path';
import type { SleepAnalysis } from '../analysis/sleep.ts';
import type { SleepStage, StageOrNone } from '../analysis/sleep-stage.ts';
import { fill } from '../report/messages.en.ts';
import { type SleepMessages, sleepMessagesEn } from './sleep-messages.en.ts';
import { sleepMessagesZh } from './sleep-messages.zh.ts';
import { columnsOf, padRight, tableLines } from './text-columns.ts';

export type SleepLanguage = 'en' | 'zh';

const CATALOGUES: Readonly<Record<SleepLanguage, SleepMessages>> = { en: sleepMessagesEn, zh: sleepMessagesZh };
const HEIGHTS: Readonly<Record<SleepStage, string>> = { W: '█', R: '▆', S: '▃', N: '▃', N1N2: '▃', N3: '▁' };
const BAR_KEYS = { 2: 'barKey2', 3: 'barKey3', 4: 'barKey' } as const;
const BAR_COLUMNS = 96;
/** In the order of depth. */
const STAGE_ORDER: readonly SleepStage[] = ['W', 'R', 'S', 'N', 'N1N2', 'N3'];

export function sleepText(analysis: SleepAnalysis, language: SleepLanguage = 'en'): string {
  const words = CATALOGUES[language];
  const { input, sleep, cores } = analysis;
  const head = fill(words.head, {
    kind: words[`kind-${input.kind}`],
    count: sleep.stage.length,
    seconds: sleep.epochS,
    mode: words[`mode-${sleep.mode}`],
    classes: sleep.classes,
  });
  const parts = [
    [`${basename(input.path)}  ${head}`, barOf(sleep.stage), words[BAR_KEYS[sleep.classes]]],
    factLines(sleep, words),
    stageLines(sleep, words),
    [words.noDiagnosis, ...(sleep.apnoea === null ? [] : [words.apnoeaNoDiagnosis])],
    cores.map(({ name, version, sha256 }) => `core ${name} ${version} ${sha256.slice(0, 16)}`),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
}

type Sleep = SleepAnalysis['sleep'];
type Fact = readonly [name: string, value: string];

function factLines(sleep: Sleep, words: SleepMessages): string[] {
  const { summary, why } = sleep;
  if (summary === null) return [fill(words.notScored, { why: words[`why-${why ?? 'no-sleep'}`] })];
  const facts = [
    ...sleepFacts(summary, words),
    ...heartFacts(sleep, words),
    breathingFact(sleep, words),
    apnoeaFact(sleep, words),
  ];
  const width = Math.max(...facts.map(([name]) => columnsOf(name)));
  const lines = facts.map(([name, value]) => `${padRight(name, width)}  ${value}`);
  return summary.basis === 'main-sleep' ? [words.mainSleep, ...lines] : lines;
}

function sleepFacts(summary: NonNullable<Sleep['summary']>, words: SleepMessages): Fact[] {
  const minutes = (value: number) => fill(words.minutes, { minutes: value.toFixed(1) });
  const { clockUtc, totalSleepMin, efficiencyPercent, latencyMin, remLatencyMin, wasoMin, awakenings } = summary;
  const clock: Fact[] =
    clockUtc === null
      ? []
      : [
          [
            words.clock,
            fill(words.clockValue, {
              onset: hourOf(clockUtc.onset),
              end: hourOf(clockUtc.end),
              middle: hourOf(clockUtc.middle),
            }),
          ],
        ];
  return [
    ...clock,
    [words.slept, fill(words.sleptValue, { duration: minutes(totalSleepMin), percent: efficiencyPercent.toFixed(1) })],
    [words.latency, latencyMin === null ? words.none : fill(words.latencyValue, { duration: minutes(latencyMin) })],
    [words.rem, remLatencyMin === null ? words.none : fill(words.remValue, { duration: minutes(remLatencyMin) })],
    [words.awake, fill(words.awakeValue, { duration: minutes(wasoMin), count: awakenings })],
    [words.cycles, summary.cycleCount === null ? words.none : String(summary.cycleCount)],
  ];
}

function heartFacts({ heart, heartWhy }: Sleep, words: SleepMessages): Fact[] {
  if (heart === null) return [[words.heart, absent(heartWhy, words)]];
  const { asleep, restingBpm, lowestBpm, dipPercent } = heart;
  const rates = { mean: fixed(asleep.meanBpm), rest: fixed(restingBpm), lowest: fixed(lowestBpm) };
  const spread = {
    rmssd: fixed(asleep.rmssdMs),
    ln: fixed(asleep.lnRmssd, 2),
    sdnn: fixed(asleep.sdnnMs),
    count: asleep.windowCount,
  };
  return [
    [words.heart, fill(words.heartValue, rates)],
    ...(dipPercent === null ? [] : [[words.dip, fill(words.dipValue, { percent: fixed(dipPercent) })] as const]),
    [words.variability, fill(words.variabilityValue, spread)],
  ];
}

function breathingFact({ breathing, breathingWhy }: Sleep, words: SleepMessages): Fact {
  if (breathing === null) return [words.breathing, absent(breathingWhy, words)];
  const { rateBrpm, share } = breathing.asleep;
  return [words.breathing, fill(words.breathingValue, { rate: fixed(rateBrpm), percent: fixed(100 * share, 0) })];
}

function apnoeaFact({ apnoea, apnoeaWhy }: Sleep, words: SleepMessages): Fact {
  if (apnoea === null) return [words.apnoea, absent(apnoeaWhy, words)];
  const message = apnoea.isSuspected ? words.apnoeaSuspected : words.apnoeaUnsuspected;
  return [words.apnoea, fill(message, { rate: fixed(apnoea.cyclesPerHour), minutes: apnoea.suspectMin })];
}

function absent(why: Sleep['heartWhy'] | Sleep['apnoeaWhy'], words: SleepMessages): string {
  return fill(words.absent, { why: words[`why-${why ?? 'not-scored'}`] });
}

function stageLines({ summary, heart, breathing }: Sleep, words: SleepMessages): string[] {
  if (summary === null) return [];
  const rows = STAGE_ORDER.filter((stage) => summary.stageMin[stage] !== undefined).map((stage) => {
    const state = heart?.byStage[stage];
    return [
      words[`stage-${stage}`],
      fixed(summary.stageMin[stage] ?? null),
      fixed(summary.stagePercent[stage] ?? null),
      fixed(state?.meanBpm ?? null),
      fixed(state?.rmssdMs ?? null),
      fixed(state?.sdnnMs ?? null),
      fixed(breathing?.byStage[stage]?.rateBrpm ?? null),
    ];
  });
  const { columnStage, columnMinutes, columnShare, columnHeart, columnRmssd, columnSdnn, columnBreaths } = words;
  return tableLines([
    [columnStage, columnMinutes, columnShare, columnHeart, columnRmssd, columnSdnn, columnBreaths],
    ...rows,
  ]);
}

function fixed(value: number | null, decimals = 1): string {
  return value === null ? '-' : value.toFixed(decimals);
}

/** "2026-11-22T23:41:30.000Z" to "23:41". */
function hourOf(utc: string): string {
  return utc.slice(11, 16);
}

/** The commonest stage of each column, as a height; a dot where nothing is known. */
function barOf(stages: readonly StageOrNone[]): string {
  const columns = Math.min(BAR_COLUMNS, stages.length);
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * stages.length) / columns);
    const part = stages.slice(from, Math.floor(((column + 1) * stages.length) / columns));
    const count = (name: StageOrNone) => part.filter((stage) => stage === name).length;
    const commonest = [...new Set(part)].toSorted((a, b) => count(b) - count(a))[0] ?? null;
    return commonest === null ? '·' : HEIGHTS[commonest];
  }).join('');
}
