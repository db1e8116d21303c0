// One self-contained HTML file from a ReportModel: readable without a network or a script, printable, the same bytes for the
// same model. Nothing is computed from signals here; the only arithmetic is the median over windows, and it is labelled so.
import { renderEcgStrip } from './ecg-strip.ts';
import { renderGapTable, renderProvenance, renderSegments } from './evidence-tables.ts';
import { formatClock, formatLength, formatNumber, formatUtc, medianOf } from './format.ts';
import { renderHrv, renderQuality } from './hrv-tables.ts';
import { Html, html, NOTHING } from './html.ts';
import { renderMeasurements } from './measurement-table.ts';
import { fill, type Messages, messagesEn } from './messages.en.ts';
import { messagesZh } from './messages.zh.ts';
import type { ReportModel, ReportStream } from './report-model.ts';
import { REPORT_STYLE } from './style.ts';
import { renderTachogram } from './tachogram.ts';

export type ReportLanguage = 'en' | 'zh';

const CATALOGUES: Readonly<Record<ReportLanguage, Messages>> = { en: messagesEn, zh: messagesZh };

/**
 * The report as HTML text (write it as UTF-8).
 * @example
 * const page = renderReport(model, 'en');
 */
export function renderReport(model: ReportModel, language: ReportLanguage = 'en'): string {
  const messages = CATALOGUES[language];
  const streams = model.streams.map((stream, index) => renderStream(stream, index, messages));
  // The policy is a second lock: should markup ever slip in, a browser still loads and runs nothing.
  return html`<!doctype html>
<html lang="${messages.lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${model.title}</title>
<style>${new Html(REPORT_STYLE)}</style>
</head>
<body>
<main>
${renderHeader(model, messages)}
${renderAbout(messages)}
${streams.length === 0 ? html`<p class="quiet">${messages.noStreams}</p>` : streams}
${renderRecheck(messages)}
</main>
<footer>${messages.footer}</footer>
</body>
</html>
`.text;
}

function renderHeader(model: ReportModel, messages: Messages): Html {
  return html`<header><p class="kicker">${messages.reportKicker}</p><h1>${model.title}</h1>
<p class="quiet">${messages.createdLabel} ${formatUtc(model.createdUtcUs)} · ${messages.versionLabel} ${model.maiboVersion}</p></header>`;
}

function renderAbout(messages: Messages): Html {
  return html`<section class="about" aria-labelledby="about"><h2 id="about">${messages.aboutHeading}</h2><div class="pair">
<div><h3>${messages.aboutIsHeading}</h3><p>${messages.aboutIs}</p></div>
<div><h3>${messages.aboutIsNotHeading}</h3><p>${messages.aboutIsNot}</p></div></div></section>`;
}

function renderStream(stream: ReportStream, index: number, messages: Messages): Html {
  const id = `s${index + 1}`;
  const signal = {
    ecg: messages.signalEcg,
    ppg: messages.signalPpg,
    rr: messages.signalRr,
    vital: messages.signalVital,
  }[stream.signal];
  return html`<article aria-labelledby="${id}"><p class="kicker">${fill(messages.streamHeading, { number: index + 1 })}</p>
<h2 id="${id}">${signal}<span class="sensor">${stream.sensor}</span></h2>
${renderHatch(id)}
${renderIdentity(stream, messages)}
${stream.signal === 'vital' ? part(messages.measurementsHeading, renderMeasurements(stream.measurements, messages)) : renderBeats(stream, id, messages)}
${part(messages.provenanceHeading, renderProvenance(stream.provenance, messages))}
${part(messages.segmentsHeading, renderSegments(stream.segments, messages))}</article>`;
}

/** What there is to show of a signal: its waveform, its beats and what was computed from them. */
function renderBeats(stream: ReportStream, id: string, messages: Messages): Html {
  return html`${part(messages.summaryHeading, renderTiles(stream, messages))}
${part(messages.stripHeading, renderStripOrNote(stream, id, messages))}
${part(messages.rrHeading, stream.rr.ms.length === 0 ? html`<p class="quiet">${messages.rrNone}</p>` : renderTachogram(stream, id, messages))}
${part(messages.gapsHeading, renderGapTable(stream.gaps, messages))}
${part(messages.hrvHeading, renderHrv(stream.hrvWindows, messages))}`;
}

function part(heading: string, body: Html): Html {
  return html`<section class="part"><h3>${heading}</h3>${body}</section>`;
}

function renderStripOrNote(stream: ReportStream, id: string, messages: Messages): Html {
  const { strip } = stream;
  if (strip === null || strip.values.length === 0 || !(strip.rateHz > 0)) {
    return html`<p class="quiet">${messages.stripNone}</p>`;
  }
  return renderEcgStrip(stream, strip, id, messages);
}

/** The pattern for missing signal, once per stream; both pictures refer to it. */
function renderHatch(id: string): Html {
  return html`<svg class="defs" aria-hidden="true" width="0" height="0"><defs><pattern id="${id}-hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-back" width="8" height="8"/><path class="hatch-line" d="M0 0V8"/></pattern></defs></svg>`;
}

function renderIdentity(stream: ReportStream, messages: Messages): Html {
  const rate =
    stream.rateHz === null ? messages.none : `${formatNumber(stream.rateHz, stream.rateHz % 1 === 0 ? 0 : 2)} Hz`;
  const entry = (label: string, value: Html) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
  return html`<dl class="identity">${[
    entry(messages.deviceLabel, html`<code class="hash">${stream.deviceHex}</code>`),
    entry(messages.firmwareLabel, html`${stream.firmware}`),
    entry(messages.rateLabel, html`${rate}`),
  ]}</dl>`;
}

function renderTiles(stream: ReportStream, messages: Messages): Html {
  const used = stream.rr.flag.filter((flag) => flag === 'ok').length;
  const missingS = stream.gaps.reduce((sum, gap) => sum + (gap.toS - gap.fromS), 0);
  const intervalsNote = fill(messages.tileIntervalsNote, {
    used: formatNumber(used),
    unused: formatNumber(stream.rr.ms.length - used),
  });
  const missingNote = fill(messages.tileMissingNote, { count: formatNumber(stream.gaps.length) });
  return html`<ul class="tiles">${[
    tile(messages.tileDuration, formatClock(stream.durationS), stream.durationS >= 3600 ? 'h:min:s' : 'min:s', NOTHING),
    tile(messages.tileIntervals, formatNumber(stream.rr.ms.length), '', html`${intervalsNote}`),
    measureTile(messages.tileHeartRate, 'bpm', 'HRV_MeanNN', (ms) => 60_000 / ms, stream, messages),
    measureTile('SDNN', 'ms', 'HRV_SDNN', (ms) => ms, stream, messages),
    measureTile('RMSSD', 'ms', 'HRV_RMSSD', (ms) => ms, stream, messages),
    tile(messages.tileMissing, formatLength(missingS), '', html`${missingNote}`),
  ]}</ul>`;
}

/** Median over the windows that have the measure, with their median quality beside it. */
function measureTile(
  label: string,
  unit: string,
  name: string,
  toShown: (value: number) => number,
  stream: ReportStream,
  messages: Messages,
): Html {
  const windows = stream.hrvWindows.filter((window) => Number.isFinite(window.values[name] ?? Number.NaN));
  const median = medianOf(windows.map((window) => window.values[name]));
  if (median === null) return tile(label, messages.none, '', html`${messages.tileNoValue}`);
  const basis =
    windows.length === 1 ? messages.tileOneWindow : fill(messages.tileMedian, { count: formatNumber(windows.length) });
  const quality = medianOf(windows.map((window) => window.quality));
  const note = html`${basis}<br>${messages.tileQuality} ${renderQuality(quality)}`;
  return tile(label, formatNumber(toShown(median), 1), unit, note);
}

function tile(label: string, value: string, unit: string, note: Html): Html {
  return html`<li><span class="label">${label}</span><span class="value">${value}${unit === '' ? NOTHING : html` <small>${unit}</small>`}</span><span class="note">${note}</span></li>`;
}

function renderRecheck(messages: Messages): Html {
  return html`<section class="part" aria-labelledby="recheck"><h2 id="recheck">${messages.recheckHeading}</h2><p>${messages.recheckIntro}</p>
<pre><code>maibo verify PATH</code></pre><p class="quiet">${messages.recheckSteps}</p></section>`;
}
