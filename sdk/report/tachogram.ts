// RR intervals over the whole stream. Used intervals form a line, broken wherever the break is wide enough to be seen;
// intervals set aside are dots coloured by their flag; missing stretches are hatched.
import { formatNumber } from './format.ts';
import { type Html, html } from './html.ts';
import { fill, type Messages } from './messages.en.ts';
import type { ReportStream } from './report-model.ts';
import { decimatedPath, linearScale, niceStep, type Point, px, type Scale, ticksBetween } from './svg-scale.ts';
import { chooseTimeAxis } from './time-axis.ts';

const WIDTH_PX = 1080;
const HEIGHT_PX = 330;
const LEFT_PX = 60;
const RIGHT_PX = 1060;
const TOP_PX = 14;
const BOTTOM_PX = 278;
const BREAK_PX_MIN = 1.5; // a narrower break in the line could not be seen
const DOT_CELL_PX = 3; // one dot per cell keeps a day of flagged beats small
const SINGLE_DOTS_MAX = 400; // few enough beats to show each as a dot on the line
const LABEL_PX_MIN = 70;
const FLAG_COLOURS = 5; // classes flag-0 .. flag-4; later flags share the last one

type Rr = ReportStream['rr'];
/** What the picture needs of a stream. */
export type RrPicture = Pick<ReportStream, 'rr' | 'durationS' | 'gaps'>;

interface Plot {
  readonly x: Scale;
  readonly y: Scale;
  readonly yStep: number;
}

export function renderTachogram(stream: RrPicture, id: string, messages: Messages): Html {
  const { rr } = stream;
  const plot = layPlot(stream);
  const flags = countFlags(rr);
  const flagged = [...flags.values()].reduce((sum, count) => sum + count, 0);
  const desc = fill(messages.rrDesc, { count: rr.ms.length, flagged, gaps: stream.gaps.length });
  return html`<figure><div class="picture"><svg viewBox="0 0 ${WIDTH_PX} ${HEIGHT_PX}" role="img" aria-labelledby="${id}-rt ${id}-rd">
<title id="${id}-rt">${messages.rrTitle}</title><desc id="${id}-rd">${desc}</desc>
${renderAxes(plot, stream.durationS, messages)}
${renderGaps(plot, stream, id)}
${renderLine(plot, stream)}
${renderFlagged(plot, rr, [...flags.keys()])}
</svg></div>
${renderLegend(rr.ms.length - flagged, flags, messages)}
<figcaption>${messages.rrCaption}</figcaption></figure>`;
}

function layPlot(stream: RrPicture): Plot {
  const { rr } = stream;
  const hasUsed = rr.flag.includes('ok');
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  rr.ms.forEach((ms, index) => {
    if (!Number.isFinite(ms) || (hasUsed && rr.flag[index] !== 'ok')) return;
    low = Math.min(low, ms);
    high = Math.max(high, ms);
  });
  if (low > high) [low, high] = [600, 1000]; // an empty picture still needs an axis
  const pad = Math.max(25, (high - low) * 0.12);
  const step = niceStep((high - low + 2 * pad) / 6);
  const y = linearScale(
    Math.floor((low - pad) / step) * step,
    Math.ceil((high + pad) / step) * step,
    BOTTOM_PX,
    TOP_PX,
  );
  return { x: linearScale(0, Math.max(stream.durationS, 1), LEFT_PX, RIGHT_PX), y, yStep: step };
}

function renderAxes(plot: Plot, durationS: number, messages: Messages): Html {
  const axis = chooseTimeAxis(durationS);
  const horizontal = ticksBetween(plot.y.min, plot.y.max, plot.yStep).map((ms) => {
    const y = px(plot.y.toPx(ms));
    return html`<path class="rule" d="M${LEFT_PX} ${y}H${RIGHT_PX}"/><text class="tick" text-anchor="end" x="${LEFT_PX - 8}" y="${px(plot.y.toPx(ms) + 4)}">${formatNumber(ms)}</text>`;
  });
  const vertical = axis.ticksS.map((timeS, index) => {
    const x = px(plot.x.toPx(timeS));
    return html`<path class="axis" d="M${x} ${BOTTOM_PX}v5"/><text class="tick" text-anchor="middle" x="${x}" y="${BOTTOM_PX + 19}">${axis.labels[index] ?? ''}</text>`;
  });
  return html`${horizontal}<path class="axis" d="M${LEFT_PX} ${BOTTOM_PX}H${RIGHT_PX}"/>${vertical}
<text class="axis-name" text-anchor="middle" x="${(LEFT_PX + RIGHT_PX) / 2}" y="${HEIGHT_PX - 8}">${messages[axis.name]}</text>
<text class="axis-name" text-anchor="middle" transform="translate(14 ${(TOP_PX + BOTTOM_PX) / 2}) rotate(-90)">${messages.rrAxis}</text>`;
}

/** Gaps closer than a pixel are drawn as one: a stream may name thousands. */
function renderGaps(plot: Plot, stream: RrPicture, id: string): Html[] {
  const bars: { x: number; end: number; reasons: Set<string> }[] = [];
  for (const gap of [...stream.gaps].sort((a, b) => a.fromS - b.fromS)) {
    const x = clamp(plot.x.toPx(gap.fromS), LEFT_PX, RIGHT_PX);
    const end = clamp(plot.x.toPx(gap.toS), LEFT_PX, RIGHT_PX);
    const last = bars.at(-1);
    if (last !== undefined && x < last.end + 1) {
      last.end = Math.max(last.end, end);
      last.reasons.add(gap.reason);
    } else bars.push({ x, end, reasons: new Set([gap.reason]) });
  }
  return bars.map(({ x, end, reasons }) => {
    const name = [...reasons].slice(0, 3).join(', ');
    const label =
      end - x < LABEL_PX_MIN
        ? html``
        : html`<text class="gap-name" text-anchor="middle" x="${px((x + end) / 2)}" y="${TOP_PX + 18}">${name}</text>`;
    return html`<rect class="gap" fill="url(#${id}-hatch)" x="${px(x)}" y="${TOP_PX}" width="${px(Math.max(1, end - x))}" height="${BOTTOM_PX - TOP_PX}"><title>${name}</title></rect>${label}`;
  });
}

function renderLine(plot: Plot, stream: RrPicture): Html {
  const runs = usedRuns(plot, stream);
  const usedCount = runs.reduce((sum, run) => sum + run.length, 0);
  const showAll = usedCount <= SINGLE_DOTS_MAX;
  // A run of one beat has no line; without its dot it would vanish.
  const dots = runs.flatMap((run) => (showAll || run.length === 1 ? run : []));
  return html`<path class="rr-line" d="${runs.map(decimatedPath).join('')}"/><path class="rr-dot" d="${dots.map(dot).join('')}"/>`;
}

function usedRuns(plot: Plot, { rr, gaps }: RrPicture): Point[][] {
  const gapStarts = gaps.map((gap) => gap.fromS).sort((a, b) => a - b);
  const runs: Point[][] = [];
  let lastIndex = -2;
  let gapIndex = 0;
  rr.ms.forEach((ms, index) => {
    const timeS = rr.timeS[index];
    if (rr.flag[index] !== 'ok' || timeS === undefined || !Number.isFinite(ms) || !Number.isFinite(timeS)) return;
    const point = { x: plot.x.toPx(timeS), y: plot.y.toPx(ms) };
    const run = runs.at(-1);
    const lastS = rr.timeS[lastIndex] ?? 0;
    let isBroken = index !== lastIndex + 1 || timeS - lastS > (1.5 * ms) / 1000;
    for (; gapIndex < gapStarts.length && gapStarts[gapIndex]! < timeS; gapIndex++)
      isBroken ||= gapStarts[gapIndex]! >= lastS;
    if (run === undefined || (isBroken && point.x - run.at(-1)!.x >= BREAK_PX_MIN)) runs.push([point]);
    else run.push(point);
    lastIndex = index;
  });
  return runs;
}

function renderFlagged(plot: Plot, rr: Rr, flags: readonly string[]): Html[] {
  const colours = new Map(flags.map((flag, which) => [flag, Math.min(which, FLAG_COLOURS - 1)]));
  const paths = Array.from({ length: FLAG_COLOURS }, () => '');
  const taken = new Set<number>();
  rr.ms.forEach((ms, index) => {
    const colour = colours.get(rr.flag[index] ?? '');
    const timeS = rr.timeS[index];
    if (colour === undefined || timeS === undefined || !Number.isFinite(ms) || !Number.isFinite(timeS)) return;
    const point = { x: plot.x.toPx(timeS), y: clamp(plot.y.toPx(ms), TOP_PX, BOTTOM_PX) };
    const cell = Math.floor(point.x / DOT_CELL_PX) * 1000 + Math.floor(point.y / DOT_CELL_PX);
    if (taken.has(cell)) return;
    taken.add(cell);
    paths[colour] += dot(point);
  });
  return paths.map((path, colour) => html`<path class="flagged flag-${colour}" d="${path}"/>`);
}

/** Flags other than ok with their counts, most frequent first; more flags than colours are counted under the last. */
function countFlags(rr: Rr): Map<string, number> {
  const counts = new Map<string, number>();
  for (const flag of rr.flag) if (flag !== 'ok') counts.set(flag, (counts.get(flag) ?? 0) + 1);
  return new Map([...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
}

/** A flag in the reader's words; one that has none yet is shown as it stands. */
function flagText(flag: string, messages: Messages): string {
  const key = `rrFlag${flag.slice(0, 1).toUpperCase()}${flag.slice(1)}`;
  return key in messages ? messages[key as keyof Messages] : flag;
}

function renderLegend(used: number, flags: ReadonlyMap<string, number>, messages: Messages): Html {
  const entries = [...flags];
  const own = entries.length <= FLAG_COLOURS ? entries : entries.slice(0, FLAG_COLOURS - 1);
  const rest = entries.slice(own.length).reduce((sum, [, count]) => sum + count, 0);
  const rows = rest === 0 ? own : [...own, [messages.rrOther, rest] as [string, number]];
  return html`<ul class="legend"><li><span class="key used"></span>${messages.rrUsed} <b>${formatNumber(used)}</b></li>${rows.map(
    ([flag, count], which) =>
      html`<li><span class="key flag-${which}"></span>${flagText(flag, messages)} <b>${formatNumber(count)}</b></li>`,
  )}</ul>`;
}

/** A line of no length with round ends: the shortest way to write a dot. */
function dot(point: Point): string {
  return `M${px(point.x)} ${px(point.y)}h0`;
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
