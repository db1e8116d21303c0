// What lets a reader check the report: the programs and settings that made the numbers, who signed, when, and what the
// platform confirmed. Hashes are printed whole, because a shortened hash cannot be compared.
import { formatClock, formatLength, formatNumber, formatSize, formatUncertainty, formatUtc } from './format.ts';
import { type Html, html } from './html.ts';
import { fill, type Messages } from './messages.en.ts';
import type { ReportStream } from './report-model.ts';
import { limitRows } from './table.ts';

type Provenance = ReportStream['provenance'];

export function renderProvenance(provenance: Provenance, messages: Messages): Html {
  const entry = (label: string, value: Html) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
  const warning = provenance.labKey ? html`<p class="warning" role="note">${messages.labKeyWarning}</p>` : html``;
  return html`${warning}<dl class="facts">${[
    entry(messages.pipelineLabel, html`${provenance.pipeline}`),
    entry(messages.recordsLabel, html`${formatNumber(provenance.recordCount)}`),
    entry(messages.clockLabel, html`${describeClock(provenance.clock, messages)}`),
    entry(messages.signerLabel, html`<code class="hash">${provenance.signerHex}</code>`),
    entry(messages.headHashLabel, html`<code class="hash">${provenance.headHashHex}</code>`),
  ]}</dl>
<h4>${messages.coresHeading}</h4>${renderCores(provenance.cores, messages)}
<h4>${messages.parametersHeading}</h4>${renderParameters(provenance.parameters, messages)}`;
}

function describeClock(clock: Provenance['clock'], messages: Messages): string {
  if (clock === null) return messages.clockNone;
  return fill(messages.clockValue, {
    utc: formatUtc(clock.utcUs),
    ticks: formatNumber(clock.ticks),
    uncertainty: formatUncertainty(clock.uncertaintyUs),
    source: clock.source,
  });
}

function renderCores(cores: Provenance['cores'], messages: Messages): Html {
  if (cores.length === 0) return html`<p class="quiet">${messages.coresNone}</p>`;
  return html`<div class="scroll"><table><thead><tr><th scope="col">${messages.columnName}</th><th scope="col">${messages.columnVersion}</th><th scope="col">${messages.columnHash}</th></tr></thead><tbody>${cores.map(
    (core) =>
      html`<tr><th scope="row"><code>${core.name}</code></th><td>${core.version}</td><td><code class="hash">${core.sha256Hex}</code></td></tr>`,
  )}</tbody></table></div>`;
}

function renderParameters(parameters: Provenance['parameters'], messages: Messages): Html {
  // Sorted, because two models with the same settings in another order are the same report.
  const names = Object.keys(parameters).sort();
  if (names.length === 0) return html`<p class="quiet">${messages.parametersNone}</p>`;
  const rows = names.map((name) => () => {
    const value = parameters[name];
    return html`<tr><th scope="row"><code>${name}</code></th><td>${value === null || value === undefined ? messages.none : String(value)}</td></tr>`;
  });
  return html`<div class="scroll"><table class="narrow"><thead><tr><th scope="col">${messages.columnName}</th><th scope="col">${messages.columnValue}</th></tr></thead><tbody>${limitRows(rows, 2, messages)}</tbody></table></div>`;
}

export function renderGapTable(gaps: ReportStream['gaps'], messages: Messages): Html {
  if (gaps.length === 0) return html`<p class="quiet">${messages.gapsNone}</p>`;
  const rows = gaps.map(
    (gap) => () =>
      html`<tr><td class="number">${formatClock(gap.fromS)}</td><td class="number">${formatClock(gap.toS)}</td><td class="number">${formatLength(gap.toS - gap.fromS)}</td><td class="meaning">${gap.reason}</td></tr>`,
  );
  return html`<div class="scroll"><table class="narrow"><thead><tr><th scope="col" class="number">${messages.columnFrom}</th><th scope="col" class="number">${messages.columnTo}</th><th scope="col" class="number">${messages.columnLength}</th><th scope="col">${messages.gapReason}</th></tr></thead><tbody>${limitRows(rows, 4, messages)}</tbody></table></div>`;
}

export function renderSegments(segments: ReportStream['segments'], messages: Messages): Html {
  if (segments.length === 0) return html`<p class="quiet">${messages.segmentsNone}</p>`;
  const rows = segments.map(
    (segment) => () =>
      html`<tr><th scope="row">${segment.index}</th><td><code class="hash">${segment.sha256Hex}</code></td><td class="number">${formatNumber(segment.recordCount)}</td><td class="number nowrap">${formatSize(segment.sizeBytes)}</td><td>${renderReceipt(segment.receipt, messages)}</td></tr>`,
  );
  return html`<div class="scroll"><table class="segments"><thead><tr><th scope="col">${messages.columnIndex}</th><th scope="col">${messages.columnSegment}</th><th scope="col" class="number">${messages.columnRecords}</th><th scope="col" class="number">${messages.columnSize}</th><th scope="col">${messages.columnReceipt}</th></tr></thead><tbody>${limitRows(rows, 5, messages)}</tbody></table></div>`;
}

function renderReceipt(receipt: ReportStream['segments'][number]['receipt'], messages: Messages): Html {
  if (receipt === null) return html`<span class="quiet">${messages.receiptNone}</span>`;
  return html`${fill(messages.receiptValue, { utc: formatUtc(receipt.receivedUtcUs) })}<br><span class="quiet">${messages.receiptKey}</span> <code class="hash">${receipt.platformHex}</code>`;
}
