// Two tables: the measures with their meaning (each window a column while they fit, else median, lowest and highest), and
// the windows with their quality, so that a value is never read without knowing how good its signal was.
import { formatClock, formatNumber, formatPercent, medianOf } from './format.ts';
import { type HrvMeasure, measuresIn } from './hrv-measures.ts';
import { type Html, html } from './html.ts';
import { fill, type Messages } from './messages.en.ts';
import type { HrvWindow } from './report-model.ts';
import { limitRows } from './table.ts';

const WINDOW_COLUMNS_MAX = 3; // more columns would squeeze the explanation off the page
const MEASURES_MAX = 64; // as many as a result record holds (record.cddl)

export function renderHrv(windows: readonly HrvWindow[], messages: Messages): Html {
  if (windows.length === 0) return html`<p class="quiet">${messages.hrvNone}</p>`;
  const names = new Set(windows.flatMap((window) => Object.keys(window.values)));
  const measures = measuresIn(names, messages).slice(0, MEASURES_MAX);
  const asColumns = windows.length <= WINDOW_COLUMNS_MAX;
  const headings = asColumns
    ? windows.map((_, index) => windowName(index, windows.length, messages))
    : [messages.columnMedian, messages.columnLowest, messages.columnHighest];
  return html`<div class="scroll"><table><caption>${messages.hrvCaption}</caption><thead><tr><th scope="col">${messages.columnName}</th>${headings.map(
    (heading) => html`<th scope="col" class="number">${heading}</th>`,
  )}<th scope="col">${messages.columnUnit}</th><th scope="col">${messages.columnMeaning}</th></tr></thead><tbody>${measures.map(
    (measure) => renderMeasure(measure, windows, asColumns),
  )}</tbody></table></div>
<h4>${messages.hrvWindowsHeading}</h4>${renderWindows(windows, messages)}`;
}

function windowName(index: number, count: number, messages: Messages): string {
  return count === 1 ? messages.columnValue : fill(messages.windowNumber, { number: index + 1 });
}

function renderMeasure(measure: HrvMeasure, windows: readonly HrvWindow[], asColumns: boolean): Html {
  const values = windows.map((window) => window.values[measure.name] ?? null);
  const shown = asColumns ? values : [medianOf(values), lowest(values), highest(values)];
  const errors = asColumns ? windows.map((window) => window.errors[measure.name] ?? null) : [];
  return html`<tr><th scope="row"><code>${measure.name}</code></th>${shown.map(
    (value, index) =>
      html`<td class="number">${formatNumber(value, measure.decimals)}${renderError(value, errors[index] ?? null, measure.decimals)}</td>`,
  )}<td class="unit">${measure.unit}</td><td class="meaning">${measure.meaning}</td></tr>`;
}

/** A value without its standard error says more than it knows. */
function renderError(value: number | null, error: number | null, decimals: number): string {
  return value === null || error === null ? '' : ` ± ${formatNumber(error, decimals)}`;
}

function renderWindows(windows: readonly HrvWindow[], messages: Messages): Html {
  const rows = windows.map((window, index) => () => renderWindow(window, index, messages));
  return html`<div class="scroll"><table><thead><tr><th scope="col">${messages.columnIndex}</th><th scope="col">${messages.columnWindow}</th><th scope="col">${messages.columnQuality}</th><th scope="col" class="number">${messages.columnCoverage}</th><th scope="col" class="number">MeanNN (ms)</th><th scope="col" class="number">SDNN (ms)</th><th scope="col" class="number">RMSSD (ms)</th><th scope="col">${messages.columnFlags}</th></tr></thead><tbody>${limitRows(rows, 8, messages)}</tbody></table></div>`;
}

function renderWindow(window: HrvWindow, index: number, messages: Messages): Html {
  const value = (name: string) => html`<td class="number">${formatNumber(window.values[name], 1)}</td>`;
  const flags = window.flags.length === 0 ? messages.none : window.flags.join(', ');
  return html`<tr><th scope="row">${index + 1}</th><td class="nowrap">${formatClock(window.fromS)} – ${formatClock(window.toS)}</td><td>${renderQuality(window.quality)}</td><td class="number">${formatPercent(window.coverage)}</td>${value('HRV_MeanNN')}${value('HRV_SDNN')}${value('HRV_RMSSD')}<td class="meaning">${flags}</td></tr>`;
}

/** A bar and its number: colour alone would not reach everyone. */
export function renderQuality(score: number | null): Html {
  if (score === null || !Number.isFinite(score)) return html`<span class="quality">-</span>`;
  const share = Math.min(1, Math.max(0, score));
  const level = share >= 0.8 ? 'good' : share >= 0.5 ? 'fair' : 'poor';
  return html`<span class="quality"><svg class="bar ${level}" viewBox="0 0 40 6" aria-hidden="true"><rect class="bar-back" width="40" height="6" rx="3"/><rect class="bar-fill" width="${formatNumber(share * 40, 1)}" height="6" rx="3"/></svg>${formatNumber(score, 2)}</span>`;
}

function lowest(values: readonly (number | null)[]): number | null {
  const found = values.filter((value): value is number => Number.isFinite(value));
  return found.length === 0 ? null : found.reduce((a, b) => Math.min(a, b));
}

function highest(values: readonly (number | null)[]): number | null {
  const found = values.filter((value): value is number => Number.isFinite(value));
  return found.length === 0 ? null : found.reduce((a, b) => Math.max(a, b));
}
