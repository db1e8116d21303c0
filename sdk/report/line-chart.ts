// Values over time as lines, one window after the other: broken where there is no value, with a band of one standard error around
// the line where errors are known.
import { formatNumber } from './format.ts';
import { type Html, html } from './html.ts';
import type { Messages } from './messages.en.ts';
import { decimatedPath, linearScale, niceStep, type Point, px, type Scale, ticksBetween } from './svg-scale.ts';
import { chooseTimeAxis } from './time-axis.ts';

const WIDTH_PX = 1080;
const LEFT_PX = 60;
const RIGHT_PX = 1060;
const TOP_PX = 12;
const FOOT_PX = 52;
const TICKS_PER_PX = 1 / 45;
/** Few enough values to show each as a dot. */
const DOTS_MAX = 150;

export interface ChartLine {
  readonly values: readonly (number | null)[];
  /** Standard errors; none: no band. */
  readonly errors: readonly (number | null)[];
  /** Number of its colour, as the legend has it. */
  readonly colour: number;
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  /** What a reader who cannot see the picture is told. */
  readonly description: string;
  /** Beside the vertical axis: the unit. */
  readonly axisName: string;
  readonly durationS: number;
  readonly timeS: readonly number[];
  /** Between two values; where they lie farther apart the line is broken. */
  readonly stepS: number;
  readonly lines: readonly ChartLine[];
  /** The vertical axis shows at least this; the values decide when left out. */
  readonly range?: { readonly min: number; readonly max: number };
  readonly heightPx: number;
}

interface Plot {
  readonly x: Scale;
  readonly y: Scale;
  readonly yStep: number;
  readonly bottomPx: number;
}

export function renderChart(chart: Chart, messages: Messages): Html {
  const plot = layPlot(chart);
  const { id, title, description, heightPx, lines } = chart;
  return html`<div class="picture"><svg viewBox="0 0 ${WIDTH_PX} ${heightPx}" role="img" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>
${renderAxes(plot, chart, messages)}
${lines.map((line) => renderBand(plot, chart, line))}${lines.map((line) => renderLine(plot, chart, line))}
</svg></div>`;
}

function layPlot({ durationS, lines, range, heightPx }: Chart): Plot {
  const bottomPx = heightPx - FOOT_PX;
  let low = range?.min ?? Number.POSITIVE_INFINITY;
  let high = range?.max ?? Number.NEGATIVE_INFINITY;
  for (const { values, errors } of lines) {
    values.forEach((value, index) => {
      if (value === null) return;
      const error = errors[index] ?? 0;
      low = Math.min(low, value - error);
      high = Math.max(high, value + error);
    });
  }
  if (low > high) [low, high] = [0, 1]; // an empty picture still needs an axis
  const least = Math.max(high - low, Math.abs(high) * 1e-6, 1e-9);
  const yStep = niceStep(least / Math.max(2, (bottomPx - TOP_PX) * TICKS_PER_PX));
  const [first, last] = [Math.floor(low / yStep + 1e-9), Math.ceil(high / yStep - 1e-9)];
  const y = linearScale(first * yStep, Math.max(first + 1, last) * yStep, bottomPx, TOP_PX);
  return { x: linearScale(0, Math.max(durationS, 1), LEFT_PX, RIGHT_PX), y, yStep, bottomPx };
}

function renderAxes(
  { x, y, yStep, bottomPx }: Plot,
  { durationS, axisName, heightPx }: Chart,
  messages: Messages,
): Html {
  const axis = chooseTimeAxis(durationS);
  const decimals = Math.min(6, Math.max(0, -Math.floor(Math.log10(yStep) + 1e-9)));
  const horizontal = ticksBetween(y.min, y.max, yStep).map((value) => {
    const at = px(y.toPx(value));
    return html`<path class="rule" d="M${LEFT_PX} ${at}H${RIGHT_PX}"/><text class="tick" text-anchor="end" x="${LEFT_PX - 8}" y="${px(y.toPx(value) + 4)}">${formatNumber(value, decimals)}</text>`;
  });
  const vertical = axis.ticksS.map((timeS, index) => {
    const at = px(x.toPx(timeS));
    return html`<path class="axis" d="M${at} ${bottomPx}v5"/><text class="tick" text-anchor="middle" x="${at}" y="${bottomPx + 19}">${axis.labels[index] ?? ''}</text>`;
  });
  return html`${horizontal}<path class="axis" d="M${LEFT_PX} ${bottomPx}H${RIGHT_PX}"/>${vertical}
<text class="axis-name" text-anchor="middle" x="${(LEFT_PX + RIGHT_PX) / 2}" y="${heightPx - 8}">${messages[axis.name]}</text>
<text class="axis-name" text-anchor="middle" transform="translate(14 ${(TOP_PX + bottomPx) / 2}) rotate(-90)">${axisName}</text>`;
}

/** Stretches of neighbouring values. */
function runsOf(plot: Plot, { timeS, stepS }: Chart, values: readonly (number | null)[]): Point[][] {
  const runs: Point[][] = [];
  let lastS = Number.NEGATIVE_INFINITY;
  values.forEach((value, index) => {
    if (value === null) return;
    const atS = timeS[index]!;
    const point = { x: plot.x.toPx(atS), y: plot.y.toPx(value) };
    if (atS - lastS > 1.5 * stepS) runs.push([point]);
    else runs.at(-1)!.push(point);
    lastS = atS;
  });
  return runs;
}

function renderLine(plot: Plot, chart: Chart, { values, colour }: ChartLine): Html {
  const runs = runsOf(plot, chart, values);
  // A run of one value has no line; without its dot it would vanish.
  const dotted = values.length <= DOTS_MAX ? runs : runs.filter((run) => run.length === 1);
  const dots = dotted.flat().map((point) => `M${px(point.x)} ${px(point.y)}h0`);
  return html`<path class="series line-${colour}" d="${runs.map(decimatedPath).join('')}"/><path class="series-dot line-${colour}" d="${dots.join('')}"/>`;
}

function renderBand(plot: Plot, chart: Chart, { values, errors, colour }: ChartLine): Html {
  const edge = (sign: number) =>
    values.map((value, index) =>
      value === null || (errors[index] ?? null) === null ? null : value + sign * errors[index]!,
    );
  const [upper, lower] = [runsOf(plot, chart, edge(1)), runsOf(plot, chart, edge(-1))];
  const areas = upper.map((run, index) => {
    const back = lower[index]!.toReversed();
    return `${decimatedPath(run)}L${decimatedPath(back).slice(1)}Z`;
  });
  return html`<path class="series-band line-${colour}" d="${areas.join('')}"/>`;
}
