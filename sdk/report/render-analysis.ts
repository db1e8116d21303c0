// One self-contained HTML page from an analysis: readable without a network or a script, printable, the same bytes for the same numbers.
// Nothing is computed from signals here.
import { renderBands } from './analysis-bands.ts';
import { renderBasis, renderIndices } from './analysis-indices.ts';
import type { AnalysisModel } from './analysis-model.ts';
import { renderBreathing, renderSeries, renderStress } from './analysis-series.ts';
import { ANALYSIS_STYLE } from './analysis-style.ts';
import { type AnalysisLanguage, type AnalysisWords, analysisWords, formatIndex } from './analysis-words.ts';
import { formatClock, formatNumber, formatPercent } from './format.ts';
import { renderQuality } from './hrv-tables.ts';
import { Html, html, NOTHING } from './html.ts';
import { fill } from './messages.en.ts';
import type { ReportStream } from './report-model.ts';
import { REPORT_STYLE } from './style.ts';
import { renderTachogram } from './tachogram.ts';

/**
 * The page as HTML text (write it as UTF-8).
 * @example
 * const page = renderAnalysis(await analyzeFile('path/to/100', { windowS: 300 }), 'en');
 */
export function renderAnalysis(model: AnalysisModel, language: AnalysisLanguage = 'en'): string {
  const words = analysisWords(language);
  const title = model.input.path.split(/[\\/]/).findLast((part) => part !== '') ?? model.input.path;
  // The policy is a second lock: should markup ever slip in, a browser still loads and runs nothing.
  return html`<!doctype html>
<html lang="${words.lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Html(REPORT_STYLE + ANALYSIS_STYLE)}</style>
</head>
<body>
<main>
${renderHeader(model, title, words)}
${renderAbout(words)}
${renderParts(model, words)}
</main>
<footer>${words.footer}</footer>
</body>
</html>
`.text;
}

function renderHeader({ input, maibo }: AnalysisModel, title: string, words: AnalysisWords): Html {
  const rate = input.rateHz === null ? '' : `, ${formatNumber(input.rateHz, input.rateHz % 1 === 0 ? 0 : 2)} Hz`;
  const source = fill(words.analysisSource, { format: input.format, signal: input.channel ?? input.signal, rate });
  return html`<header><p class="kicker">${words.analysisKicker}</p><h1>${title}</h1>
<p class="quiet">${source} · ${words.versionLabel} ${maibo}</p></header>`;
}

function renderAbout(words: AnalysisWords): Html {
  return html`<section class="about" aria-labelledby="about"><h2 id="about">${words.aboutHeading}</h2><div class="pair">
<div><h3>${words.aboutIsHeading}</h3><p>${words.aboutIs}</p></div>
<div><h3>${words.aboutIsNotHeading}</h3><p>${words.aboutIsNot}</p></div></div></section>`;
}

function renderParts(model: AnalysisModel, words: AnalysisWords): Html[] {
  const { series, stress, breathing } = model;
  const part = (heading: string, body: Html) => html`<section class="part"><h3>${heading}</h3>${body}</section>`;
  return [
    part(words.summaryHeading, renderTiles(model, words)),
    part(
      words.rrHeading,
      model.rr.ms.length === 0 ? html`<p class="quiet">${words.rrNone}</p>` : renderIntervals(model, words),
    ),
    ...(stress === null ? [] : [part(words.stressHeading, renderStress(model, words))]),
    ...(series === null ? [] : [part(words.seriesHeading, renderSeries(model, series, words))]),
    part(words.bandsHeading, renderBands(model, words)),
    ...(breathing === null ? [] : [part(words.breathingHeading, renderBreathing(model, words))]),
    part(words.indicesHeading, html`${renderBasis(model, words)}${renderIndices(model, words)}`),
    part(words.coresHeading, renderCores(model, words)),
    part(words.notesHeading, renderNotes(model, words)),
  ];
}

function renderTiles({ input, rr, hrv, hrvError, quality }: AnalysisModel, words: AnalysisWords): Html {
  const used = rr.flag.filter((flag) => flag === 'ok').length;
  const meanMs = hrv.HRV_MeanNN ?? null;
  const index = (name: string) => {
    const error = hrvError[name] ?? null;
    const note = error === null ? NOTHING : html`${fill(words.tileError, { error: formatIndex(error) })}`;
    return tile(name.replace('HRV_', ''), formatIndex(hrv[name] ?? null), 'ms', note);
  };
  const intervalsNote = fill(words.tileIntervalsNote, {
    used: formatNumber(used),
    unused: formatNumber(rr.ms.length - used),
  });
  const coverage = fill(words.tileCoverage, { coverage: formatPercent(quality.coverage) });
  return html`<ul class="tiles">${[
    tile(words.tileDuration, formatClock(input.durationS), input.durationS >= 3600 ? 'h:min:s' : 'min:s', NOTHING),
    tile(words.tileIntervals, formatNumber(rr.ms.length), '', html`${intervalsNote}`),
    tile(words.tileHeartRate, formatNumber(meanMs === null ? null : 60_000 / meanMs, 1), 'bpm', NOTHING),
    index('HRV_SDNN'),
    index('HRV_RMSSD'),
    tile(words.columnQuality, formatNumber(quality.score, 2), '', html`${renderQuality(quality.score)}<br>${coverage}`),
  ]}</ul>`;
}

function tile(label: string, value: string, unit: string, note: Html): Html {
  return html`<li><span class="label">${label}</span><span class="value">${value}${unit === '' ? NOTHING : html` <small>${unit}</small>`}</span><span class="note">${note}</span></li>`;
}

function renderIntervals({ rr, input }: AnalysisModel, words: AnalysisWords): Html {
  const gaps = rr.flag.flatMap((flag, index): ReportStream['gaps'][number][] => {
    if (flag !== 'gap') return [];
    const toS = rr.timeS[index]!;
    return [{ fromS: toS - rr.ms[index]! / 1000, toS, reason: words.missing }];
  });
  const hatch = html`<svg class="defs" aria-hidden="true" width="0" height="0"><defs><pattern id="rr-hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-back" width="8" height="8"/><path class="hatch-line" d="M0 0V8"/></pattern></defs></svg>`;
  return html`${hatch}${renderTachogram({ rr, durationS: input.durationS, gaps }, 'rr', words)}`;
}

function renderCores({ cores }: AnalysisModel, words: AnalysisWords): Html {
  return html`<div class="scroll"><table class="narrow"><thead><tr><th scope="col">${words.columnName}</th><th scope="col">${words.columnVersion}</th><th scope="col">${words.columnHash}</th></tr></thead><tbody>${cores.map(
    ({ name, version, sha256 }) =>
      html`<tr><th scope="row">${name}</th><td>${version}</td><td><code class="hash">${sha256}</code></td></tr>`,
  )}</tbody></table></div>`;
}

function renderNotes({ notes }: AnalysisModel, words: AnalysisWords): Html {
  if (notes.length === 0) return html`<p class="quiet">${words.notesNone}</p>`;
  return html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`;
}
