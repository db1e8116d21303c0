// Every index with its standard error, unit and plain meaning, group by group; and what all of them are of.
import type { AnalysisModel } from './analysis-model.ts';
import { type AnalysisWords, formatError, formatIndex, wordFor } from './analysis-words.ts';
import { formatNumber, formatPercent } from './format.ts';
import { type Html, html, NOTHING } from './html.ts';
import { type IndexFacts, indexFacts } from './index-facts.ts';
import { fill } from './messages.en.ts';

export function renderBasis({ hrvBasis }: AnalysisModel, words: AnalysisWords): Html {
  const text = fill(words.basisText, {
    count: formatNumber(hrvBasis.count),
    choice: wordFor('choice', hrvBasis.intervals, words),
    coverage: formatPercent(hrvBasis.coverage),
    profile: wordFor('profile', hrvBasis.profile, words),
  });
  const isThin = hrvBasis.flags.includes('thin') && hrvBasis.count > 0;
  return html`<p>${text}</p>${isThin ? html`<p class="warning">${words.thinNote}</p>` : NOTHING}`;
}

export function renderIndices(model: AnalysisModel, words: AnalysisWords): Html {
  const rows = Object.keys(model.hrv).map((name) => ({
    name,
    facts: indexFacts(name, model.hrvBasis.powerUnit, words),
  }));
  const groups = [...new Set(rows.map(({ facts }) => facts.group))];
  const bodies = groups.map((group) => {
    const own = rows.filter(({ facts }) => facts.group === group);
    return html`<tbody><tr><th scope="rowgroup" colspan="5" class="group">${wordFor('group', group, words)}</th></tr>${own.map(
      ({ name, facts }) => renderIndex(name, facts, model),
    )}</tbody>`;
  });
  return html`<div class="scroll"><table class="indices"><caption>${words.indicesCaption}</caption><thead><tr><th scope="col">${words.columnName}</th><th scope="col" class="number">${words.columnValue}</th><th scope="col">±</th><th scope="col">${words.columnUnit}</th><th scope="col">${words.columnMeaning}</th></tr></thead>${bodies}</table></div>`;
}

function renderIndex(name: string, { unit, plain }: IndexFacts, { hrv, hrvError }: AnalysisModel): Html {
  const value = hrv[name] ?? null;
  const error = formatError(hrvError[name] ?? null, value);
  return html`<tr><th scope="row"><code>${name}</code></th><td class="number">${formatIndex(value)}</td><td class="quiet nowrap">${error === null ? '' : `± ${error}`}</td><td class="unit">${unit}</td><td class="meaning">${plain}</td></tr>`;
}
