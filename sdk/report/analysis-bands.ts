// The power of the frequency bands as bars, each with its standard error.
import type { AnalysisModel } from './analysis-model.ts';
import { type AnalysisWords, formatIndex } from './analysis-words.ts';
import { type Html, html } from './html.ts';
import { linearScale, px, type Scale } from './svg-scale.ts';

const WIDTH_PX = 1080;
const LEFT_PX = 300;
const RIGHT_PX = 940;
const ROW_PX = 40;
const BAR_PX = 20;
const BANDS = ['ULF', 'VLF', 'LF', 'HF', 'VHF'] as const;

interface Band {
  readonly name: (typeof BANDS)[number];
  readonly power: number;
  readonly error: number | null;
}

export function renderBands({ hrv, hrvError }: AnalysisModel, words: AnalysisWords): Html {
  const bands = BANDS.flatMap((name): Band[] => {
    const power = hrv[`HRV_${name}`] ?? null;
    return power === null ? [] : [{ name, power, error: hrvError[`HRV_${name}`] ?? null }];
  });
  if (bands.length === 0) return html`<p class="quiet">${words.bandsNone}</p>`;
  const most = Math.max(...bands.map(({ power, error }) => power + (error ?? 0)));
  const scale = linearScale(0, most > 0 ? most : 1, LEFT_PX, RIGHT_PX);
  const description = bands.map(({ name, power }) => `${name} ${formatIndex(power)}`).join(', ');
  return html`<figure><div class="picture"><svg viewBox="0 0 ${WIDTH_PX} ${bands.length * ROW_PX + 8}" role="img" aria-labelledby="bands-t bands-d">
<title id="bands-t">${words.bandsTitle}</title><desc id="bands-d">${description}</desc>
${bands.map((band, row) => renderBand(band, row, scale, words))}</svg></div>
<figcaption>${words.bandsCaption}</figcaption></figure>`;
}

function renderBand({ name, power, error }: Band, row: number, scale: Scale, words: AnalysisWords): Html {
  const y = row * ROW_PX + (ROW_PX - BAR_PX) / 2;
  const middle = y + BAR_PX / 2;
  const end = scale.toPx(power);
  const whisker =
    error === null ? '' : `M${px(scale.toPx(Math.max(0, power - error)))} ${middle}H${px(scale.toPx(power + error))}`;
  const shown = error === null ? formatIndex(power) : `${formatIndex(power)} ± ${formatIndex(error)}`;
  return html`<text class="band-name" x="0" y="${middle + 4}"><tspan class="band-code">${name}</tspan> ${words[`band${name}`]}</text>
<rect class="band-bar" x="${LEFT_PX}" y="${y}" width="${px(Math.max(1, end - LEFT_PX))}" height="${BAR_PX}" rx="3"/><path class="whisker" d="${whisker}"/>
<text class="band-value" x="${px(scale.toPx(power + (error ?? 0)) + 10)}" y="${middle + 4}">${shown}</text>`;
}
