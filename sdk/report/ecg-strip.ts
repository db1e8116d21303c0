// The ECG strip as a paper recorder draws it: time runs at 25 mm/s, so one large square is 0.2 s wide and (in mV) 0.5 mV high.
//
//   top band    beat marks (triangles)
//   grid        small squares 4 px, large squares 20 px; the trace is broken where samples are missing (hatched, named)
//   bottom      the time in the stream, every second
import { formatClock, formatNumber } from './format.ts';
import { type Html, html } from './html.ts';
import { fill, type Messages } from './messages.en.ts';
import type { ReportStream } from './report-model.ts';
import { decimatedPath, niceStep, type Point, px, ticksBetween } from './svg-scale.ts';

export const STRIP_S_MAX = 60; // six rows of ten seconds: about one printed page

const ROW_S = 10;
const SQUARE_S = 0.2;
const SQUARE_PX = 20;
const PX_PER_S = SQUARE_PX / SQUARE_S;
const LEFT_PX = 60;
const WIDTH_PX = LEFT_PX + ROW_S * PX_PER_S + 20;
const MARK_BAND_PX = 22;
const TIME_BAND_PX = 30;
const ROW_GAP_PX = 14;
const SQUARES_HIGH_MAX = 16;
const MV_PER_SQUARE = 0.5;

type Strip = NonNullable<ReportStream['strip']>;

/** How the value axis is cut into large squares. */
interface Amplitude {
  readonly perSquare: number;
  readonly low: number;
  readonly high: number;
}

interface Row {
  readonly fromS: number;
  readonly toS: number;
  readonly topPx: number;
  readonly heightPx: number;
  readonly amplitude: Amplitude;
}

export function renderEcgStrip(stream: ReportStream, strip: Strip, id: string, messages: Messages): Html {
  const lengthS = strip.values.length / strip.rateHz;
  const shownS = Math.min(lengthS, STRIP_S_MAX);
  const amplitude = chooseAmplitude(strip, shownS, stream.unit);
  const rows = layRows(strip.fromS, shownS, amplitude);
  const heightPx = (rows.at(-1)?.topPx ?? 0) + (rows.at(-1)?.heightPx ?? 0) + TIME_BAND_PX;
  const missing = missingStretches(strip, stream, messages.missing);
  const caption = fill(messages.stripCaption, {
    seconds: SQUARE_S,
    amplitude: amplitude.perSquare,
    unit: stream.unit,
  });
  const truncated = shownS < lengthS ? ` ${fill(messages.stripTruncated, { shown: shownS })}` : '';
  const title = fill(messages.stripTitle, {
    from: formatClock(strip.fromS),
    to: formatClock(strip.fromS + shownS),
  });
  const desc = fill(messages.stripDesc, { beats: strip.beatTimesS.length, gaps: missing.length });
  return html`<figure><div class="picture"><svg viewBox="0 0 ${WIDTH_PX} ${px(heightPx)}" role="img" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">${title}</title><desc id="${id}-d">${desc}</desc>
${rows.map((row) => renderRow(row, strip, missing, stream.unit, id))}</svg></div>
<figcaption>${caption}${truncated}</figcaption></figure>`;
}

function chooseAmplitude(strip: Strip, shownS: number, unit: string): Amplitude {
  let low = 0;
  let high = 0;
  const count = Math.min(strip.values.length, Math.ceil(shownS * strip.rateHz));
  for (let index = 0; index < count; index++) {
    const value = strip.values[index];
    if (!isNumber(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const span = high - low;
  const fitting = niceStep(span / (SQUARES_HIGH_MAX - 2));
  const perSquare = unit === 'mV' ? Math.max(MV_PER_SQUARE, fitting) : span > 0 ? niceStep(span / 6) : 1;
  // Half a square of air on either side, then out to the next line.
  const snappedLow = Math.floor(low / perSquare - 0.5) * perSquare;
  const snappedHigh = Math.ceil(high / perSquare + 0.5) * perSquare;
  return { perSquare, low: snappedLow, high: snappedHigh };
}

function layRows(fromS: number, shownS: number, amplitude: Amplitude): Row[] {
  // Start on a square of the stream's own time, so that the grid and the printed seconds agree.
  const startS = Math.floor(fromS / SQUARE_S + 1e-6) * SQUARE_S;
  const endS = fromS + shownS;
  const heightPx = Math.round((amplitude.high - amplitude.low) / amplitude.perSquare) * SQUARE_PX;
  const rows: Row[] = [];
  for (let index = 0; startS + index * ROW_S < endS - 1e-6; index++) {
    const topPx = MARK_BAND_PX + index * (heightPx + TIME_BAND_PX + MARK_BAND_PX + ROW_GAP_PX);
    const rowFromS = startS + index * ROW_S;
    rows.push({ fromS: rowFromS, toS: Math.min(endS, rowFromS + ROW_S), topPx, heightPx, amplitude });
  }
  return rows;
}

function renderRow(row: Row, strip: Strip, missing: readonly Stretch[], unit: string, id: string): Html {
  const beats = strip.beatTimesS.filter((timeS) => timeS >= row.fromS && timeS < row.toS);
  return html`${renderGrid(row)}
${renderMissing(row, missing, id)}
<path class="trace" d="${tracePath(row, strip)}"/>
<path class="beat-line" d="${beats.map((timeS) => `M${px(xOf(row, timeS))} ${px(row.topPx)}v${row.heightPx}`).join('')}"/>
<path class="beat-mark" d="${beats.map((timeS) => `M${px(xOf(row, timeS) - 5)} ${px(row.topPx - 13)}h10l-5 9z`).join('')}"/>
${renderLabels(row, unit)}`;
}

function renderGrid(row: Row): Html {
  const widthPx = Math.ceil((row.toS - row.fromS) / SQUARE_S - 1e-6) * SQUARE_PX;
  const lines = (stepPx: number) => {
    let path = '';
    for (let x = 0; x <= widthPx; x += stepPx) path += `M${px(LEFT_PX + x)} ${row.topPx}v${row.heightPx}`;
    for (let y = 0; y <= row.heightPx; y += stepPx) path += `M${LEFT_PX} ${px(row.topPx + y)}h${widthPx}`;
    return path;
  };
  return html`<rect class="paper" x="${LEFT_PX}" y="${row.topPx}" width="${widthPx}" height="${row.heightPx}"/><path class="grid-small" d="${lines(SQUARE_PX / 5)}"/><path class="grid-large" d="${lines(SQUARE_PX)}"/>`;
}

/** Runs of samples that exist, one sub-path each. */
function tracePath(row: Row, strip: Strip): string {
  const from = Math.max(0, Math.ceil((row.fromS - strip.fromS) * strip.rateHz - 1e-6));
  const to = Math.min(strip.values.length, Math.ceil((row.toS - strip.fromS) * strip.rateHz - 1e-6));
  let path = '';
  let run: Point[] = [];
  for (let index = from; index < to; index++) {
    const value = strip.values[index];
    if (isNumber(value)) {
      run.push({ x: xOf(row, strip.fromS + index / strip.rateHz), y: yOf(row, value) });
    } else if (run.length > 0) {
      path += decimatedPath(run);
      run = [];
    }
  }
  return path + decimatedPath(run);
}

function renderLabels(row: Row, unit: string): Html {
  const { low, high, perSquare } = row.amplitude;
  const decimals = perSquare < 1 ? Math.ceil(-Math.log10(perSquare) - 1e-9) : 0;
  const times = ticksBetween(row.fromS, row.toS, 1).map(
    (timeS) =>
      html`<text class="tick" text-anchor="middle" x="${px(xOf(row, timeS))}" y="${px(row.topPx + row.heightPx + 17)}">${formatClock(timeS + 1e-6)}</text>`,
  );
  const values = ticksBetween(low, high, perSquare * 2).map(
    (value) =>
      html`<text class="tick" text-anchor="end" x="${LEFT_PX - 8}" y="${px(yOf(row, value) + 4)}">${formatNumber(value, decimals)}</text>`,
  );
  return html`${times}${values}<text class="axis-name" text-anchor="end" x="${LEFT_PX - 8}" y="${px(row.topPx - 8)}">${unit}</text>`;
}

interface Stretch {
  readonly fromS: number;
  readonly toS: number;
  readonly reason: string;
}

/** Where the strip has no samples, named by the gap that overlaps it when the stream names one. */
function missingStretches(strip: Strip, stream: ReportStream, unnamed: string): Stretch[] {
  const stretches: Stretch[] = [];
  let from = -1;
  for (let index = 0; index <= strip.values.length; index++) {
    const isMissing = index < strip.values.length && !isNumber(strip.values[index]);
    if (isMissing && from < 0) from = index;
    if (isMissing || from < 0) continue;
    const fromS = strip.fromS + from / strip.rateHz;
    const toS = strip.fromS + index / strip.rateHz;
    const named = stream.gaps.find((gap) => gap.fromS < toS && gap.toS > fromS);
    stretches.push({ fromS, toS, reason: named?.reason ?? unnamed });
    from = -1;
  }
  return stretches;
}

function renderMissing(row: Row, missing: readonly Stretch[], id: string): Html[] {
  return missing
    .filter((stretch) => stretch.fromS < row.toS && stretch.toS > row.fromS)
    .map((stretch) => {
      const x = xOf(row, Math.max(row.fromS, stretch.fromS));
      const width = Math.max(1, xOf(row, Math.min(row.toS, stretch.toS)) - x);
      const label =
        width < 60
          ? html``
          : html`<text class="gap-name" text-anchor="middle" x="${px(x + width / 2)}" y="${px(row.topPx + row.heightPx / 2 + 4)}">${stretch.reason}</text>`;
      return html`<rect class="gap" fill="url(#${id}-hatch)" x="${px(x)}" y="${px(row.topPx)}" width="${px(width)}" height="${px(row.heightPx)}"><title>${stretch.reason}</title></rect>${label}`;
    });
}

function xOf(row: Row, timeS: number): number {
  return LEFT_PX + (timeS - row.fromS) * PX_PER_S;
}

function yOf(row: Row, value: number): number {
  return row.topPx + ((row.amplitude.high - value) / row.amplitude.perSquare) * SQUARE_PX;
}

function isNumber(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}
