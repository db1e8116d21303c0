// What changes over time: indices over windows, the probability of stress and its drivers, the breathing rate.
import type { AnalysisModel, SeriesModel } from './analysis-model.ts';
import { type AnalysisWords, formatIndex, wordFor } from './analysis-words.ts';
import { formatNumber, formatPercent, medianOf } from './format.ts';
import { type Html, html } from './html.ts';
import { indexFacts } from './index-facts.ts';
import { type ChartLine, renderChart } from './line-chart.ts';
import { fill } from './messages.en.ts';

/** Indices that are drawn, where they have values; all of them are in the JSON. */
const DRAWN = ['HRV_MeanNN', 'HRV_SDNN', 'HRV_RMSSD', 'HRV_LF', 'HRV_HF', 'HRV_LFHF', 'HRV_DFA_alpha1', 'HRV_SampEn'];
const SMALL_PX = 200;
const LARGE_PX = 260;
/** Colours there are for lines of one picture. */
const COLOURS = 5;

type Column = readonly (number | null)[];

export function renderSeries({ hrvBasis, input }: AnalysisModel, series: SeriesModel, words: AnalysisWords): Html {
  const { durationS } = input;
  const drawn = DRAWN.filter((name) => hasValues(series.values[name]));
  if (drawn.length === 0) return html`<p class="quiet">${words.seriesNone}</p>`;
  const caption = fill(words.seriesCaption, { window: shortLength(series.windowS), step: shortLength(series.stepS) });
  return html`<figure>${drawn.map((name, number) => {
    const { unit, plain } = indexFacts(name, hrvBasis.powerUnit, words);
    const lines = [{ values: series.values[name]!, errors: series.error[name] ?? [], colour: 0 }];
    const chart = renderChart(
      {
        ...{ id: `series-${number}`, timeS: series.toS, stepS: series.stepS, durationS, lines, heightPx: SMALL_PX },
        title: fill(words.seriesTitle, { name }),
        description: describe(lines[0]!.values, words),
        axisName: unit,
      },
      words,
    );
    return html`<h4><code>${name}</code> <span class="sensor">${plain}</span></h4>${chart}`;
  })}<figcaption>${caption}</figcaption></figure>`;
}

export function renderStress({ stress, input }: AnalysisModel, words: AnalysisWords): Html {
  if (stress === null || !hasValues(stress.probability)) return html`<p class="quiet">${words.stressNone}</p>`;
  const { timeS, stepS, probability } = stress;
  const same = { timeS, stepS, durationS: input.durationS };
  const chart = renderChart(
    {
      ...{ ...same, id: 'stress', range: { min: 0, max: 1 }, heightPx: LARGE_PX },
      lines: [{ values: probability, errors: [], colour: 0 }],
      title: words.stressTitle,
      description: describe(probability, words),
      axisName: words.stressAxis,
    },
    words,
  );
  const drivers = Object.entries(stress.drivers).filter(([, values]) => hasValues(values));
  const lines = drivers.map(([, values], colour): ChartLine => ({ values, errors: [], colour: colour % COLOURS }));
  const driverChart = renderChart(
    {
      ...{ ...same, id: 'drivers', range: { min: -1, max: 1 }, heightPx: LARGE_PX, lines },
      title: words.driversTitle,
      description: drivers.map(([name]) => wordFor('driver', name, words)).join(', '),
      axisName: words.driversAxis,
    },
    words,
  );
  const caption = fill(words.stressCaption, { window: shortLength(stress.windowS) });
  return html`<figure>${chart}<figcaption>${caption}</figcaption></figure>
<h4>${words.driversHeading}</h4><figure>${driverChart}${renderLegend(drivers, words)}<figcaption>${words.driversCaption}</figcaption></figure>`;
}

function renderLegend(drivers: readonly (readonly [string, Column])[], words: AnalysisWords): Html {
  return html`<ul class="legend">${drivers.map(
    ([name], colour) =>
      html`<li><span class="key line-${colour % COLOURS}"></span>${wordFor('driver', name, words)}</li>`,
  )}</ul>`;
}

export function renderBreathing({ breathing, input }: AnalysisModel, words: AnalysisWords): Html {
  if (breathing === null || !hasValues(breathing.rate)) return html`<p class="quiet">${words.breathingNone}</p>`;
  const { timeS, rate, error, source } = breathing;
  const chart = renderChart(
    {
      ...{ id: 'breathing', timeS, stepS: breathing.stepS, durationS: input.durationS, heightPx: LARGE_PX },
      lines: [{ values: rate, errors: error, colour: 0 }],
      title: words.breathingTitle,
      description: describe(rate, words),
      axisName: words.breathingAxis,
    },
    words,
  );
  const rows = [['fused', rate] as const, ...Object.entries(source)].filter(([, values]) => hasValues(values));
  return html`<figure>${chart}<figcaption>${words.breathingCaption}</figcaption></figure>
<div class="scroll"><table class="narrow"><thead><tr><th scope="col">${words.columnSource}</th><th scope="col" class="number">${words.columnMedianRate}</th><th scope="col" class="number">${words.columnShare}</th></tr></thead><tbody>${rows.map(
    ([name, values]) =>
      html`<tr><th scope="row">${wordFor('source', name, words)}</th><td class="number">${formatNumber(medianOf(values), 1)}</td><td class="number">${formatPercent(shareOf(values))}</td></tr>`,
  )}</tbody></table></div>`;
}

/** As people say it: 60 s, 5 min. */
function shortLength(seconds: number): string {
  const isMinutes = seconds > 60 && seconds % 60 === 0;
  return isMinutes ? `${formatNumber(seconds / 60)} min` : `${formatNumber(seconds, seconds % 1 === 0 ? 0 : 1)} s`;
}

function hasValues(values: Column | undefined): boolean {
  return values?.some((value) => value !== null) ?? false;
}

function shareOf(values: Column): number {
  return values.filter((value) => value !== null).length / values.length;
}

function describe(values: Column, words: AnalysisWords): string {
  const known = values.filter((value) => value !== null);
  const low = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return fill(words.seriesDesc, { count: known.length, low: formatIndex(low), high: formatIndex(high) });
}
